"""A picture of one line of writing in → the ink of that line, level and without lines and dust, out."""

import cv2
import numpy as np
from numpy.typing import NDArray

from inkdigits.errors import BlankImage
from inkdigits.image.glyphs import Glyph
from inkdigits.image.ink import find_ink
from inkdigits.sample import Box, Image, Ink

_LONG = 0.4  # of the width: a thin level run of ink as long as this is a printed line
_DUST = 0.003  # of the tallest component's height squared
_EDGE = 0.25  # of it: lower, and cut by the upper or lower border, belongs to another line


def cut_row(image: Image) -> tuple[Glyph, float]:
    """Cut the one line of writing out of a picture.

    Returns:
        Its ink and its box in px of the whole ink, and the size of the ink relative to the image.

    Raises:
        BlankImage: there is no ink.
    """
    ink = find_ink(image)
    clean = _without_dust(_level(_without_lines(ink)))
    rows, columns = np.flatnonzero(clean.any(axis=1)), np.flatnonzero(clean.any(axis=0))
    if not len(rows):
        raise BlankImage
    box = Box(int(columns[0]), int(rows[0]), int(np.ptp(columns)) + 1, int(np.ptp(rows)) + 1)
    row = clean[box.top : box.top + box.height, box.left : box.left + box.width]
    return Glyph(np.ascontiguousarray(row), box), ink.shape[1] / image.shape[1]


def _without_lines(ink: Ink) -> Ink:
    drawn = (ink > 0).astype(np.uint8)
    height, width = drawn.shape
    run = np.ones((1, max(15, int(_LONG * width))), np.uint8)
    found = cv2.morphologyEx(cv2.dilate(drawn, np.ones((2, 1), np.uint8)), cv2.MORPH_OPEN, run)
    if not found.any():
        return ink
    thick = max(3, int(0.07 * height)) + 2
    upright = cv2.morphologyEx(drawn, cv2.MORPH_OPEN, np.ones((thick, 1), np.uint8))
    line = cv2.dilate(found, np.ones((3, 1), np.uint8)) > 0
    return np.where(line & (upright == 0), np.float32(0), ink)


def _level(ink: Ink) -> Ink:
    """Shear the line upright so that what is written neither rises nor falls."""
    ys, xs = np.nonzero(ink)
    if len(xs) < 8 or np.ptp(xs) < 3 * np.ptp(ys) / (1 + 0.1 * np.ptp(xs) / max(1, np.ptp(ys))):
        return ink
    slope = float(np.polyfit(xs, ys, 1)[0])
    if abs(slope) < 0.02 or abs(slope) > 0.25:
        return ink
    height, width = ink.shape
    lift = abs(slope) * width
    matrix = np.array([[1, 0, 0], [-slope, 1, slope * width if slope > 0 else 0]])
    size = width, int(np.ceil(height + lift))
    return np.asarray(cv2.warpAffine(ink, matrix, size), np.float32)


def _without_dust(ink: Ink) -> Ink:
    count, labels, stats, _ = cv2.connectedComponentsWithStats((ink > 0).astype(np.uint8))
    if count < 2:
        return ink
    tall = int(stats[1:, cv2.CC_STAT_HEIGHT].max())
    keep = stats[:, cv2.CC_STAT_AREA] >= max(3, _DUST * tall * tall)
    top = stats[:, cv2.CC_STAT_TOP]
    cut = (top == 0) | (top + stats[:, cv2.CC_STAT_HEIGHT] >= ink.shape[0])
    keep &= ~(cut & (stats[:, cv2.CC_STAT_HEIGHT] < _EDGE * tall))
    keep[0] = False
    mask: NDArray[np.bool_] = keep[labels]
    return np.asarray(ink * mask, np.float32)
