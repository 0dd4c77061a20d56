"""A digit and a random generator in → pen strokes out, in ways of writing that few data sets show.

MNIST is American and UNIPEN's writers are few. Here are the other ways that people learn at
school: a 1 with a flag and a foot, a 7 with a bar, an open 4, a 9 that hooks. Every point is
varied, so that the shapes teach and no one drawing is learned by heart.
"""

from collections.abc import Callable
from functools import partial
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

from inkdigits.data.strokes import Stroke

_Rng = np.random.Generator
Points = list[tuple[float, float]]
"""Points that a pen passes near: (x, y), y up, on a digit that is 1 high."""

_SHAKE = 0.04  # of the digit's height: how far every point strays


def write(digit: int, rng: _Rng) -> list[Stroke]:
    """Write a digit in one of its rarer ways.

    Args:
        digit: 0 to 9.
        rng: all randomness.

    Returns:
        Strokes, (P, 2) each, about 1 high, y up.
    """
    return [trace(points, _SHAKE, rng) for points in _WAYS[digit](rng)]


def trace(points: ArrayLike, shake: float, rng: _Rng) -> Stroke:
    """Lead a smooth line near points that stray, from the first to the last.

    Args:
        points: (P, 2).
        shake: how far each strays, in their unit.
        rng: all randomness.

    """
    knots = np.asarray(points, np.float64)
    return cut_corners(knots + rng.normal(0, shake, knots.shape), keep_ends=True)


def cut_corners(knots: NDArray[np.float64], *, keep_ends: bool) -> Stroke:
    """Run a smooth line through the middles of the sides of a polygon, between its ends.

    Source:
        Chaikin, "An algorithm for high-speed curve generation" (1974).
    """
    for _ in range(3):
        near, far = 0.75 * knots[:-1] + 0.25 * knots[1:], 0.25 * knots[:-1] + 0.75 * knots[1:]
        inner = np.stack([near, far], axis=1).reshape(-1, 2)
        knots = np.concatenate([knots[:1], inner, knots[-1:]]) if keep_ends else inner
    return knots.astype(np.float32)


def arc(
    centre: tuple[float, float],
    half: tuple[float, float],
    turn: tuple[float, float],
    count: int = 10,
) -> Points:
    """Give `count` points on an ellipse; angles in degrees, 0 to the right, 90 up."""
    angles = np.radians(np.linspace(turn[0], turn[1], count))
    right, up = centre[0] + half[0] * np.cos(angles), centre[1] + half[1] * np.sin(angles)
    return list(zip(right.tolist(), up.tolist(), strict=True))


def across(middle: tuple[float, float], ends: tuple[float, float], tilt: float) -> Points:
    """Draw a bar through `middle`, so far to the left and to the right."""
    (x, y), (left, right) = middle, ends
    return [(x - left, y - tilt), (x, y), (x + right, y + tilt)]


def cross(top: tuple[float, float], foot: tuple[float, float], rng: _Rng) -> Points:
    """Cross a stem from `top` to `foot`, somewhere in its middle."""
    level, tilt = rng.uniform(0.32, 0.6), rng.normal(0.02, 0.05)
    left, right = rng.uniform(0.12, 0.35, 2).tolist()
    middle = foot[0] + (top[0] - foot[0]) * level
    return across((middle, level), (left, right), tilt)


_arc = partial(arc, count=9)


def _zero(rng: _Rng) -> list[Points]:
    half = rng.uniform(0.22, 0.45)
    start, turn = rng.uniform(60, 130), rng.uniform(335, 395)
    ring = _arc((0.5, 0.5), (half, 0.5), (start, start + turn))
    slash = [(0.5 - half, rng.uniform(0, 0.3)), (0.5 + half, rng.uniform(0.7, 1.0))]
    return [ring, _straight(*slash)] if rng.random() < 0.5 else [ring]


def _one(rng: _Rng) -> list[Points]:
    """Give a stem with a flag, often with a foot: the flag falls steeply, a 7's roof does not."""
    lean = rng.uniform(-0.1, 0.25)
    top, bottom = (0.5 + lean / 2, 1.0), (0.5 - lean / 2, 0.0)
    angle, length = np.radians(rng.uniform(32, 68)), rng.uniform(0.18, 0.75)
    flag = (top[0] - length * float(np.cos(angle)), 1 - length * float(np.sin(angle)))
    strokes = [_straight(flag, top, bottom)]
    if rng.random() < 0.55:
        left, right = rng.uniform(0.1, 0.35, 2)
        tilt = rng.normal(0, 0.03)
        strokes.append(_straight((bottom[0] - left, -tilt), (bottom[0] + right, tilt)))
    return strokes


def _two(rng: _Rng) -> list[Points]:
    head = _arc((0.45, 0.72), (rng.uniform(0.24, 0.34), 0.28), (rng.uniform(140, 190), -40))
    loop = _arc((0.2, 0.1), (0.12, rng.uniform(0.06, 0.12)), (60, 290))
    foot = [(0.5, rng.uniform(0.0, 0.06)), (rng.uniform(0.75, 0.95), rng.uniform(-0.03, 0.12))]
    corner = [(0.15, 0.02), (0.5, 0.0), (0.85, 0.02)]
    return [head + loop + foot] if rng.random() < 0.5 else [head + corner]


def _three(rng: _Rng) -> list[Points]:
    belly = _arc((0.42, 0.3), (rng.uniform(0.25, 0.38), 0.3), (95, rng.uniform(-160, -110)))
    if rng.random() < 0.6:  # a flat roof and a slanted neck
        return [_straight((0.12, 0.98), (0.75, 1.0), (0.4, 0.6)) + belly]
    return [_arc((0.42, 0.8), (0.26, 0.2), (150, -80)) + belly]


def _four(rng: _Rng) -> list[Points]:
    level = rng.uniform(0.3, 0.5)
    left, right = rng.uniform(0.0, 0.15), rng.uniform(0.75, 1.0)
    top = rng.uniform(0.15, 0.55)
    stem_at = rng.uniform(0.55, 0.75)
    stem = _straight((stem_at + 0.05, rng.uniform(0.55, 1.0)), (stem_at - 0.05, 0.0))
    if rng.random() < 0.3:  # a lightning: one stroke, the stem hangs from the arm's end
        end = (right, level + rng.uniform(-0.05, 0.12))
        foot = (right - rng.uniform(0.1, 0.35), 0.0)
        return [_straight((top + 0.1, 1.0), (left, level), end, foot)]
    return [_straight((top, 1.0), (left, level), (right, level)), stem]


def _five(rng: _Rng) -> list[Points]:
    body = _arc((0.42, 0.32), (rng.uniform(0.28, 0.4), 0.32), (120, -140))
    neck = _straight((0.25, 0.98), (rng.uniform(0.18, 0.3), 0.58))
    gap, rise = rng.uniform(-0.02, 0.12), rng.uniform(-0.05, 0.12)
    bar = _straight((0.25 + gap, 0.98), (rng.uniform(0.65, 0.95), 0.98 + rise))
    return [neck + body, bar]


def _six(rng: _Rng) -> list[Points]:
    start = (rng.uniform(0.45, 0.9), rng.uniform(0.9, 1.0))
    bow = [start, (0.35, 0.8), (0.18, 0.5)]
    ring = _arc((0.48, 0.28), (rng.uniform(0.26, 0.36), 0.28), (170, rng.uniform(480, 560)))
    return [bow + ring]


def _seven(rng: _Rng) -> list[Points]:
    slope = rng.uniform(-0.06, 0.1)
    left, right = (rng.uniform(0.0, 0.15), 0.97 - slope), (rng.uniform(0.75, 0.95), 0.97 + slope)
    foot = (rng.uniform(0.2, 0.5), 0.0)
    strokes = [_straight(left, right, foot)]
    if rng.random() < 0.45:  # a serif
        serif = (left[0] + rng.normal(0, 0.02), left[1] - rng.uniform(0.08, 0.2))
        strokes[0].insert(0, serif)
    if rng.random() < 0.65:
        level, half = rng.uniform(0.38, 0.6), rng.uniform(0.14, 0.3)
        middle = foot[0] + (right[0] - foot[0]) * level
        tilt = rng.normal(0.02, 0.05)
        strokes.append(_straight((middle - half, level - tilt), (middle + half, level + tilt)))
    return strokes


def _eight(rng: _Rng) -> list[Points]:
    upper, lower = rng.uniform(0.16, 0.26), rng.uniform(0.2, 0.32)
    if rng.random() < 0.4:  # two rings
        return [
            _arc((0.5, 0.76), (upper, 0.24), (90, 455)),
            _arc((0.5, 0.27), (lower, 0.27), (90, 455)),
        ]
    gap = rng.uniform(0, 50)  # an S that comes back, at times without closing
    return [
        _arc((0.5, 0.76), (upper, 0.24), (20 + gap, 270))
        + _arc((0.5, 0.27), (lower, 0.27), (90, -215))
        + [(0.5, 0.53), (0.5 + upper, 0.78)]
    ]


def _nine(rng: _Rng) -> list[Points]:
    half = rng.uniform(0.2, 0.32)
    ring = _arc((0.45, 0.74), (half, rng.uniform(0.2, 0.27)), (rng.uniform(0, 40), 375))
    edge = 0.45 + half
    if rng.random() < 0.5:  # the tail comes back as in a g, or as the belly of a 3
        depth = rng.uniform(0.2, 0.36)
        tail = _arc((edge - depth, 0.22), (depth, 0.22), (50, rng.uniform(-170, -100)))
        return [[*ring, *tail]]
    return [ring + _straight((edge, 0.75), (edge - rng.uniform(-0.05, 0.4), 0.0))]


_WAYS: tuple[Callable[[_Rng], list[Points]], ...] = (
    *(_zero, _one, _two, _three, _four),
    *(_five, _six, _seven, _eight, _nine),
)


def _straight(*corners: tuple[float, float]) -> Points:
    """Lines from corner to corner, with their ends twice: each stays one however it is smoothed."""
    line: Points = []
    for (x, y), (to_x, to_y) in pairwise(corners):
        line += [(x, y), (x, y), ((x + to_x) / 2, (y + to_y) / 2), (to_x, to_y), (to_x, to_y)]
    return line
