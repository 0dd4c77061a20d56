"""Ink of writing → the same without printed lines: rules, underlines, squares, the boxes of a form.

A printed line is straight, thin and far longer than a digit. What `ruled` does for the page
around one digit is done here for a narrow strip, where lines run close to the digits, touch them,
and end where the number does.
"""

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from inkdigits.image.strokes import stroke_width
from inkdigits.sample import Ink

Mask = NDArray[np.uint8]

MAX_SLOPE = 0.18
"""About 10°: writing and its lines are roughly upright."""
_SLOPES = np.linspace(-MAX_SLOPE, MAX_SLOPE, 37)
_MOST_ROUNDS = 8  # in each, all lines of one slope go
_MIN_COVER = 0.7  # of its length a line is seen on; a row of digits covers half, at times more
_BAR_COVER = 0.85  # of the form's height: upright strokes that stand in one slope reach less
_SURE_COVER = 0.9  # only a line is seen on so much
_MIN_LENGTH = 40  # px: on less, a stroke may be as straight
_LONG, _SHORT = 1.8, 1.1  # times as long as all ink is high: surely no digit's stroke, perhaps one
_SHORT_COVER = 0.95  # that a short line must be seen on: the bars of 7 7 leave gaps
_ALIKE = 0.8  # of the cover of the best line that the others need: strokes in a row have less
_THIN, _THIN_PX = 0.75, 2.0  # of the strokes' width, or px: a thicker line may be a row of strokes
_THICK = 1.3  # of the strokes' width: no line is thicker, however sure
_FOOT = 0.6  # of the picture's height: as wide is the foot of a 0 at most
_CROSSED = 1.4  # times the line's thickness: what is longer across it belongs to a stroke
_ALONE = 0.45  # of its length a line runs without a stroke across it
_ALONE_THICK, _SEEN = 0.65, 0.95  # the same, and of all columns, for one as thick as a stroke
_MOST_LINES = 200  # of one slope: a page has fewer
_MOST_PX = 50_000_000  # of the picture, once for each line: what is beside it takes 1 ms a million
_MAX_POINTS = 3_000  # ink pixels that vote for a line; of more every n-th column does
_MIN_REST = 0.15  # of the ink must remain: otherwise the lines were the writing
_FEWEST_BARS = 3  # upright lines of a form: two may be the strokes of an 11
_PITCH_SPREAD = 0.2  # of the mean distance between the upright lines of a form


@dataclass(frozen=True, slots=True)
class _Line:
    """A line y = offset + slope * (x - middle), px; and the share of its length it is seen on."""

    slope: float
    offset: float
    cover: float


@dataclass(frozen=True, slots=True, eq=False)
class _Band:
    """The places around a line, (K, W): their rows, how far they are from it, and whether they
    are near it and within the picture.
    """

    y: NDArray[np.intp]
    distance: NDArray[np.float64]
    inside: NDArray[np.bool_]

    def of(self, values: NDArray[Any]) -> NDArray[Any]:
        """What a picture, (H, W), has there; 0 at places that are not near."""
        return np.where(self.inside, values[self.y, np.arange(values.shape[1])], 0)

    def mark(self, mask: Mask, chosen: NDArray[np.bool_], value: int) -> None:
        """Write a value to chosen places, all of them near."""
        mask[self.y[chosen], np.nonzero(chosen)[1]] = value


def remove_form_lines(ink: Ink) -> Ink:
    """Take printed lines out, and leave the strokes that cross them.

    Args:
        ink: float32 (H, W), exactly 0 on paper.

    Returns:
        The same shape. The very same array where there is no printed line.
    """
    drawn = (ink > 0).astype(np.uint8)
    stroke = stroke_width(drawn.astype(np.float32))
    rest, (least_cover, sure) = drawn, _least_covers(drawn)
    for _ in range(_MOST_ROUNDS):
        printed = _pixels(rest, _lines_across(rest, least_cover), stroke, sure)
        if not printed.any():
            break
        rest = rest & ~printed
    if rest is not drawn:
        bars = _evenly_spaced(_lines_across(np.ascontiguousarray(drawn.T), _BAR_COVER))
        rest = rest & ~_pixels(np.ascontiguousarray(rest.T), bars, stroke, _SURE_COVER).T
    if rest is drawn or float(rest.sum()) < _MIN_REST * float(drawn.sum()):
        return ink
    return np.asarray(ink * rest, np.float32)


def _least_covers(drawn: Mask) -> tuple[float, float]:
    """The shares of the ink's width that a line, and one as thick as a stroke, must be seen on.

    Above 1 where none can be told: the roof of a lone 7 is seen on all of its length, too.
    """
    columns, rows = np.flatnonzero(drawn.any(axis=0)), np.flatnonzero(drawn.any(axis=1))
    if not columns.size:
        return np.inf, np.inf
    ratio = (columns[-1] - columns[0] + 1) / (rows[-1] - rows[0] + 1)
    if ratio >= _LONG:
        return _MIN_COVER, _SURE_COVER
    return _SHORT_COVER if ratio >= _SHORT else np.inf, np.inf


def _lines_across(drawn: Mask, least_cover: float) -> list[_Line]:
    """Find the straight lines of one slope that run across all of the ink, roughly along x."""
    columns = np.flatnonzero(drawn.any(axis=0))
    if not columns.size or (length := int(columns[-1] - columns[0] + 1)) < _MIN_LENGTH:
        return []
    step = -(-np.count_nonzero(drawn) // _MAX_POINTS)
    y, x = np.nonzero(drawn[:, ::step])
    x *= step
    height, middle = drawn.shape[0], drawn.shape[1] / 2
    room = int(MAX_SLOPE * middle) + 2
    places = np.round(y - _SLOPES[:, None] * (x - middle)).astype(np.int64) + room
    bins = height + 2 * room
    keys = places + bins * np.arange(len(_SLOPES))[:, None]
    votes = np.bincount(keys.ravel(), minlength=bins * len(_SLOPES)).reshape(-1, bins)
    cover = votes * (step / length)
    best = int(cover.max(axis=1).argmax())
    places_of = _peaks(cover[best], least_cover)
    return [_Line(float(_SLOPES[best]), at - room, float(cover[best, at])) for at in places_of]


def _peaks(cover: NDArray[np.float64], least: float) -> list[int]:
    """The middles of the runs of bins that a line covers."""
    high = np.flatnonzero(cover >= max(least, _ALIKE * float(cover.max())))
    runs = np.split(high, np.flatnonzero(np.diff(high) > 2) + 1) if high.size else []
    return [int(run[cover[run].argmax()]) for run in runs]


def _pixels(drawn: Mask, lines: list[_Line], stroke: float, sure: float) -> Mask:
    """The pixels of the lines that no stroke crosses; thick ones only with a cover of `sure`."""
    printed = np.zeros_like(drawn)
    if not lines:
        return printed
    runs, columns = _runs(drawn), np.count_nonzero(drawn.any(axis=0))
    found: list[tuple[_Band, NDArray[np.bool_]]] = []
    for line in sorted(lines, key=lambda one: -one.cover)[:_MOST_LINES]:
        band = _band(line, 1.0, drawn.shape)
        on_line = np.where(band.of(drawn) > 0, band.of(runs), 0).max(axis=0)
        thickness = float(np.quantile(on_line[on_line > 0], 0.3)) if on_line.any() else np.inf
        alone = on_line[on_line > 0] <= _CROSSED * thickness + 1
        is_thin = thickness <= max(_THIN_PX, _THIN * stroke)
        is_clear = line.cover >= sure and alone.size >= _SEEN * columns
        is_thick = thickness <= _THICK * stroke and alone.mean() >= _ALONE_THICK and is_clear
        if is_thick or (is_thin and alone.mean() >= _ALONE):
            # What is longer across the line than the line is thick belongs to a stroke.
            band = _band(line, thickness / 2 + 2.5, drawn.shape)
            taken = (band.of(drawn) > 0) & (band.distance <= thickness / 2 + 1.5)
            found.append((band, taken & (band.of(runs) <= _CROSSED * thickness + 0.5)))
    # What is left of the strokes beside a line; where lines are many, beside all of them.
    alone_px = len(found) * drawn.size <= _MOST_PX
    for group in [[one] for one in found] if alone_px else [found]:
        rest = drawn.copy()
        for band, taken in group:
            band.mark(rest, taken, 0)
        _, labels = cv2.connectedComponents(rest, connectivity=8)
        for band, taken in group:
            band.mark(printed, taken & ~_bridges(band.of(np.asarray(labels)), len(drawn)), 1)
    return printed


def _band(line: _Line, reach: float, shape: tuple[int, ...]) -> _Band:
    """The places that are no farther from a line than `reach` px, up and down."""
    height, width = shape
    middle = line.offset + line.slope * (np.arange(width) - width / 2)
    steps = np.arange(-int(reach) - 1, int(reach) + 3)[:, None]
    y = np.floor(middle).astype(np.intp) + steps
    distance = np.abs(y - middle)
    return _Band(np.clip(y, 0, height - 1), distance, (distance <= reach) & (y >= 0) & (y < height))


def _bridges(labels: NDArray[np.int32], height: int) -> NDArray[np.bool_]:
    """The columns of a line where it hides the foot of a stroke that it touches.

    A 0 that stands on the line is cut open: what is left of it meets the line twice.

    Args:
        labels: of the strokes that are left in the line's band, 0 where there is none.
        height: of the picture, px.
    """
    meets = labels.max(axis=0)
    at = np.flatnonzero(meets)
    apart = np.diff(at)
    hidden = np.zeros(len(meets), np.bool_)
    for i in np.flatnonzero((apart > 1) & (apart <= _FOOT * height)).tolist():
        if meets[at[i]] == meets[at[i + 1]]:
            hidden[at[i] : at[i + 1]] = True
    return hidden


def _runs(drawn: Mask) -> NDArray[np.int32]:
    """How many ink pixels hang together above and below each, itself included; 0 on paper."""
    above, below = drawn.astype(np.int32), drawn.astype(np.int32)
    for y in range(1, len(drawn)):
        above[y] *= above[y - 1] + 1
        below[-y - 1] *= below[-y] + 1
    return np.asarray(np.maximum(above + below - 1, 0))


def _evenly_spaced(bars: list[_Line]) -> list[_Line]:
    """Keep upright lines where they are those of a form, and not digits that stand upright."""
    if len(bars) < _FEWEST_BARS:
        return []
    pitch = np.diff(sorted(bar.offset for bar in bars))
    steps = pitch / np.median(pitch)
    even = np.abs(steps - np.round(steps)).max() <= _PITCH_SPREAD
    return bars if even else []
