"""A mask of touching digits → seams: paths from top to bottom along which they may be cut.

A seam is the cheapest way down around a place: paper is free, ink costs. It follows the valley
between two digits, however they lean and overlap, and crosses the stroke where they touch.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_SIDEWAYS = 0.03  # px of ink that a step aside is worth, so that seams run straight on paper
_LEAST_APART = 0.12  # of the mask's height: two seams are no closer
_DEAREST = 3.2  # stroke widths that a seam may cross; a loop is crossed at two


@dataclass(frozen=True, slots=True, eq=False)
class Seams:
    """Seams from left to right.

    Attributes:
        path: int (N, H): the first column right of the seam, in each row.
        cost: float (N,): the ink that each crosses, in stroke widths.
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
    price = mask.astype(np.float32)
    down, came = _walk(price)
    up, went = _walk(price[::-1])
    middle = len(mask) // 2
    total = down[middle] + up[len(mask) - 1 - middle] - price[middle]
    chosen = _choose(total, stroke, (most, max(2, round(_LEAST_APART * len(mask)))))
    paths = [
        np.concatenate(
            (_follow(came, middle, at), _follow(went, len(mask) - 1 - middle, at)[::-1][1:])
        )
        for at in chosen
    ]
    ordered = np.array(paths, np.int64).reshape(-1, len(mask))
    return Seams(ordered, np.array([total[at] / stroke for at in chosen]))


def _walk(price: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.int8]]:
    """The cost of the cheapest way from the top to each pixel, and the step it came by."""
    height, width = price.shape
    cost = np.empty_like(price)
    came = np.zeros((height, width), np.int8)
    cost[0] = price[0]
    padded = np.full(width + 2, np.inf, np.float32)
    for y in range(1, height):
        padded[1:-1] = cost[y - 1]
        straight, left, right = padded[1:-1], padded[:-2] + _SIDEWAYS, padded[2:] + _SIDEWAYS
        aside = np.minimum(left, right)
        came[y] = np.where(straight <= aside, 0, np.where(left <= right, -1, 1))
        cost[y] = price[y] + np.minimum(straight, aside)
    return cost, came


def _follow(came: NDArray[np.int8], row: int, at: int) -> list[int]:
    path = [at]
    for y in range(row, 0, -1):
        at += int(came[y, at])
        path.append(at)
    return path[::-1]


def _choose(total: NDArray[np.float32], stroke: float, bounds: tuple[int, int]) -> list[int]:
    """The middles of the valleys of the cost, the cheapest first taken, apart from each other."""
    most, apart = bounds
    edge = np.concatenate(([np.inf], total, [np.inf]))
    # A valley's floor is flat where the seams of several columns run together.
    starts = np.flatnonzero(np.diff(edge) != 0)
    floors = [
        ((a + b - 1) // 2, float(total[a]))
        for a, b in zip(starts[:-1].tolist(), starts[1:].tolist(), strict=True)
        if edge[a] > total[a] < edge[b + 1]
    ]
    taken: list[int] = []
    for at, cost in sorted(floors, key=lambda floor: floor[1]):
        far = all(abs(at - other) >= apart for other in taken)
        inside = apart <= at < len(total) - apart
        if far and inside and cost <= _DEAREST * stroke and len(taken) < most:
            taken.append(at)
    return sorted(taken)
