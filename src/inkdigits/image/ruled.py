"""Ink of a page → the same without printed lines: ruled or squared paper, underlines.

A printed line runs straight from one side of the picture to the other and is thin. A stroke
seldom does the first; where one does, the rest of the digit is as thick as it is.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from inkdigits.image.strokes import stroke_width
from inkdigits.sample import Ink

Mask = NDArray[np.uint8]

_MIN_SIDE = 100  # px: on less, a line cannot be told from a stroke
_SPAN = 0.8  # of the picture's side that a printed line crosses at least
_VOTES = 0.6 * _SPAN  # of that side: so many px lie along one line
_THETA = np.pi / 360  # rad: the step between the slopes that are looked at
_ROUNDED = 2  # px that turning the picture may move from one line to the next
_MOST_INK, _MOST_INK_PX = 0.3, 120_000  # of all px, and px: a page with lines has less ink
_GAP = 0.06  # of that side: a longer one ends the line
_MAX_SLOPE = 0.12  # about 7°: a page is photographed roughly upright
_MAX_THICKNESS = 0.02  # of the longer side
_THIN = 0.7  # of the stroke width: a single line that is thicker may be a stroke
_MIN_REST = 0.1  # of the ink must remain: otherwise the lines were the drawing


def remove_ruled_lines(ink: Ink) -> Ink:
    """Take printed lines out, and leave the strokes that cross them.

    Args:
        ink: float32 (H, W), exactly 0 on paper.

    Returns:
        The same shape. The very same array where there is no printed line.
    """
    if min(ink.shape) < _MIN_SIDE:
        return ink
    drawn = np.ascontiguousarray(ink > 0).view(np.uint8)
    lines = _printed_lines(drawn)
    if not len(lines):
        return ink
    printed, thickness = _line_pixels(drawn, lines)
    rest = np.where(printed > 0, np.float32(0), ink)
    if not _are_printed(ink, rest, (len(lines), thickness)):
        return ink
    return np.asarray(rest, np.float32)


def _printed_lines(drawn: Mask) -> NDArray[np.int32]:
    """Straight lines across the picture, (N, 4): x1, y1, x2, y2. At most one per line drawn."""
    height, width = drawn.shape
    found = []
    for length, axis in ((width, 0), (height, 1)):
        if not _may_cross(drawn, axis) or not _may_be_straight(drawn, axis):
            continue
        candidates = cv2.HoughLinesP(
            drawn,
            rho=1,
            theta=_THETA,
            threshold=round(_VOTES * length),
            minLineLength=_SPAN * length,
            maxLineGap=_GAP * length,
        )
        if candidates is not None:
            lines = np.asarray(candidates, np.int32).reshape(-1, 4)
            found.append(_apart(lines, axis))
    return np.concatenate(found) if found else np.zeros((0, 4), np.int32)


def _may_cross(drawn: Mask, axis: int) -> bool:
    """Whether ink goes on, but for gaps, as far as a line along `axis` must.

    Sideways it may be anywhere. Of most pictures that says there is none, for a tenth of the
    time that looking for lines takes.
    """
    length = drawn.shape[1 - axis]
    places = np.flatnonzero(cv2.reduce(drawn, axis, cv2.REDUCE_MAX))
    ends = np.flatnonzero(np.diff(places) > _GAP * length + 2)
    first = np.concatenate((places[:1], places[ends + 1]))
    last = np.concatenate((places[ends], places[-1:]))
    return bool((last - first >= _SPAN * length - 1).any())


def _may_be_straight(drawn: Mask, axis: int) -> bool:
    """Whether so much ink lies along one line that runs along `axis` as a printed one must have.

    Only lines that are nearly level, or upright, are asked for. Of noise that says there is none,
    for a tenth of the time that following lines takes.
    """
    if np.count_nonzero(drawn) > min(_MOST_INK * drawn.size, _MOST_INK_PX):
        return False
    turned = np.ascontiguousarray(drawn if axis == 0 else drawn.T)
    votes = round(_VOTES * turned.shape[1])
    upright, lean = np.pi / 2, np.arctan(_MAX_SLOPE) + _THETA * 2
    ends = {"min_theta": upright - lean, "max_theta": upright + lean}
    return cv2.HoughLines(turned, 1, _THETA, votes - _ROUNDED, **ends) is not None


def _apart(lines: NDArray[np.int32], axis: int) -> NDArray[np.int32]:
    """Of lines that run along `axis` (0: across, 1: down), one for each place."""
    run = np.abs(lines[:, 2 + axis] - lines[:, axis])
    drift = np.abs(lines[:, 3 - axis] - lines[:, 1 - axis])
    lines = lines[drift <= _MAX_SLOPE * run]
    middle = (lines[:, 1 - axis] + lines[:, 3 - axis]) / 2
    kept: list[int] = []
    for i in range(len(lines)):
        if all(abs(middle[i] - middle[j]) > 8 for j in kept):
            kept.append(i)
    return lines[kept]


def _line_pixels(drawn: Mask, lines: NDArray[np.int32]) -> tuple[Mask, float]:
    """The pixels of the lines that no stroke crosses, and the lines' mean thickness in px."""
    reach = max(3, round(2 * _MAX_THICKNESS * max(drawn.shape)))
    band = np.zeros(drawn.shape, np.uint8)
    core = np.zeros(drawn.shape, np.uint8)
    for x1, y1, x2, y2 in lines.tolist():
        cv2.line(band, (x1, y1), (x2, y2), 1, reach)
        cv2.line(core, (x1, y1), (x2, y2), 1, 1)
    in_band = band & drawn
    thickness = float(in_band.sum()) / max(float(core.sum()), 1.0)
    # What is thicker than a line, in both directions across it, belongs to a stroke.
    size = min(reach, round(thickness) + 2)
    strokes = cv2.morphologyEx(drawn, cv2.MORPH_OPEN, np.ones((size, size), np.uint8))
    crossing = cv2.dilate(strokes, np.ones((3, 3), np.uint8))
    return np.where(crossing > 0, np.uint8(0), in_band), thickness


def _are_printed(ink: Ink, rest: Ink, lines: tuple[int, float]) -> bool:
    count, thickness = lines
    if thickness > _MAX_THICKNESS * max(ink.shape):
        return False
    left = cv2.morphologyEx((rest > 0).view(np.uint8), cv2.MORPH_OPEN, np.ones((2, 2), np.uint8))
    if float(left.sum()) < _MIN_REST * float((ink > 0).sum()):
        return False
    return count >= 3 or thickness < _THIN * stroke_width(left.astype(np.float32))
