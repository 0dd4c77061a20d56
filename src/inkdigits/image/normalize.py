"""Glyph's ink → sample: MNIST's exact geometry."""

import cv2
import numpy as np

from inkdigits.errors import BlankImage
from inkdigits.sample import SIDE, Ink, Sample

GLYPH_SIDE = 20
SMALLEST_SQUARE = 10


def to_sample(ink: Ink) -> Sample:
    """Fit one glyph into a sample the way MNIST was made.

    The longest side becomes 20 px by area averaging, proportions stay, the darkest pixel
    becomes 1, and the centre of mass goes to the centre, as far as the edges allow.

    Args:
        ink: one glyph. Shape (H, W), 0 paper to 1 ink; empty margins are cropped away.

    Returns:
        Shape (28, 28), float32, 0 paper to 1 ink.

    Raises:
        BlankImage: nothing is left of `ink` at this size.

    Source:
        LeCun, Cortes, Burges, "The MNIST database"; Yadav and Bottou, "Cold Case:
        The Lost MNIST Digits" (2019), for the exact resampling and centring.
    """
    small = _resample(_square(cropped(ink)))
    peak = float(small.max())
    if peak <= 0:
        raise BlankImage
    return _centre(small / peak)


def cropped(ink: Ink) -> Ink:
    """Leave empty margins away.

    Raises:
        BlankImage: there is no ink.
    """
    left, top, width, height = cv2.boundingRect((ink > 0).view(np.uint8))
    if not width:
        raise BlankImage
    return ink[top : top + height, left : left + width]


def _square(ink: Ink) -> Ink:
    """Centre the glyph in a square as large as its longer side, 10 px at least."""
    height, width = ink.shape
    side = max(height, width, SMALLEST_SQUARE)
    if height == width == side:
        return ink
    square = np.zeros((side, side), dtype=np.float32)
    top, left = (side - height) // 2, (side - width) // 2
    square[top : top + height, left : left + width] = ink
    return square


def _resample(square: Ink) -> Ink:
    if square.shape[0] == GLYPH_SIDE:
        return square
    how = cv2.INTER_AREA if square.shape[0] > GLYPH_SIDE else cv2.INTER_LINEAR
    small = cv2.resize(square, (GLYPH_SIDE, GLYPH_SIDE), interpolation=how)
    return np.asarray(small, dtype=np.float32)


def _centre(small: Ink) -> Sample:
    """Place 20×20 in 28×28 by whole px, the centre of mass ending in (14, 15] - 0.5."""
    total = float(small.sum())
    places = np.arange(GLYPH_SIDE) + 0.5
    row = float(small.sum(axis=1) @ places) / total
    column = float(small.sum(axis=0) @ places) / total
    top, left = (min(max(int(15 - centre), 0), SIDE - GLYPH_SIDE) for centre in (row, column))
    sample = np.zeros((SIDE, SIDE), dtype=np.float32)
    sample[top : top + GLYPH_SIDE, left : left + GLYPH_SIDE] = small
    return sample
