"""A batch of samples in → the same digits out, written a little differently.

This is the light work after the image line, done anew in every epoch. The whole batch is
one tall column of tiles, so that each step is one call for all samples.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from inkdigits.sample import SIDE, Samples, check_samples

_MARGIN = 2
"""A neighbouring tile reaches this far: 1 px by the stroke width, 1 px by the blur."""
_TILE = SIDE + 2 * _MARGIN
_FRAME = 4
_SOURCE = SIDE + 2 * _FRAME
_CHUNK = 512
"""Samples at once: cv2.remap allows sides below 32,767 px, and caches like less."""
_NODES = 5
_WIDTH_OF_A_NODE = 5.5

_Column = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Augmentation:
    """How much, and how often. Lengths in px of a sample; shares are probabilities, 0 to 1."""

    affine_share: float = 0.9
    rotation_deg: float = 12.0
    shear: float = 0.3
    scale_low: float = 0.85
    scale_high: float = 1.15
    shift: float = 1.5
    elastic_share: float = 0.7
    elastic: float = 1.0
    thickness_share: float = 0.5
    thicker: float = 0.9
    thinner: float = 0.7
    tone_share: float = 0.5
    curve: float = 0.7
    contrast_high: float = 2.0
    intensity_low: float = 0.7
    blur_share: float = 0.25
    erase_share: float = 0.15
    erase_high: float = 3.5
    speck_share: float = 0.15
    noise_share: float = 0.15
    noise_high: float = 0.1


def augment_batch(
    samples: Samples, rng: np.random.Generator, how: Augmentation | None = None
) -> Samples:
    """Vary a batch: geometry, stroke width, tone, blur, small gaps, specks and noise.

    Args:
        samples: float32 (N, 28, 28), 0 paper to 1 ink. Not changed.
        rng: all randomness; the same state gives the same result.
        how: strength and frequency of each variation; the defaults where None.

    Returns:
        A new array, float32 (N, 28, 28), 0 paper to 1 ink.

    Raises:
        SampleError: `samples` are none.

    Source:
        Simard, Steinkraus, Platt, "Best Practices for Convolutional Neural Networks"
        (2003), for affine and elastic distortions of digits.
    """
    how = how or Augmentation()
    batch = check_samples(samples)
    varied = np.empty_like(batch)
    for start in range(0, len(batch), _CHUNK):
        part = slice(start, start + _CHUNK)
        varied[part] = _vary(batch[part], rng, how)
    return varied


def _vary(batch: Samples, rng: np.random.Generator, how: Augmentation) -> Samples:
    tiles = _bend(batch, rng, how)
    tiles = _change_thickness(tiles, rng, how)
    tiles = _change_tone(tiles, rng, how)
    tiles = _blur(tiles, rng, how)
    _erase(tiles, rng, how)
    _drop_specks(tiles, rng, how)
    _add_noise(tiles, rng, how)
    inner = tiles[:, _MARGIN:-_MARGIN, _MARGIN:-_MARGIN]
    return np.clip(inner, 0.0, 1.0)


def _basis() -> NDArray[np.float32]:
    """Give the columns 1, x, y and the bumps of the elastic grid, (3 + nodes, pixels)."""
    axis = np.arange(_TILE, dtype=np.float32) - (_TILE - 1) / 2
    y, x = np.meshgrid(axis, axis, indexing="ij")
    nodes = np.linspace(axis[0], axis[-1], _NODES)
    bump = np.exp(-0.5 * ((axis[None] - nodes[:, None]) / _WIDTH_OF_A_NODE) ** 2)
    bumps = np.einsum("iy,jx->ijyx", bump, bump).reshape(_NODES * _NODES, -1)
    plane = np.stack([np.ones_like(x), x, y]).reshape(3, -1)
    return np.concatenate([plane, bumps]).astype(np.float32)


_BASIS = _basis()


def _bend(batch: Samples, rng: np.random.Generator, how: Augmentation) -> _Column:
    """Shift, turn, shear, scale and warp: one matrix product makes all maps, one remap draws."""
    count = len(batch)
    weights = np.empty((2, count, len(_BASIS)), np.float32)
    weights[:, :, :3] = _affine_weights(count, rng, how)
    bumps = rng.normal(0.0, how.elastic, (2, count, _NODES * _NODES))
    weights[:, :, 3:] = bumps * _chosen(count, how.elastic_share, rng)[:, None]
    # Source positions are clipped into their own tile, so that no neighbour is drawn.
    maps = np.clip(weights.reshape(-1, len(_BASIS)) @ _BASIS, -SIDE / 2 - 2, SIDE / 2 + 2)
    x, y = maps.reshape(2, count, _TILE, _TILE)
    x += (_SOURCE - 1) / 2
    y += (_SOURCE - 1) / 2 + np.arange(count, dtype=np.float32)[:, None, None] * _SOURCE
    column = np.pad(batch, ((0, 0), (_FRAME, _FRAME), (_FRAME, _FRAME))).reshape(-1, _SOURCE)
    flat = (count * _TILE, _TILE)
    drawn = cv2.remap(column, x.reshape(flat), y.reshape(flat), cv2.INTER_LINEAR)
    return np.asarray(drawn, np.float32).reshape(count, _TILE, _TILE)


def _affine_weights(count: int, rng: np.random.Generator, how: Augmentation) -> NDArray[np.float64]:
    """Give the weights of 1, x, y for the source's x and y, (2, count, 3)."""
    some = _chosen(count, how.affine_share, rng)
    angle = np.radians(rng.uniform(-how.rotation_deg, how.rotation_deg, count)) * some
    shear = rng.uniform(-how.shear, how.shear, count) * some
    low, high = np.log(how.scale_low), np.log(how.scale_high)
    scale_x, scale_y = np.exp(-rng.uniform(low, high, (2, count)) * some)
    shift_x, shift_y = rng.uniform(-how.shift, how.shift, (2, count)) * some
    cos, sin = np.cos(angle), np.sin(angle)
    to_x = np.stack([shift_x, scale_x * (cos + shear * sin), scale_x * (shear * cos - sin)])
    to_y = np.stack([shift_y, scale_y * sin, scale_y * cos])
    return np.stack([to_x, to_y]).transpose(0, 2, 1)


def _change_thickness(tiles: _Column, rng: np.random.Generator, how: Augmentation) -> _Column:
    change = rng.uniform(-how.thinner, how.thicker, len(tiles))
    change *= _chosen(len(tiles), how.thickness_share, rng)
    weight = change.astype(np.float32)[:, None, None]
    column = tiles.reshape(-1, _TILE)
    cross = cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3))
    thick = cv2.dilate(column, cross).reshape(tiles.shape)
    thin = cv2.erode(column, cross).reshape(tiles.shape)
    changed = np.where(weight > 0, weight * (thick - tiles), weight * (tiles - thin))
    return np.asarray(tiles + changed, np.float32)


def _change_tone(tiles: _Column, rng: np.random.Generator, how: Augmentation) -> _Column:
    count = len(tiles)
    some = _chosen(count, how.tone_share, rng)
    curve = (rng.uniform(-how.curve, how.curve, count) * some).astype(np.float32)
    contrast = how.contrast_high ** (rng.uniform(0, 1, count) * some)
    top = 1 - rng.uniform(0, 1 - how.intensity_low, count) * some
    slope, middle = contrast.astype(np.float32)[:, None, None], np.float32(0.5)
    # x + c x (1 - x) rises for |c| <= 1, as a gamma does, at a tenth of its cost.
    toned = tiles + curve[:, None, None] * (tiles * (1 - tiles))
    toned = np.clip((toned - middle) * slope + middle, 0, 1)
    return np.asarray(toned * top.astype(np.float32)[:, None, None], np.float32)


def _blur(tiles: _Column, rng: np.random.Generator, how: Augmentation) -> _Column:
    weight = rng.uniform(0.2, 1, len(tiles)) * _chosen(len(tiles), how.blur_share, rng)
    soft = cv2.GaussianBlur(tiles.reshape(-1, _TILE), (3, 3), 1.0).reshape(tiles.shape)
    return np.asarray(tiles + weight.astype(np.float32)[:, None, None] * (soft - tiles))


def _erase(tiles: _Column, rng: np.random.Generator, how: Augmentation) -> None:
    """Leave a band or a short gap of the digit blank, as a dry pen or a crease does."""
    which = np.flatnonzero(_chosen(len(tiles), how.erase_share, rng))
    angle, across, along = rng.uniform(0, np.pi, len(which)), *rng.uniform(-8, 8, (2, len(which)))
    half = rng.uniform(0.5, how.erase_high / 2, len(which))
    length = np.where(rng.uniform(size=len(which)) < 0.3, _TILE, half * 1.5)
    x, y = _BASIS[1], _BASIS[2]
    cos, sin = np.cos(angle)[:, None], np.sin(angle)[:, None]
    gap = np.abs(cos * x + sin * y - across[:, None]) <= half[:, None]
    gap &= np.abs(cos * y - sin * x - along[:, None]) <= length[:, None]
    tiles[which] *= ~gap.reshape(-1, _TILE, _TILE)


def _drop_specks(tiles: _Column, rng: np.random.Generator, how: Augmentation) -> None:
    """Set one to three pixels to any value: dust on the paper, holes in the ink."""
    which = np.flatnonzero(_chosen(len(tiles), how.speck_share, rng))
    which = np.repeat(which, rng.integers(1, 4, len(which)))
    row, column = rng.integers(_MARGIN, _TILE - _MARGIN, (2, len(which)))
    tiles[which, row, column] = rng.uniform(0, 1, len(which))


def _add_noise(tiles: _Column, rng: np.random.Generator, how: Augmentation) -> None:
    which = np.flatnonzero(_chosen(len(tiles), how.noise_share, rng))
    noise = rng.standard_normal((len(which), _TILE, _TILE), dtype=np.float32)
    tiles[which] += noise * rng.uniform(0, how.noise_high, (len(which), 1, 1)).astype(np.float32)


def _chosen(count: int, share: float, rng: np.random.Generator) -> NDArray[np.bool_]:
    return rng.uniform(size=count) < share
