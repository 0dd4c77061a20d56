"""A strip in → the same writing out, a little different: the light work anew in every epoch."""

from dataclasses import dataclass

import cv2
import numpy as np

from inkdigits.image.strip import MAX_WIDTH
from inkdigits.sample import STRIP_HEIGHT, Strip

_Rng = np.random.Generator
_NODE = 8  # px between the nodes of the elastic grid


@dataclass(frozen=True, slots=True)
class StripAugmentation:
    """How much, and how often. Lengths in px of a strip; shares are probabilities, 0 to 1."""

    affine_share: float = 0.9
    shear: float = 0.25
    rotation_deg: float = 1.5
    stretch_high: float = 1.25
    scale_high: float = 1.15
    shift: float = 1.5
    elastic_share: float = 0.7
    elastic: float = 0.8
    thickness_share: float = 0.5
    thicker: float = 0.8
    thinner: float = 0.7
    tone_share: float = 0.4
    blur_share: float = 0.2
    erase_share: float = 0.2
    erase_high: float = 3.0
    line_share: float = 0.12
    speck_share: float = 0.2
    noise_share: float = 0.15
    noise_high: float = 0.12


def vary_strip(strip: Strip, rng: _Rng, how: StripAugmentation) -> Strip:
    """Vary one strip: geometry, stroke width, tone, blur, gaps, rests of lines, specks, noise.

    Args:
        strip: float32 (32, W), 0 paper to 1 ink. Not changed.
        rng: all randomness; the same state gives the same result.
        how: strength and frequency of each variation.

    Returns:
        float32 (32, W'), 0 paper to 1 ink; W' is a multiple of 4.
    """
    varied = _bend(strip, rng, how)
    if rng.random() < how.thickness_share:
        varied = _thickness(varied, rng.uniform(-how.thinner, how.thicker))
    if rng.random() < how.tone_share:
        varied = _toned(varied, rng)
    if rng.random() < how.blur_share:
        blurred = cv2.GaussianBlur(varied, (3, 3), rng.uniform(0.4, 1.0))
        varied = np.asarray(blurred, np.float32)
    _spoil(varied, rng, how)
    return np.clip(varied, 0, 1)


def _bend(strip: Strip, rng: _Rng, how: StripAugmentation) -> Strip:
    """Stretch, shear, turn and warp in one remap; the strip becomes as wide as it must."""
    stretch, scale, shear, turn, shift = 1.0, 1.0, 0.0, 0.0, 0.0
    if rng.random() < how.affine_share:
        stretch = how.stretch_high ** rng.uniform(-1, 1)
        scale = how.scale_high ** rng.uniform(-1, 1)
        shear = rng.uniform(-how.shear, how.shear)
        turn = np.radians(rng.uniform(-how.rotation_deg, how.rotation_deg))
        shift = rng.uniform(-how.shift, how.shift)
    before = strip.shape[1]
    wide = before * stretch + 10 * abs(shear)
    width = int(min(MAX_WIDTH, -(-wide // 4) * 4))
    y, x = np.mgrid[:STRIP_HEIGHT, :width].astype(np.float32)
    y -= (STRIP_HEIGHT - 1) / 2
    x -= (width - 1) / 2
    flat = max(1.0, width / (4 * STRIP_HEIGHT))  # a long line turns less than a short one
    to_x = (x + shear * y) * (before / min(wide, width)) + (before - 1) / 2
    to_y = (y + (turn / flat) * x + shift) / scale + (STRIP_HEIGHT - 1) / 2
    if rng.random() < how.elastic_share:
        nodes = STRIP_HEIGHT // _NODE + 1, width // _NODE + 1
        grids = rng.normal(0, how.elastic, (2, *nodes)).astype(np.float32)
        to_x = to_x + cv2.resize(grids[0], (width, STRIP_HEIGHT), interpolation=cv2.INTER_CUBIC)
        to_y = to_y + cv2.resize(grids[1], (width, STRIP_HEIGHT), interpolation=cv2.INTER_CUBIC)
    drawn = cv2.remap(strip, to_x.astype(np.float32), to_y.astype(np.float32), cv2.INTER_LINEAR)
    return np.asarray(drawn, np.float32)


def _thickness(strip: Strip, change: float) -> Strip:
    cross = cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3))
    changed = cv2.dilate(strip, cross) if change > 0 else cv2.erode(strip, cross)
    return np.asarray(strip + abs(change) * (changed - strip), np.float32)


def _toned(strip: Strip, rng: _Rng) -> Strip:
    toned = np.clip((strip - 0.5) * rng.uniform(0.8, 2.5) + rng.uniform(0.4, 0.7), 0, 1)
    return np.asarray(np.where(toned > 0.12, toned, 0) * rng.uniform(0.7, 1), np.float32)


def _spoil(strip: Strip, rng: _Rng, how: StripAugmentation) -> None:
    width = strip.shape[1]
    for _ in range(int(rng.integers(1, 2 + width // 60)) * (rng.random() < how.erase_share)):
        side = rng.uniform(1, how.erase_high, 2)
        top, left = int(rng.integers(0, STRIP_HEIGHT)), int(rng.integers(0, width))
        strip[top : top + round(side[0]), left : left + round(side[1])] = 0
    if rng.random() < how.line_share:
        y, ends = int(rng.integers(0, STRIP_HEIGHT)), np.sort(rng.integers(0, width, 2))
        part = strip[y : y + int(rng.integers(1, 4)), ends[0] : ends[1]]
        np.maximum(part, np.float32(rng.uniform(0.3, 1)) * (rng.random(part.shape) < 0.8), out=part)
    for _ in range(int(rng.integers(1, 5)) * (rng.random() < how.speck_share)):
        top, left = int(rng.integers(0, STRIP_HEIGHT)), int(rng.integers(0, width))
        strip[top : top + int(rng.integers(1, 3)), left : left + int(rng.integers(1, 3))] = (
            rng.random()
        )
    if rng.random() < how.noise_share:
        strip += rng.standard_normal(strip.shape, np.float32) * rng.uniform(0, how.noise_high)
