"""Ink of a whole picture → the rows of writing in it, top to bottom, each cut out and level.

Which components make up a row is decided from their boxes: those that lie beside each other.
"""

from bisect import insort
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from inkdigits.image.form_lines import MAX_SLOPE, remove_form_lines
from inkdigits.image.strokes import FADING, stroke_width, widened
from inkdigits.sample import Box, Ink

_SLOPES = np.linspace(-MAX_SLOPE, MAX_SLOPE, 25)
_LEVEL = 0.02  # a slope of less is not worth another resampling
_BETTER = 1.12  # a slope must gather the ink so much better than a level line
_MAX_POINTS = 4_000  # ink pixels that vote for a slope
_DUST_SHARE = 0.004  # of the tallest component's height squared: a smaller area is dust
_DUST_PX = 3  # area that is dust in any picture
_MOST_PARTS = 3_000  # components of a page of numbers; of a million dots the largest must do
_PALE = 0.75  # of full ink: small components that nowhere reach it are the paper's pattern
_PALE_SHARE = 0.1  # of the tallest component's height squared: larger ones may be a pale digit
_TALL = 0.5  # of the tall components' height: lower ones are separators and pieces
_SHARED = 0.4  # of the lower one's height: two that share it stand in one row
_NEAR_ROW = 0.4  # of the row's height: a comma or a roof lies no farther from it
_STRAY = 0.8  # of a row's height: a lower component that hangs from it is its comma
_HANGS = 0.1  # of such a component's height: so much of it stands within the row
_WITHIN = 0.5  # the same of any component: a loop of an 8 that another does not meet
_LOWEST_ROW = 0.5  # of the tallest row's height: what is lower is no writing beside it
_LEAST_INK = 0.04  # of the row with the most ink: less are specks
_CUT_PIECE = 0.5  # of the row's height: a lower component that the border cuts is a neighbour's
_HIGHEST = 600  # px of a row: what is higher is reduced to it, ten times what a digit needs
_LOW_DIGIT = 0.4  # unless it is so high, and reaches half the row's height into the picture


@dataclass(frozen=True, slots=True)
class Row:
    """The ink of one line of writing.

    Attributes:
        ink: cropped to the writing, its baseline level. float32 (h, w), 0 paper to 1 ink.
        box: its place, in px of the whole ink.
        slope: how much the baseline falls per px to the right in the whole ink, -0.18 to 0.18.
        top: where the row's first line of px meets the left edge of `box`, px of the whole ink.
        scale: px of the whole ink that one px of the row is high and wide; 1 or more.
    """

    ink: Ink
    box: Box
    slope: float = 0.0
    top: float = 0.0
    scale: float = 1.0

    def place(self, box: Box) -> Box:
        """Give the place of a part of the row in the whole ink.

        Args:
            box: px of the row.
        """
        box = box.scaled(self.scale)
        fall = self.slope * (box.left + box.width / 2)
        return Box(
            self.box.left + box.left, round(self.top + fall + box.top), box.width, box.height
        )


@dataclass(frozen=True, slots=True, eq=False)
class _Parts:
    labels: NDArray[np.int32]  # 0 is paper
    boxes: NDArray[np.int32]  # (N, 4): left, top, right, bottom
    area: NDArray[np.int32]  # (N,): px
    number: NDArray[np.intp]  # (N,): the label of each

    def take(self, chosen: NDArray[Any]) -> "_Parts":
        return _Parts(self.labels, self.boxes[chosen], self.area[chosen], self.number[chosen])

    @property
    def height(self) -> NDArray[np.int32]:
        return self.boxes[:, 3] - self.boxes[:, 1]


def find_rows(ink: Ink, most: int | None = None) -> list[Row]:
    """Find the rows of writing in a picture.

    Args:
        ink: float32 (H, W), exactly 0 on paper.
        most: rows that are wanted, from the top; None: all.

    Returns:
        The rows, top to bottom; none where there is no ink. Printed lines, dust, and pieces of
        what the border cuts are gone.
    """
    clean = remove_form_lines(ink)
    slope = _slope(clean)
    level, shift = _level(clean, slope) if abs(slope) >= _LEVEL else (clean, 0.0)
    slope = slope if level is not clean else 0.0
    parts = _components(level)
    if not parts.area.size:
        return []
    groups = [_without_neighbours(group, level.shape) for group in _group(parts)]
    kept = _writing([group for group in groups if group.area.size])
    return [_cut(level, group, slope, shift) for group in kept[:most]]


def count_pieces(ink: Ink) -> int:
    """Count the separate pieces of ink, dust included: how much work `find_rows` may leave."""
    return int(cv2.connectedComponents((ink > 0).view(np.uint8), connectivity=8)[0]) - 1


def _slope(ink: Ink) -> float:
    """The slope along which the ink gathers best into rows."""
    y, x = np.nonzero(ink > 0)
    if not len(y):
        return 0.0
    step = -(-len(y) // _MAX_POINTS)
    y, x = y[::step], x[::step]
    room = int(MAX_SLOPE * ink.shape[1]) + 1
    bins = ink.shape[0] + 2 * room
    places = np.round(y - _SLOPES[:, None] * (x - ink.shape[1] / 2)).astype(np.int64) + room
    keys = places + bins * np.arange(len(_SLOPES))[:, None]
    votes = np.bincount(keys.ravel(), minlength=bins * len(_SLOPES)).reshape(-1, bins)
    gathered = (votes.astype(np.float64) ** 2).sum(axis=1)
    best = int(gathered.argmax())
    level = gathered[len(_SLOPES) // 2]
    return float(_SLOPES[best]) if gathered[best] > _BETTER * level else 0.0


def _level(ink: Ink, slope: float) -> tuple[Ink, float]:
    """Shear the picture so that rows run level; give it and how far its left edge moved down."""
    height, width = ink.shape
    rise = slope * width
    shift = max(0.0, rise)
    matrix = np.array([[1, 0, 0], [-slope, 1, shift]], np.float64)
    size = (width, height + int(np.ceil(abs(rise))))
    moved = cv2.warpAffine(ink, matrix, size, flags=cv2.INTER_LINEAR)
    return np.asarray(np.where(moved > 0.02, moved, 0), np.float32), shift


def _components(ink: Ink) -> _Parts:
    drawn = (ink > 0).view(np.uint8)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(drawn, connectivity=8)
    found = np.asarray(stats[1:], np.int32)
    boxes = np.hstack((found[:, :2], found[:, :2] + found[:, 2:4]))
    parts = _Parts(
        labels=np.asarray(labels, np.int32),
        boxes=boxes,
        area=found[:, cv2.CC_STAT_AREA],
        number=np.arange(1, len(found) + 1),
    )
    if not len(found):
        return parts
    high = float(parts.height.max())
    least = min(max(_DUST_PX, _DUST_SHARE * high**2), float(parts.area.max()))
    small = (parts.area < _PALE_SHARE * high**2) & (parts.height < _TALL * high)
    pale = (_peaks(ink, parts) < _PALE) & small
    kept = (parts.area >= least) & ~pale
    if kept.sum() > _MOST_PARTS:
        kept &= parts.area >= np.partition(parts.area[kept], -_MOST_PARTS)[-_MOST_PARTS]
    return parts.take(kept) if kept.any() else parts


def _peaks(ink: Ink, parts: _Parts) -> NDArray[np.float32]:
    """The strongest ink of each component."""
    peaks = np.zeros(len(parts.number) + 1, np.float32)
    drawn = parts.labels > 0
    np.maximum.at(peaks, parts.labels[drawn], ink[drawn])
    return peaks[1:]


def _group(parts: _Parts) -> list[_Parts]:
    """Divide components into rows: the tall ones first, the others to the nearest of those."""
    height = parts.height
    typical = float(np.quantile(height, 0.9)) if len(height) > 2 else float(height.max())
    tall = np.flatnonzero(height >= _TALL * typical)
    tall = tall[np.argsort(parts.boxes[tall, 1] + parts.boxes[tall, 3])]
    rows, spans = _rows_of_tall(tall, parts.boxes[tall][:, [1, 3]])
    others = np.setdiff1d(np.arange(len(height)), tall)
    _take_others(others, parts.boxes[others][:, [1, 3]], rows, spans)
    spans = _join_strays(parts, rows, spans)
    return [parts.take(np.sort(rows[i])) for i in np.argsort(spans.sum(axis=1))]


def _rows_of_tall(
    tall: NDArray[np.intp], reach: NDArray[np.int32]
) -> tuple[list[list[int]], NDArray[np.float64]]:
    """Put each component into the first row that it stands in; give the rows and their spans."""
    rows: list[list[int]] = []
    ends: list[tuple[list[int], list[int]]] = []  # tops and bottoms of each row's, rising
    spans = np.zeros((len(tall), 2))
    for i, (top, bottom) in zip(tall.tolist(), reach.tolist(), strict=True):
        above, below = spans[: len(rows)].T
        shared = np.minimum(bottom, below) - np.maximum(top, above)
        fits = shared >= _SHARED * np.minimum(bottom - top, below - above)
        row = int(fits.argmax()) if fits.any() else len(rows)
        if row == len(rows):
            rows.append([])
            ends.append(([], []))
        rows[row].append(i)
        insort(ends[row][0], top)
        insort(ends[row][1], bottom)
        spans[row] = [_median(some) for some in ends[row]]
    return rows, spans[: len(rows)]


def _median(rising: list[int]) -> float:
    middle = len(rising) // 2
    return (rising[middle] + rising[-middle - 1]) / 2


def _take_others(
    others: NDArray[np.intp],
    reach: NDArray[np.int32],
    rows: list[list[int]],
    spans: NDArray[np.float64],
) -> None:
    above, below = spans.T
    apart = np.maximum(reach[:, :1] - below, above - reach[:, 1:])
    nearest = apart.argmin(axis=1)
    near = apart[np.arange(len(others)), nearest] <= _NEAR_ROW * (below - above)[nearest]
    for i, row in zip(others[near].tolist(), nearest[near].tolist(), strict=True):
        rows[row].append(i)


def _join_strays(
    parts: _Parts, rows: list[list[int]], spans: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Join what is alone in its row, and stands within another, to that; give the spans left."""
    above = np.array([parts.boxes[row, 1].min() for row in rows])
    below = np.array([parts.boxes[row, 3].max() for row in rows])
    gone = np.zeros(len(rows), np.bool_)
    for number, row in enumerate(rows):
        if len(row) > 1:
            continue
        top, bottom = above[number], below[number]
        within = (np.minimum(bottom, below) - np.maximum(top, above)) / (bottom - top)
        lower = bottom - top < _STRAY * (below - above)
        hosts = (within >= np.where(lower, _HANGS, _WITHIN)) & ~gone
        hosts[number] = False
        if hosts.any():
            host = int(hosts.argmax())
            rows[host] += row
            above[host], below[host] = min(top, above[host]), max(bottom, below[host])
            gone[number] = True
    rows[:] = [rows[number] for number in np.flatnonzero(~gone)]
    return spans[~gone]


def _without_neighbours(group: _Parts, shape: tuple[int, ...]) -> _Parts:
    """Leave out the low pieces that the border cuts: they belong to what was written beside.

    What reaches far into the picture from its left or right edge is a digit, a low 0 that a
    shadow or a line leads to the edge.
    """
    high = float(np.max(group.height))
    left, top, right, bottom = group.boxes.T
    at_side, at_end = (left <= 0) | (right >= shape[1]), (top <= 0) | (bottom >= shape[0])
    reach = np.where(left <= 0, right, shape[1] - left)
    piece = (group.height < _LOW_DIGIT * high) | (reach < _CUT_PIECE * high)
    cut = (group.height < _CUT_PIECE * high) & (at_end | (at_side & piece))
    return group.take(~cut)


def _writing(groups: list[_Parts]) -> list[_Parts]:
    """Tell rows from specks and rests of lines beside the others."""
    if not groups:
        return []
    high = np.array([float(group.height.max()) for group in groups])
    area = np.array([float(group.area.sum()) for group in groups])
    kept = (high >= _LOWEST_ROW * high.max()) & (area >= _LEAST_INK * area.max())
    return [groups[number] for number in np.flatnonzero(kept)]


def _cut(level: Ink, group: _Parts, slope: float, shift: float) -> Row:
    left, top = (int(v) for v in group.boxes[:, :2].min(axis=0))
    right, bottom = (int(v) for v in group.boxes[:, 2:].max(axis=0))
    window = np.s_[top:bottom, left:right]
    labels = group.labels[window]
    kept = np.zeros(int(labels.max()) + 1, np.float32)
    kept[group.number] = 1
    ink = np.ascontiguousarray(level[window] * kept[labels])
    first = top - shift + slope * left
    ends = sorted((first, first + slope * (right - left)))
    box = Box(left, round(ends[0]), right - left, round(ends[1] - ends[0]) + bottom - top)
    scale = max(1.0, ink.shape[0] / _HIGHEST)
    return Row(_reduced(ink, scale) if scale > 1 else ink, box, slope, first, scale)


def _reduced(ink: Ink, scale: float) -> Ink:
    """Shrink a row, its strokes widened before where they would fade."""
    missing = scale - stroke_width(ink)
    ready = widened(ink, missing) if missing > FADING else ink
    size = max(1, round(ink.shape[1] / scale)), _HIGHEST
    return np.asarray(cv2.resize(ready, size, interpolation=cv2.INTER_AREA), np.float32)
