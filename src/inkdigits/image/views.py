"""A row's ink → other views of the same writing: upright, and wider.

What is read the same in all views is right more often than what one view alone says.
"""

import cv2
import numpy as np

from inkdigits.sample import Ink

_STRETCH = 1.2
_PALEST = 0.02  # ink that resampling leaves on paper


def other_views(ink: Ink, slant: float) -> tuple[Ink, Ink]:
    """Give a row as it would look had it been written otherwise.

    Args:
        ink: of a `Row`. float32 (h, w), 0 paper to 1 ink.
        slant: of its strokes, px to the right for each px up, as `Pieces.slant`.

    Returns:
        The row with upright strokes, and the row made wider; float32 (h, w') each.
    """
    return _upright(ink, slant), _wider(ink)


def _upright(ink: Ink, slant: float) -> Ink:
    height, width = ink.shape
    room = int(abs(slant) * height) + 1
    shift = (room - slant * height) / 2
    matrix = np.array([[1, slant, shift], [0, 1, 0]], np.float64)
    moved = cv2.warpAffine(ink, matrix, (width + room, height), flags=cv2.INTER_LINEAR)
    return np.asarray(np.where(moved > _PALEST, moved, 0), np.float32)


def _wider(ink: Ink) -> Ink:
    size = max(1, round(_STRETCH * ink.shape[1])), ink.shape[0]
    return np.asarray(cv2.resize(ink, size, interpolation=cv2.INTER_LINEAR), np.float32)
