"""Ink → glyph: the ink of one character, cut out with its pieces and without dust.

Which pieces belong to the character is decided from the connected components alone:
their size, their distance from the main one, and whether the border cuts them.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from inkdigits.budget import Budget
from inkdigits.errors import BlankImage
from inkdigits.image.strokes import count_outlines
from inkdigits.sample import Box, Ink

_DUST_SHARE = 0.015  # of the main component's area: less is dust wherever it lies
_CHAINED_SHARE = 0.06  # as _DUST_SHARE, for a piece that is near other pieces only
_NEAR = 0.30  # of the main component's longer side: a broken piece lies within this
_BORDER_PIECE = 0.5  # of the main component's area: less, and cut by the border, is a neighbour's
_OTHER_HEIGHT, _OTHER_AREA = 0.24, 0.05  # of the character's: more may be another character
_FLAT = 3.0  # times as wide as high: a dash or a line, and no character
_WALL, _WALL_EDGE = 0.2, 0.04  # so thin, so near the picture's edge: what is left of a frame
_ALIKE, _STACK_GAP = 0.6, 0.1  # of each other's length; of a piece's height to the main one:
_SMALLER, _SMALLER_GAP = 0.35, 0.4  # so stand two characters, closer ones are a broken stroke
_TOWER = 1.5  # times as high as wide are two characters above each other
_ABOVE = 0.5  # of a piece's width lies over or under the main component
_LARGE = 20_000  # px of what is drawn: on less, a few ms are all that it can cost
_MOST_MEASURED = 20_000  # components: of a million dots the largest must do
_MOST_PIECES = 256  # and fewer where each is measured against each


@dataclass(frozen=True, slots=True)
class Glyph:
    """One character's ink and where it was.

    Attributes:
        ink: cropped to the character. float32 (h, w), 0 paper to 1 ink.
        box: its place, in px of the ink it was cut from.
        others: whether something else, anywhere in the ink, may be a character, too.
    """

    ink: Ink
    box: Box
    others: bool = False


@dataclass(frozen=True, slots=True)
class _Components:
    labels: NDArray[np.int32]  # of the window around all ink; 0 is paper
    count: int  # of all labels, paper included
    number: NDArray[np.intp]  # (N,): the label of each
    boxes: NDArray[np.int32]  # (N, 4): left, top, right, bottom
    area: NDArray[np.int32]  # (N,): px
    corner: tuple[int, int]  # left and top of the window


def cut_glyph(ink: Ink, budget: Budget | None = None) -> Glyph:
    """Cut the character out of the ink.

    Args:
        ink: float32 (H, W), exactly 0 on paper.
        budget: of how many pieces there may be.

    Returns:
        The character with all its pieces; dust and neighbours are gone.

    Raises:
        BlankImage: there is no ink.
        TooComplex: too many pieces.
    """
    drawn = (ink > 0).view(np.uint8)
    left, top, width, height = cv2.boundingRect(drawn)
    if not width:
        raise BlankImage
    window = Box(left, top, width, height)
    inside = _slices(window)
    # Counting the components takes a ninth of the time that measuring them takes.
    count = cv2.connectedComponents(drawn[inside], connectivity=8)[0] - 1
    if budget is not None:
        # Where it is large, thickening walks all outlines of what is more than half ink.
        large = width * height > _LARGE
        outlines = count_outlines((ink[inside] > 0.5).view(np.uint8)) if large else 0
        budget.count_pieces(max(count, outlines))
    if count == 1:
        return Glyph(np.ascontiguousarray(ink[inside]), window)
    return _cut_from_several(ink, _measure(drawn, window))


def _cut_from_several(ink: Ink, parts: _Components) -> Glyph:
    keep = _pieces(parts, ink.shape)
    boxes = parts.boxes[keep]
    left, top = (int(v) for v in boxes[:, :2].min(axis=0))
    right, bottom = (int(v) for v in boxes[:, 2:].max(axis=0))
    glyph = np.ascontiguousarray(ink[top:bottom, left:right])
    if keep.size < parts.area.size:
        kept = np.zeros(parts.count, np.float32)
        kept[parts.number[keep]] = 1
        x, y = parts.corner
        glyph *= kept[parts.labels[top - y : bottom - y, left - x : right - x]]
    box = Box(left, top, right - left, bottom - top)
    return Glyph(glyph, box, _are_others(parts, keep, box, ink.shape))


def _measure(drawn: NDArray[np.uint8], window: Box) -> _Components:
    inside = drawn[_slices(window)]
    count, labels, stats, _ = cv2.connectedComponentsWithStats(inside, connectivity=8)
    number = np.arange(1, count)
    if count > _MOST_MEASURED:
        largest = np.argpartition(stats[1:, cv2.CC_STAT_AREA], -_MOST_MEASURED)[-_MOST_MEASURED:]
        number = np.sort(largest) + 1
    found, corner = np.asarray(stats[number], np.int32), (window.left, window.top)
    start = found[:, :2] + np.array(corner, np.int32)
    boxes = np.hstack((start, start + found[:, 2:4]))
    area = found[:, cv2.CC_STAT_AREA]
    return _Components(np.asarray(labels, np.int32), count, number, boxes, area, corner)


def _slices(box: Box) -> tuple[slice, slice]:
    return np.s_[box.top : box.top + box.height, box.left : box.left + box.width]


def _pieces(parts: _Components, shape: tuple[int, ...]) -> NDArray[np.intp]:
    """The indices of the components that make up the character."""
    main = _main_component(parts, shape)
    area, boxes = parts.area, parts.boxes
    reach = _NEAR * float((boxes[main, 2:] - boxes[main, :2]).max())
    cut = _touches_border(boxes, shape) & (area < _BORDER_PIECE * area[main])
    if _fills(boxes[main], shape):
        cut &= ~_belongs(boxes, boxes[main])
    candidates = (area >= _DUST_SHARE * area[main]) & ~cut
    candidates[main] = True
    some = np.flatnonzero(candidates)
    if some.size > _MOST_PIECES:
        largest = some[np.argsort(-area[some], kind="stable")[:_MOST_PIECES]]
        some = np.union1d(largest, [main])
    area, boxes = area[some], boxes[some]
    keep = some == main
    allowed, grown = ~keep, keep
    while grown.any():  # a faint stroke breaks into a chain of pieces, each near the next
        near = np.min([_gap(boxes, boxes[i]) for i in np.flatnonzero(grown)], axis=0) <= reach
        grown = near & allowed & ~keep
        keep = keep | grown
        allowed &= area >= _CHAINED_SHARE * parts.area[main]
    return np.asarray(some[keep])


def _are_others(
    parts: _Components, keep: NDArray[np.intp], box: Box, shape: tuple[int, ...]
) -> bool:
    """Whether a component left out, or a piece above or below, may be a character, too."""
    large = parts.area >= _OTHER_AREA * parts.area[keep].sum()
    large[keep] = False
    left_out = parts.boxes[large][:_MOST_PIECES].tolist()
    if any(_is_other(one, box, shape) for one in left_out):
        return True
    pieces, main = parts.boxes[keep].tolist(), int(parts.area[keep].argmax())
    return any(_is_stacked(one, pieces[main]) for one in pieces)


def _is_other(one: list[int], box: Box, shape: tuple[int, ...]) -> bool:
    """Whether a component is as large as a character, and whole: not cut, nor the wall of a frame.

    What is as long as the character may end where that does, as in a tight crop of several; what
    stands in line with it may stand out of the picture above or below, as only sides are cut off.
    """
    left, top, right, bottom = one
    width, height, foot = right - left, bottom - top, box.top + box.height
    whole = max(box.width, box.height)
    if height < _OTHER_HEIGHT * whole or width > _FLAT * height:
        return False
    is_wall = min(width, height) <= _WALL * max(width, height)
    edge = _WALL_EDGE if is_wall else 0.0
    near, far_x, far_y = edge * shape[1], (1 - edge) * shape[1], (1 - edge) * shape[0]
    ends = left <= near, right >= far_x, top <= edge * shape[0], bottom >= far_y
    own = box.left <= 0, box.left + box.width >= shape[1], box.top <= 0, foot >= shape[0]
    alike = max(width, height) >= _ALIKE * whole
    cut = [end and not (alike and its) for end, its in zip(ends, own, strict=True)]
    shared = min(bottom, foot) - max(top, box.top)
    in_line = not is_wall and min(shared, box.height) >= _ALIKE * max(box.height, height)
    return not any(cut[:2]) and sum(cut[2:]) <= in_line


def _is_stacked(one: list[int], main: list[int]) -> bool:
    """Whether a piece stands above or below the main one as another character would."""
    gap = max(one[1] - main[3], main[1] - one[3])
    if gap <= 0:
        return False
    height, other = one[3] - one[1], main[3] - main[1]
    widths = one[2] - one[0], main[2] - main[0]
    shared = min(one[2], main[2]) - max(one[0], main[0])
    if shared < _ABOVE * min(widths) or gap + height + other < _TOWER * max(widths):
        return False
    alike = min(height, other) / max(height, other)
    close = _STACK_GAP if alike >= _ALIKE else _SMALLER_GAP
    return alike >= _SMALLER and gap >= close * height


def _main_component(parts: _Components, shape: tuple[int, ...]) -> int:
    """The largest component; one that the border cuts, or far from the middle, weighs less."""
    middle = (parts.boxes[:, :2] + parts.boxes[:, 2:]) / 2
    half = np.array([shape[1], shape[0]]) / 2
    off_centre = np.abs(middle / half - 1).max(axis=1)
    weight = parts.area * (1.25 - off_centre)
    weight[_touches_border(parts.boxes, shape)] *= 0.4
    return int(np.argmax(weight))


def _touches_border(boxes: NDArray[np.int32], shape: tuple[int, ...]) -> NDArray[np.bool_]:
    at_start = (boxes[:, :2] <= 0).any(axis=1)
    at_end = (boxes[:, 2] >= shape[1]) | (boxes[:, 3] >= shape[0])
    return np.asarray(at_start | at_end)


def _fills(box: NDArray[np.int32], shape: tuple[int, ...]) -> bool:
    """Whether the picture is cropped so tightly that the main component meets two of its sides."""
    return bool((box[:2] <= 0).sum() + (box[2:] >= np.array([shape[1], shape[0]])).sum() >= 2)


def _belongs(boxes: NDArray[np.int32], main: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Which pieces a tight crop may have cut from its own character: a roof, or the bar of a 5.

    What is left of a neighbour stands upright beside the character.
    """
    width, height = (boxes[:, 2:] - boxes[:, :2]).T
    shared = np.minimum(boxes[:, 2], main[2]) - np.maximum(boxes[:, 0], main[0])
    return np.asarray((shared >= _ABOVE * width) | (width > height))


def _gap(boxes: NDArray[np.int32], other: NDArray[np.int32]) -> NDArray[np.float64]:
    """Distance between boxes, px; 0 where they overlap."""
    apart = np.maximum(boxes[:, :2] - other[2:], other[:2] - boxes[:, 2:])
    return np.asarray(np.hypot(*np.maximum(apart, 0).T), dtype=np.float64)
