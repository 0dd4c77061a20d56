"""A row's ink → other views of the same writing: upright, and wider.

What is read the same in all views is right more often than what one view alone says.
"""

import cv2
import numpy as np

from inkdigits.sample import Ink

_STRETCH = 1.2
_PALEST = 0.02  # ink that resampling leaves on paper


def upright(ink: Ink, slant: float) -> Ink:
    """Give a row as it would look with upright strokes.

    Args:
        ink: of a `Row`. float32 (h, w), 0 paper to 1 ink.
        slant: of its strokes, px to the right for each px up, as `Pieces.slant`.

    Returns:
        float32 (h, w'), 0 paper to 1 ink.
    """
    height, width = ink.shape
    room = int(abs(slant) * height) + 1
    shift = (room - slant * height) / 2
    matrix = np.array([[1, slant, shift], [0, 1, 0]], np.float64)
    moved = cv2.warpAffine(ink, matrix, (width + room, height), flags=cv2.INTER_LINEAR)
    return np.asarray(np.where(moved > _PALEST, moved, 0), np.float32)


def wider(ink: Ink) -> Ink:
    """Give a row, shaped as for `upright`, as it would look written wider."""
    size = max(1, round(_STRETCH * ink.shape[1])), ink.shape[0]
    return np.asarray(cv2.resize(ink, size, interpolation=cv2.INTER_LINEAR), np.float32)
