"""A small picture whose pixels were spoiled in → the same without salt, pepper and bands out.

On 28 px a single wrong pixel is as large as a stroke is wide, so that neither the size of a
component nor a blur tells dirt from ink. On larger pictures both do.
"""

from functools import lru_cache
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from inkdigits.image.paper import Pixels, border_of, median_of, one_tone

_SINGLES = 0.015  # of all pixels stand alone: no drawing has so many dots of one pixel
_APART = 0.4  # of the picture's range: what differs by so much from its surroundings is spoiled
_FLIPPED = 0.75  # of a column's pixels change across the edge of a band
_CLEAR = 0.9  # of the border is of one colour where nothing but a digit is drawn
_MIDDLE = 16
_ALONE = np.array(((1, 1, 1), (1, _MIDDLE, 1), (1, 1, 1)), np.float32)
"""Gives `_MIDDLE` where a pixel is marked and none of its eight neighbours is."""
_BANDS = 0.3  # of the picture is in either colour of band at least: a stem is narrower


def mended(pixels: Pixels) -> Pixels:
    """Repair a small picture, or give it back as it is, which is nearly always.

    Args:
        pixels: uint8 (H, W, C), of some 28 px.

    Returns:
        uint8, the same shape.
    """
    grey = pixels[:, :, 0] if pixels.shape[2] == 1 else pixels.mean(axis=2)
    low, high, _, _ = cv2.minMaxLoc(grey)
    if high - low < 32:
        return pixels
    pixels = _without_specks(pixels, grey > low + (high - low) / 2, high - low)
    if _border_of_one_colour(pixels, high - low):
        return pixels
    pixels = _without_bands(pixels, high - low)
    turned = _without_bands(pixels.transpose(1, 0, 2), high - low)
    return np.ascontiguousarray(turned.transpose(1, 0, 2))


def _without_specks(pixels: Pixels, light: NDArray[np.bool_], span: float) -> Pixels:
    """Replace what differs from the median around it, where a shower of pixels fell."""
    if _singles(light) < _SINGLES * light.size:
        return pixels
    around = cv2.medianBlur(np.ascontiguousarray(pixels), 3).reshape(pixels.shape)
    apart = np.abs(pixels.astype(np.float32) - around).max(axis=2, keepdims=True)
    return np.where(apart > _APART * span, around, pixels)


def _singles(marked: NDArray[np.bool_]) -> int:
    """How many pixels are marked and have no marked neighbour, or are the only one not marked."""
    around = cv2.filter2D(marked.view(np.uint8), -1, _ALONE, borderType=cv2.BORDER_CONSTANT)
    return int(np.count_nonzero((around == _MIDDLE) | (around == _neighbours(marked.shape))))


@lru_cache(maxsize=64)
def _neighbours(shape: tuple[int, int]) -> NDArray[np.uint8]:
    """How many neighbours each pixel has: 8, at the border 5, in a corner 3."""
    around = cv2.filter2D(np.ones(shape, np.uint8), -1, _ALONE, borderType=cv2.BORDER_CONSTANT)
    return np.asarray(around, np.uint8) - np.uint8(_MIDDLE)


def _without_bands(pixels: Pixels, span: float) -> Pixels:
    """Invert every second band between upright edges across which nearly all pixels change.

    A digit on a striped ground changes its colour with the ground. The stem of a 1 or a 9 has
    such edges too; but the border of its picture is paper, while that of a banded one becomes
    paper all around only when the bands are gone.
    """
    if _border_of_one_colour(pixels, span):
        return pixels
    change = np.abs(np.diff(pixels.astype(np.float32), axis=1)).max(axis=2) > _APART * span
    edges = change.mean(axis=0) >= _FLIPPED
    if not edges.any():
        return pixels
    odd = np.concatenate(([False], np.cumsum(edges) % 2 == 1))
    if not _BANDS <= odd.mean() <= 1 - _BANDS:
        return pixels
    low, high = pixels.min(axis=(0, 1)), pixels.max(axis=(0, 1))
    negative = np.clip(low.astype(np.int16) + high - pixels, 0, 255).astype(np.uint8)
    turned = np.where(odd[None, :, None], negative, pixels)
    clear = _border_of_one_colour(turned, span) and np.ptp(turned) > _APART * span
    return turned if clear else pixels


def _border_of_one_colour(pixels: Pixels, span: float) -> bool:
    border: NDArray[Any] = border_of(pixels)
    if one_tone(border, _APART * span) is not None:
        return True
    border = border[:, 0] if border.shape[1] == 1 else border.mean(axis=1)
    near = np.abs(border - median_of(border)) <= _APART * span
    return bool(np.count_nonzero(near) >= _CLEAR * near.size)
