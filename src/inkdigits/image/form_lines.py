"""Ink of writing → the same without printed lines: rules, underlines, squares, the boxes of a form.

A printed line is straight, thin and far longer than a digit. What `ruled` does for the page
around one digit is done here for a narrow strip, where lines run close to the digits, touch them,
and end where the number does.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from inkdigits.sample import Ink

Mask = NDArray[np.uint8]

MAX_SLOPE = 0.18
"""About 10°: writing and its lines are roughly upright."""
_SLOPES = np.linspace(-MAX_SLOPE, MAX_SLOPE, 37)
_MIN_COVER = 0.7  # of its length a line is seen on; a row of digits covers half at most
_MIN_LENGTH = 40  # px: on less, a stroke may be as straight
_LONG, _SHORT = 1.8, 1.1  # times as long as all ink is high: surely no digit's stroke, perhaps one
_SURE_COVER = 0.95  # that a short line must be seen on: the bars of 7 7 leave gaps
_ALIKE = 0.8  # of the cover of the best line that the others need: strokes in a row have less
_MAX_THICKNESS = 0.12  # of the picture's shorter side
_MAX_POINTS = 6_000  # ink pixels that vote for a line; of more every n-th column does
_MIN_REST = 0.15  # of the ink must remain: otherwise the lines were the writing
_FEWEST_BARS = 3  # upright lines of a form: two may be the strokes of an 11
_BAR_COVER = 0.85  # of the form's height: upright strokes that stand in one slope reach less
_PITCH_SPREAD = 0.2  # of the mean distance between the upright lines of a form


@dataclass(frozen=True, slots=True)
class _Line:
    """A line y = offset + slope * (x - middle), px."""

    slope: float
    offset: float


def remove_form_lines(ink: Ink) -> Ink:
    """Take printed lines out, and leave the strokes that cross them.

    Args:
        ink: float32 (H, W), exactly 0 on paper.

    Returns:
        The same shape. The very same array where there is no printed line.
    """
    drawn = (ink > 0).astype(np.uint8)
    across = _lines_across(drawn, _least_cover(drawn))
    printed = _pixels(drawn, across)
    upright = np.ascontiguousarray((drawn & ~printed).T if across else drawn.T)
    bars = _evenly_spaced(
        _lines_across(np.ascontiguousarray(drawn.T), _BAR_COVER) if across else [], len(across)
    )
    if bars:
        printed = printed | _pixels(upright, bars).T
    rest = np.where(printed > 0, np.float32(0), ink)
    if not printed.any() or float((rest > 0).sum()) < _MIN_REST * float(drawn.sum()):
        return ink
    return np.asarray(rest, np.float32)


def _least_cover(drawn: Mask) -> float:
    """The share of the ink's width that a line must be seen on; above 1 where none can be told."""
    columns, rows = np.flatnonzero(drawn.any(axis=0)), np.flatnonzero(drawn.any(axis=1))
    if not columns.size:
        return np.inf
    ratio = (columns[-1] - columns[0] + 1) / (rows[-1] - rows[0] + 1)
    if ratio >= _LONG:
        return _MIN_COVER
    return _SURE_COVER if ratio >= _SHORT else np.inf


def _lines_across(drawn: Mask, least_cover: float) -> list[_Line]:
    """Find the straight lines that run across all of the ink, roughly along x."""
    columns = np.flatnonzero(drawn.any(axis=0))
    if not columns.size or (length := int(columns[-1] - columns[0] + 1)) < _MIN_LENGTH:
        return []
    y, x = np.nonzero(drawn)
    step = -(-len(y) // _MAX_POINTS)
    if step > 1:
        chosen = x % step == 0
        y, x = y[chosen], x[chosen]
    height, middle = drawn.shape[0], drawn.shape[1] / 2
    room = int(MAX_SLOPE * middle) + 2
    places = np.round(y - _SLOPES[:, None] * (x - middle)).astype(np.int64) + room
    bins = height + 2 * room
    keys = places + bins * np.arange(len(_SLOPES))[:, None]
    votes = np.bincount(keys.ravel(), minlength=bins * len(_SLOPES)).reshape(-1, bins)
    cover = votes * (step / length)
    best = int(cover.max(axis=1).argmax())
    return [_Line(float(_SLOPES[best]), at - room) for at in _peaks(cover[best], least_cover)]


def _peaks(cover: NDArray[np.float64], least: float) -> list[int]:
    """The middles of the runs of bins that a line covers."""
    high = np.flatnonzero(cover >= max(least, _ALIKE * float(cover.max())))
    runs = np.split(high, np.flatnonzero(np.diff(high) > 2) + 1) if high.size else []
    return [int(run[cover[run].argmax()]) for run in runs]


def _pixels(drawn: Mask, lines: list[_Line]) -> Mask:
    """The pixels of the lines that no stroke crosses."""
    printed = np.zeros_like(drawn)
    height, width = drawn.shape
    most = max(3.0, _MAX_THICKNESS * min(drawn.shape))
    x = np.arange(width)
    for line in lines:
        centre = line.offset + line.slope * (x - width / 2)
        distance = np.abs(np.arange(height)[:, None] - centre)
        near = drawn & (distance <= most / 2).astype(np.uint8)
        thickness = _thickness(near)
        if thickness > most:
            continue
        reach = 0.5 * thickness + 1.5
        band = drawn & (distance <= reach).astype(np.uint8)
        # What is longer across the line than the line is thick belongs to a stroke.
        tall = np.ones((round(1.7 * thickness) + 2, 1), np.uint8)
        strokes = cv2.morphologyEx(drawn, cv2.MORPH_OPEN, tall)
        printed |= np.where(strokes > 0, np.uint8(0), band)
    return printed


def _thickness(near: Mask) -> float:
    """How thick the line is where nothing else comes near it, px."""
    counts = near.sum(axis=0)
    return float(np.quantile(counts[counts > 0], 0.3)) if counts.any() else np.inf


def _evenly_spaced(bars: list[_Line], lines_across: int) -> list[_Line]:
    """Keep upright lines where they are those of a form, and not digits that stand upright."""
    if len(bars) < _FEWEST_BARS or not lines_across:
        return []
    pitch = np.diff(sorted(bar.offset for bar in bars))
    steps = pitch / np.median(pitch)
    even = np.abs(steps - np.round(steps)).max() <= _PITCH_SPREAD
    return bars if even else []
