"""A row's ink → its pieces, left to right: what a digit is made of, and seldom more than one.

Ink that hangs together is one group; what lies above or in another group joins it. A group that
may be several digits is cut along seams. What is a digit, only reading tells.
"""

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from inkdigits.budget import Budget
from inkdigits.image.seams import find_seams
from inkdigits.image.strokes import stroke_width
from inkdigits.sample import Box, Ink

MAX_GROUPS = 128
"""Separate pieces of ink in a row: a digit each, and a separator after it, of 64. More are no
number."""
_COMPONENT_STEPS, _PX_A_STEP = 20, 15  # of a budget: for each component, and for so many px
_WORK_HEIGHT = 72  # px: what touches and what does not is seen at this height
_STRONG = 0.3  # ink from which pixels hang together; the paler edge of a stroke bridges gaps
_MAX_SLANT = 0.8  # px to the right for each px up
_DUST_SHARE = 0.003  # of the digits' height squared: a smaller area is dust
_TALL = 0.55  # of the tallest: the height of digits is the median of what is at least this tall
_INSIDE = 0.6  # of the narrower one's width: so much lies above or in another group
_PAIR = 1.3  # of the digits' height: two that are joined are no higher together
_DIGIT_WIDTH = 0.35  # of the digits' height: a group has one seam for each of these at most
_MOST_SEAMS = 7


@dataclass(frozen=True, slots=True, eq=False)
class Pieces:
    """The pieces of a row, left to right.

    Attributes:
        ink: of the row, float32 (h, w).
        labels: int32 (h, w): the piece that each px of ink belongs to, from 1; 0 for dust.
            On paper it is that of the nearest ink.
        work: the same at the size that pieces are found at; 0 on paper.
        boxes: int (N, 4): left, top, right, bottom, px of the row.
        area: int (N,): px of ink.
        group: int (N,): the group that each belongs to, rising.
        cost: float (N,): the ink that the seam on its left crosses, in stroke widths; 0 where
            a group begins.
        height: of the row's digits, px of the row.
        slant: px to the right for each px up, of the row's strokes.
    """

    ink: Ink
    labels: NDArray[np.int32]
    work: NDArray[np.int32]
    boxes: NDArray[np.int64]
    area: NDArray[np.int64]
    group: NDArray[np.int64]
    cost: NDArray[np.float64]
    height: float
    slant: float

    def __len__(self) -> int:
        return len(self.area)

    def box(self, first: int, last: int) -> Box:
        """Give the place of the pieces from `first` to before `last`, px of the row."""
        left, top = self.boxes[first:last, :2].min(axis=0).tolist()
        right, bottom = self.boxes[first:last, 2:].max(axis=0).tolist()
        return Box(left, top, right - left, bottom - top)

    def glyph(self, first: int, last: int) -> Ink:
        """Give the ink of the pieces from `first` to before `last`, cropped to their box."""
        box = self.box(first, last)
        window = np.s_[box.top : box.top + box.height, box.left : box.left + box.width]
        labels = self.labels[window]
        return np.where((labels > first) & (labels <= last), self.ink[window], np.float32(0))


def find_pieces(ink: Ink, budget: Budget) -> Pieces:
    """Find the groups of a row: each one piece, not cut yet.

    Args:
        ink: a `Row`'s. float32 (h, w), 0 paper to 1 ink, not without ink.
        budget: what it may cost.

    Returns:
        The groups; a few more than `MAX_GROUPS`, and not all of them, where that is no number.

    Raises:
        TooComplex: it would cost more.
    """
    drawn = _work_size(ink)
    count, found, measured, _ = cv2.connectedComponentsWithStats(drawn, connectivity=8)
    budget.spend(_COMPONENT_STEPS * count + ink.size // _PX_A_STEP)
    labels, stats = np.asarray(found, np.int32), np.asarray(measured, np.int32)
    height = _digit_height(stats[1:])
    slant = _slant(drawn)
    least = min(_DUST_SHARE * height**2, float(stats[1:, cv2.CC_STAT_AREA].max()))
    dust = stats[:, cv2.CC_STAT_AREA] < least
    groups = _groups(labels, dust, (height, slant))
    number = np.zeros(len(stats), np.int32)
    for i, members in enumerate(groups):
        number[members] = i + 1
    seeds = np.where(labels > 0, number[labels], -1)
    return _measured(ink, seeds, (np.arange(len(groups)), np.zeros(len(groups))), (height, slant))


def cut_pieces(pieces: Pieces, groups: list[int]) -> Pieces:
    """Cut some of the groups along seams.

    Args:
        pieces: from `find_pieces`.
        groups: which ones may be several digits.

    Returns:
        The pieces of all groups, in their order.
    """
    work = pieces.work
    scale = work.shape[0] / pieces.ink.shape[0]
    stroke = max(1.0, stroke_width((work > 0).astype(np.float32)))
    seeds = np.where(work > 0, 0, -1).astype(np.int32)
    origin: list[int] = []
    cost: list[float] = []
    for group in range(len(pieces)):
        mask = work == group + 1
        parts, costs = np.zeros(work.shape, np.int32), [0.0]
        if group in groups:
            parts, costs = _parts(mask, pieces.slant, (stroke, pieces.height * scale))
        seeds[mask] = len(origin) + 1 + parts[mask]
        origin += [group] * len(costs)
        cost += costs
    order = np.array(origin), np.array(cost)
    return _measured(pieces.ink, seeds, order, (pieces.height * scale, pieces.slant))


def _work_size(ink: Ink) -> NDArray[np.uint8]:
    """Where strokes are, at the size at which pieces are found."""
    drawn = (ink > _STRONG * float(ink.max())).astype(np.uint8)
    scale = _WORK_HEIGHT / ink.shape[0]
    if scale >= 1:
        return drawn
    wide = cv2.dilate(drawn, np.ones((round(1 / scale),) * 2, np.uint8))
    size = max(1, round(ink.shape[1] * scale)), _WORK_HEIGHT
    return np.asarray(cv2.resize(wide, size, interpolation=cv2.INTER_NEAREST), np.uint8)


def _digit_height(stats: NDArray[np.int32]) -> float:
    heights = stats[:, cv2.CC_STAT_HEIGHT]
    return float(np.median(heights[heights >= _TALL * heights.max()]))


def _slant(drawn: NDArray[np.uint8]) -> float:
    """The mean slant of the strokes' edges, of those that are nearer to upright than to level."""
    soft = cv2.GaussianBlur(drawn.astype(np.float32), (0, 0), 1.0)
    across, down = cv2.Sobel(soft, cv2.CV_32F, 1, 0), cv2.Sobel(soft, cv2.CV_32F, 0, 1)
    upright = np.abs(down) < np.abs(across)
    across, down = across[upright], down[upright]
    slant = float(across @ down) / max(float(across @ across), 1e-6)
    return float(np.clip(slant, -_MAX_SLANT, _MAX_SLANT))


def _groups(
    labels: NDArray[np.int32], dust: NDArray[np.bool_], scale: tuple[float, float]
) -> list[list[int]]:
    """Divide the components that are no dust into groups, left to right; too many, not all."""
    height, slant = scale
    y, x = np.nonzero((labels > 0) & ~dust[labels])
    upright = x + slant * (y - labels.shape[0] / 2)
    numbers, boxes, _ = _boxes(labels[y, x], upright, y)
    members: list[list[int]] = []
    found = np.zeros((MAX_GROUPS + 1, 4))
    for i in np.argsort(boxes[:, 0] - boxes[:, 2], kind="stable").tolist():  # the widest first
        groups = found[: len(members)]
        joins = _joins(boxes[i], groups, height)
        group = int(joins.argmax()) if joins.any() else len(members)
        if group == len(found):
            break
        if group == len(members):
            members.append([])
            found[group] = boxes[i]
        members[group].append(int(numbers[i]))
        found[group, :2] = np.minimum(found[group, :2], boxes[i, :2])
        found[group, 2:] = np.maximum(found[group, 2:], boxes[i, 2:])
    order = np.argsort(found[: len(members), [0, 2]].sum(axis=1), kind="stable")
    return [members[group] for group in order.tolist()]


def _joins(
    box: NDArray[np.float64], groups: NDArray[np.float64], height: float
) -> NDArray[np.bool_]:
    """Tell which groups, (N, 4), a component in a box belongs to."""
    left, top, right, bottom = groups.T
    shared = np.minimum(box[2], right) - np.maximum(box[0], left)
    together = np.maximum(box[3], bottom) - np.minimum(box[1], top)
    tall = np.minimum(box[3] - box[1], bottom - top) > _TALL * height
    inside = shared >= _INSIDE * np.minimum(box[2] - box[0], right - left)
    return np.asarray(inside & (together <= _PAIR * height) & ~tall)


def _parts(
    mask: NDArray[np.bool_], slant: float, scale: tuple[float, float]
) -> tuple[NDArray[np.int32], list[float]]:
    """Number the parts of a group between its seams, from 0; give each one's left seam's cost."""
    stroke, height = scale
    y, x = np.nonzero(mask)
    top, bottom = int(y.min()), int(y.max()) + 1
    moved = np.round(x + slant * (y - (top + bottom) / 2)).astype(np.int64)
    upright = np.zeros((bottom - top, int(np.ptp(moved)) + 1), np.bool_)
    place = y - top, moved - moved.min()
    upright[place] = True
    most = min(_MOST_SEAMS, max(2, round(upright.shape[1] / (_DIGIT_WIDTH * height))))
    seams = find_seams(upright, stroke, most)
    part = (place[1] >= seams.path[:, place[0]]).sum(axis=0)
    used, part = np.unique(part, return_inverse=True)
    parts = np.zeros(mask.shape, np.int32)
    parts[y, x] = part
    return parts, [0.0 if i == 0 else float(seams.cost[i - 1]) for i in used.tolist()]


def _measured(
    ink: Ink,
    seeds: NDArray[np.int32],
    pieces: tuple[NDArray[np.int64], NDArray[np.float64]],
    scale: tuple[float, float],
) -> Pieces:
    """Give every px of the row to the nearest piece. In `seeds`, -1 is paper and 0 dust."""
    height, slant = scale
    labels = _nearest(seeds)
    if labels.shape != ink.shape:
        size = ink.shape[::-1]
        labels = np.asarray(cv2.resize(labels, size, interpolation=cv2.INTER_NEAREST), np.int32)
    y, x = np.nonzero((ink > 0) & (labels > 0))
    numbers, boxes, area = _boxes(labels[y, x], x, y)
    return Pieces(
        ink=ink,
        labels=labels,
        work=np.maximum(seeds, 0),
        boxes=boxes,
        area=area,
        group=pieces[0][numbers - 1],
        cost=pieces[1][numbers - 1],
        height=height * ink.shape[0] / seeds.shape[0],
        slant=slant,
    )


def _boxes(
    of: NDArray[np.int32], x: NDArray[Any], y: NDArray[np.int64]
) -> tuple[NDArray[np.int32], NDArray[Any], NDArray[np.int64]]:
    """Of px at x and y, each of a number: the numbers, rising, their boxes and their areas."""
    order = np.argsort(of, kind="stable")
    numbers, starts, area = np.unique(of[order], return_index=True, return_counts=True)
    low = [np.minimum.reduceat(axis[order], starts) for axis in (x, y)]
    high = [np.maximum.reduceat(axis[order], starts) + 1 for axis in (x, y)]
    return numbers, np.stack((*low, *high), axis=1), area


def _nearest(seeds: NDArray[np.int32]) -> NDArray[np.int32]:
    paper = (seeds < 0).view(np.uint8)
    _, near = cv2.distanceTransformWithLabels(paper, cv2.DIST_L2, 3, labelType=cv2.DIST_LABEL_PIXEL)
    value = np.zeros(int(near.max()) + 1, np.int32)
    value[near[seeds >= 0]] = seeds[seeds >= 0]
    return np.asarray(value[near], np.int32)
