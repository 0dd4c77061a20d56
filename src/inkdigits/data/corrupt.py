"""An MNIST image, the name of a corruption and a generator in → the image corrupted out.

The fifteen corruptions of MNIST-C, drawn anew at their published strengths. They are there to
measure with; nothing is ever trained on them.

Source:
    Mu, Gilmer, "MNIST-C: A Robustness Benchmark for Computer Vision" (2019), and its code
    (github.com/google-research/mnist-c, corruptions.py). Where that code does something odd,
    so does this: the published figures were measured with it.
"""

import math
from collections.abc import Callable
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from inkdigits.data.edges import find_edges
from inkdigits.data.plasma import draw_plasma
from inkdigits.errors import SettingError
from inkdigits.sample import SIDE, Image

_Grey = NDArray[np.float64]
"""float64 (28, 28), 0 paper to 1 ink."""

_MIDDLE = (SIDE - 1) / 2
_TRUNCATE = 4.0
"""A Gaussian kernel reaches this many standard deviations, as in SciPy."""
_PHOTONS = 3
_IMPULSE_SHARE = 0.17
_GLASS_SIGMA, _GLASS_PASSES = 0.7, 2
_MOTION_RADIUS, _MOTION_SIGMA, _MOTION_DEG = 10, 3.0, 45.0
_ANGLE = 0.4  # rad, of rotate and shear
_SHRINK = 0.7
_BRIGHTER = 0.5
_SHIFT = 3
_STRIPE = 7
_FOG, _FOG_DECAY = 3.0, 1.4
_SPATTER_MEAN, _SPATTER_SPREAD, _SPATTER_LEVEL = 0.65, 0.3, 0.65
_MUD_SIGMA, _MUD_LEVEL, _MUD = 1.5, 0.8, 63 / 255
_LINE_REACH = 2.3
_ZIGZAG = 2.0  # length and height of one tooth


def corrupt(image: Image, name: str, rng: np.random.Generator) -> Image:
    """Corrupt one image.

    Args:
        image: uint8 (28, 28), 0 paper to 255 ink. Not changed.
        name: a key of `CORRUPTIONS`.
        rng: all randomness.

    Returns:
        A new uint8 (28, 28).

    Raises:
        SettingError: there is no corruption of this name.
    """
    if name not in CORRUPTIONS:
        raise SettingError("corruption", repr(name), ", ".join(CORRUPTIONS))
    changed = CORRUPTIONS[name](image.astype(np.float64) / 255, rng)
    return np.asarray(np.rint(np.clip(changed, 0, 1) * 255).astype(np.uint8))


def _shot_noise(grey: _Grey, rng: np.random.Generator) -> _Grey:
    return rng.poisson(grey * _PHOTONS) / _PHOTONS


def _impulse_noise(grey: _Grey, rng: np.random.Generator) -> _Grey:
    hit, salt = rng.random(grey.shape) < _IMPULSE_SHARE, rng.random(grey.shape) < 0.5
    return np.where(hit, salt.astype(np.float64), grey)


def _glass_blur(grey: _Grey, rng: np.random.Generator) -> _Grey:
    """Blur, swap pixels with the one to the left or above, blur.

    The original blurs along columns only: its library takes the last axis for colours.
    """
    values: list[int] = (_blur_columns(grey) * 255).astype(np.uint8).reshape(-1).tolist()
    size = (_GLASS_PASSES, SIDE, SIDE)
    swapped = (rng.random(size) < 0.5).tolist()
    steps = (rng.integers(0, 2, size) + SIDE * rng.integers(0, 2, size)).tolist()
    for turn in range(_GLASS_PASSES):
        for row in range(SIDE - 1, 1, -1):
            for column in range(SIDE - 1, 1, -1):
                if swapped[turn][row][column]:
                    here = row * SIDE + column
                    there = here - steps[turn][row][column]
                    values[here], values[there] = values[there], values[here]
    return _blur_columns(np.array(values, np.float64).reshape(SIDE, SIDE) / 255)


def _blur_columns(grey: _Grey) -> _Grey:
    kernel = cv2.getGaussianKernel(_kernel_size(_GLASS_SIGMA), _GLASS_SIGMA)
    return np.asarray(cv2.sepFilter2D(grey, -1, np.ones(1), kernel, borderType=_NEAREST))


def _motion_blur(grey: _Grey, rng: np.random.Generator) -> _Grey:
    """Smear to one side, as ImageMagick's motion blur does: half a Gaussian along a line."""
    angle = math.radians(rng.uniform(-_MOTION_DEG, _MOTION_DEG))
    along = np.arange(2 * _MOTION_RADIUS + 1)
    weight = np.exp(-0.5 * (along / _MOTION_SIGMA) ** 2)
    weight /= weight.sum()
    columns = np.ceil(along * math.cos(angle) - 0.5).astype(int)
    rows = np.ceil(along * math.sin(angle) - 0.5).astype(int)
    reach = len(along)
    kernel = np.zeros((2 * reach + 1, 2 * reach + 1))
    np.add.at(kernel, (reach + rows, reach + columns), weight)
    return np.asarray(cv2.filter2D(grey, -1, kernel, borderType=_NEAREST))


def _shear(grey: _Grey, rng: np.random.Generator) -> _Grey:
    angle = _sign(rng) * _ANGLE
    return _warp(grey, [[1, -math.sin(angle)], [0, math.cos(angle)]])


def _scale(grey: _Grey, _rng: np.random.Generator) -> _Grey:
    return _warp(grey, [[1 / _SHRINK, 0], [0, 1 / _SHRINK]])


def _rotate(grey: _Grey, rng: np.random.Generator) -> _Grey:
    angle = _sign(rng) * _ANGLE
    cos, sin = math.cos(angle), math.sin(angle)
    return _warp(grey, [[cos, -sin], [sin, cos]])


def _warp(grey: _Grey, matrix: list[list[float]]) -> _Grey:
    """Give each pixel the value at `matrix` times its place, seen from the middle."""
    inverse = np.array(matrix, np.float64)
    shift = _MIDDLE - inverse.sum(axis=1, keepdims=True) * _MIDDLE
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    whole = np.concatenate([inverse, shift], axis=1)
    return np.asarray(cv2.warpAffine(grey, whole, (SIDE, SIDE), flags=flags))


def _brightness(grey: _Grey, _rng: np.random.Generator) -> _Grey:
    return grey + _BRIGHTER


def _translate(grey: _Grey, rng: np.random.Generator) -> _Grey:
    down, right = _SHIFT * _sign(rng), _SHIFT * _sign(rng)
    room = np.pad(grey, _SHIFT)
    top, left = _SHIFT - down, _SHIFT - right
    return room[top : top + SIDE, left : left + SIDE]


def _stripe(grey: _Grey, _rng: np.random.Generator) -> _Grey:
    inverted = grey.copy()
    inverted[:, :_STRIPE] = 1 - grey[:, :_STRIPE]
    inverted[:, -_STRIPE:] = 1 - grey[:, -_STRIPE:]
    return inverted


def _fog(grey: _Grey, rng: np.random.Generator) -> _Grey:
    most = grey.max()
    foggy = grey + _FOG * draw_plasma(rng, _FOG_DECAY)[:SIDE, :SIDE]
    return np.asarray(foggy * most / (most + _FOG))


def _spatter(grey: _Grey, rng: np.random.Generator) -> _Grey:
    drops = _blur(rng.normal(_SPATTER_MEAN, _SPATTER_SPREAD, grey.shape), 1.0) > _SPATTER_LEVEL
    mud = _blur(drops.astype(np.float64), _MUD_SIGMA)
    mud[mud < _MUD_LEVEL] = 0
    return grey * (1 - mud) + _MUD * mud


def _blur(grey: _Grey, sigma: float) -> _Grey:
    size = _kernel_size(sigma)
    return np.asarray(cv2.GaussianBlur(grey, (size, size), sigma, borderType=_NEAREST))


def _dotted_line(grey: _Grey, rng: np.random.Generator) -> _Grey:
    first, last = rng.integers(0, SIDE - 1, 2)
    line = _line((0.0, float(first)), (SIDE - 1.0, float(last)))
    line[:, np.arange(SIDE) // 2 % 2 == 0] = 0
    return grey + line


def _zigzag(grey: _Grey, rng: np.random.Generator) -> _Grey:
    left, width = 2.0, SIDE - 5.0
    top = float(rng.integers(0, SIDE - 1))
    angle = math.atan(int(rng.integers(-5, 5)) / width)
    length, tooth = width / math.cos(angle), 2 * _ZIGZAG
    teeth = int((length - _ZIGZAG) // tooth) + 1
    points = [(0.0, 0.0)]
    points += [((2 * i + 1) * _ZIGZAG, (-1) ** i * _ZIGZAG) for i in range(teeth)]
    rest = length % tooth
    if rest:
        points.append((length, points[-1][1] / (2 * rest)))
    cos, sin = math.cos(angle), math.sin(angle)
    turned = [(cos * x - sin * y + left, sin * x + cos * y + top) for x, y in points]
    drawn = grey
    for start, end in pairwise(turned):
        drawn = np.clip(drawn + _line(start, end), 0, 1)
    return drawn


def _line(start: tuple[float, float], end: tuple[float, float]) -> _Grey:
    """Draw a soft line from x, y to x, y. Its thickness is measured along the column."""
    columns, rows = np.arange(SIDE)[None, :], np.arange(SIDE)[:, None]
    slope = (end[1] - start[1]) / (end[0] - start[0])
    far = np.abs(rows - start[1] - slope * (columns - start[0]))
    line = np.log1p(-np.clip(far, 0, _LINE_REACH - 1e-10) / _LINE_REACH) + 1
    inside = (columns >= math.floor(start[0])) & (columns < math.ceil(end[0]))
    return np.where(inside, np.clip(line, 0, 1), 0)


def _canny_edges(grey: _Grey, _rng: np.random.Generator) -> _Grey:
    return find_edges(grey).astype(np.float64)


def _sign(rng: np.random.Generator) -> int:
    return int(rng.integers(0, 2)) * 2 - 1


def _kernel_size(sigma: float) -> int:
    return 2 * int(_TRUNCATE * sigma + 0.5) + 1


_NEAREST = cv2.BORDER_REPLICATE
CORRUPTIONS: dict[str, Callable[[_Grey, np.random.Generator], _Grey]] = {
    "shot_noise": _shot_noise,
    "impulse_noise": _impulse_noise,
    "glass_blur": _glass_blur,
    "motion_blur": _motion_blur,
    "shear": _shear,
    "scale": _scale,
    "rotate": _rotate,
    "brightness": _brightness,
    "translate": _translate,
    "stripe": _stripe,
    "fog": _fog,
    "spatter": _spatter,
    "dotted_line": _dotted_line,
    "zigzag": _zigzag,
    "canny_edges": _canny_edges,
}
"""The fifteen of MNIST-C by name; what goes beyond 0 or 1 is cut off by `corrupt`."""
