"""A mask of touching digits → seams: paths from top to bottom along which they may be cut.

A seam is the cheapest way down around a place: paper is free, a stroke must be paid for where it
is entered, and a little for each px along it: where two rounds touch, they do so for a while. It
follows the valley between two digits, however they lean and overlap.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_SIDEWAYS = 0.03  # px of ink that a step aside is worth, so that seams run straight on paper
_ALONG = 0.15  # px of ink that a px further within a stroke is worth
_LEAST_APART = 0.12  # of the mask's height: two seams are no closer
_LEAST_SHARE = 0.02  # of the ink on either side of a seam
_STEPS = np.array([0, -1, 1], np.int8)
_DEAREST = 3.0  # strokes that a seam may cross; a loop is crossed at two


@dataclass(frozen=True, slots=True, eq=False)
class Seams:
    """Seams from left to right.

    Attributes:
        path: int (N, H): the first column right of the seam, in each row.
        cost: float (N,): about how many strokes each crosses.
    """

    path: NDArray[np.int64]
    cost: NDArray[np.float64]


def find_seams(mask: NDArray[np.bool_], stroke: float, most: int) -> Seams:
    """Find the seams along which a mask may be cut.

    Args:
        mask: (H, W), where there is ink.
        stroke: width of a stroke, px.
        most: how many seams at most.

    Returns:
        The cheapest ones that lie apart from each other.
    """
    (down, up), (came, went) = _walk(np.stack((mask, mask[::-1])), stroke)
    middle = len(mask) // 2
    # Where the two ways meet within a stroke, both have paid for it.
    twice = mask[middle] * np.float32(stroke + _ALONG)
    total = down[middle] + up[len(mask) - 1 - middle] - twice
    apart = max(2, round(_LEAST_APART * len(mask)))
    taken: dict[int, list[int]] = {}
    for at in _valleys(total, _DEAREST * stroke):
        if len(taken) == most:
            break
        far = all(abs(at - other) >= apart for other in taken)
        if far and apart <= at < mask.shape[1] - apart:
            path = _follow(came, middle, at)
            path += _follow(went, len(mask) - 1 - middle, at)[::-1][1:]
            if _divides(mask, path):
                taken[at] = path
    order = sorted(taken)
    paths = np.array([taken[at] for at in order], np.int64).reshape(-1, len(mask))
    return Seams(paths, np.array([total[at] / stroke for at in order]))


def _divides(mask: NDArray[np.bool_], path: list[int]) -> bool:
    """Whether there is something to either side."""
    left = mask & (np.arange(mask.shape[1]) < np.array(path)[:, None])
    share = float(left.sum()) / float(mask.sum())
    return _LEAST_SHARE <= share <= 1 - _LEAST_SHARE


def _walk(masks: NDArray[np.bool_], stroke: float) -> tuple[NDArray[np.float32], NDArray[np.int8]]:
    """The cost of the cheapest way from the top to each pixel, and the step it came by.

    Args:
        masks: (2, H, W), the mask and the same upside down: both are walked at once.
        stroke: its width, px.
    """
    count, height, width = masks.shape
    along = masks * np.float32(_ALONG)
    toll = np.where(masks, np.float32(0), np.float32(stroke))  # from paper into ink
    cost = np.empty((count, height, width), np.float32)
    came = np.zeros((count, height, width), np.int8)
    cost[:, 0] = along[:, 0] + masks[:, 0] * np.float32(stroke)
    before = np.full((count, width + 2), np.inf, np.float32)
    entry = before.copy()
    for y in range(1, height):
        before[:, 1:-1] = cost[:, y - 1]
        np.add(cost[:, y - 1], toll[:, y - 1], out=entry[:, 1:-1])
        ways = np.where(masks[:, y], _shifted(entry), _shifted(before))
        ways[1:] += _SIDEWAYS
        came[:, y] = _STEPS[ways.argmin(axis=0)]
        np.add(along[:, y], ways.min(axis=0), out=cost[:, y])
    return cost, came


def _shifted(values: NDArray[np.float32]) -> tuple[NDArray[np.float32], ...]:
    return values[:, 1:-1], values[:, :-2], values[:, 2:]


def _follow(came: NDArray[np.int8], row: int, at: int) -> list[int]:
    path = [at]
    for y in range(row, 0, -1):
        at += int(came[y, at])
        path.append(at)
    return path[::-1]


def _valleys(total: NDArray[np.float32], most: float) -> list[int]:
    """The middles of the valleys of the cost, the cheapest first."""
    edge = np.concatenate(([np.inf], total, [np.inf]))
    # A valley's floor is flat where the seams of several columns run together.
    starts = np.flatnonzero(np.diff(edge) != 0)
    floors = [
        (float(total[a]), (a + b - 1) // 2)
        for a, b in zip(starts[:-1].tolist(), starts[1:].tolist(), strict=True)
        if edge[a] > total[a] < edge[b + 1] and total[a] <= most
    ]
    return [at for _, at in sorted(floors)]
