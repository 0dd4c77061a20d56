"""A digit and a random generator in → pen strokes out, in ways of writing that few data sets show.

MNIST is American and UNIPEN's writers are few. Here are the other ways that people learn at
school: a 1 with a flag and a foot, a 7 with a bar, an open 4, a 9 that hooks. Every point is
varied, so that the shapes teach and no one drawing is learned by heart.
"""

from collections.abc import Callable
from functools import partial

import numpy as np
from numpy.typing import ArrayLike

from inkdigits.data.pen_points import Points, arc
from inkdigits.data.strokes import Stroke

_arc = partial(arc, count=9)

_SHAKE = 0.04  # of the digit's height: how far every point strays


def write(digit: int, rng: np.random.Generator) -> list[Stroke]:
    """Write a digit in one of its rarer ways.

    Args:
        digit: 0 to 9.
        rng: all randomness.

    Returns:
        Strokes, (P, 2) each, about 1 high, y up.
    """
    return [trace(points, _SHAKE, rng) for points in _WAYS[digit](rng)]


def trace(points: ArrayLike, shake: float, rng: np.random.Generator) -> Stroke:
    """Lead a smooth line near points that stray, from the first to the last.

    Args:
        points: (P, 2).
        shake: how far each strays, in their unit.
        rng: all randomness.

    Source:
        Chaikin, "An algorithm for high-speed curve generation" (1974): corners are cut.
    """
    knots = np.asarray(points, np.float64)
    knots = knots + rng.normal(0, shake, knots.shape)
    for _ in range(3):
        near, far = 0.75 * knots[:-1] + 0.25 * knots[1:], 0.25 * knots[:-1] + 0.75 * knots[1:]
        inner = np.stack([near, far], axis=1).reshape(-1, 2)
        knots = np.concatenate([knots[:1], inner, knots[-1:]])
    return knots.astype(np.float32)


def _zero(rng: np.random.Generator) -> list[Points]:
    half = rng.uniform(0.22, 0.45)
    start, turn = rng.uniform(60, 130), rng.uniform(335, 395)
    ring = _arc((0.5, 0.5), (half, 0.5), (start, start + turn))
    slash = [(0.5 - half, rng.uniform(0, 0.3)), (0.5 + half, rng.uniform(0.7, 1.0))]
    return [ring, _straight(slash)] if rng.random() < 0.5 else [ring]


def _one(rng: np.random.Generator) -> list[Points]:
    """Give a stem with a flag, often with a foot: the flag falls steeply, a 7's roof does not."""
    lean = rng.uniform(-0.1, 0.25)
    top, bottom = (0.5 + lean / 2, 1.0), (0.5 - lean / 2, 0.0)
    angle, length = np.radians(rng.uniform(32, 68)), rng.uniform(0.18, 0.75)
    flag = (top[0] - length * float(np.cos(angle)), 1 - length * float(np.sin(angle)))
    strokes = [_straight([flag, top]) + _straight([top, bottom])]
    if rng.random() < 0.55:
        left, right = rng.uniform(0.1, 0.35, 2)
        tilt = rng.normal(0, 0.03)
        strokes.append(_straight([(bottom[0] - left, -tilt), (bottom[0] + right, tilt)]))
    return strokes


def _two(rng: np.random.Generator) -> list[Points]:
    head = _arc((0.45, 0.72), (rng.uniform(0.24, 0.34), 0.28), (rng.uniform(140, 190), -40))
    loop = _arc((0.2, 0.1), (0.12, rng.uniform(0.06, 0.12)), (60, 290))
    foot = [(0.5, rng.uniform(0.0, 0.06)), (rng.uniform(0.75, 0.95), rng.uniform(-0.03, 0.12))]
    corner = [(0.15, 0.02), (0.5, 0.0), (0.85, 0.02)]
    return [head + loop + foot] if rng.random() < 0.5 else [head + corner]


def _three(rng: np.random.Generator) -> list[Points]:
    belly = _arc((0.42, 0.3), (rng.uniform(0.25, 0.38), 0.3), (95, rng.uniform(-160, -110)))
    if rng.random() < 0.6:  # a flat roof and a slanted neck
        return [
            _straight([(0.12, 0.98), (0.75, 1.0)]) + _straight([(0.75, 1.0), (0.4, 0.6)]) + belly
        ]
    return [_arc((0.42, 0.8), (0.26, 0.2), (150, -80)) + belly]


def _four(rng: np.random.Generator) -> list[Points]:
    level = rng.uniform(0.3, 0.5)
    left, right = rng.uniform(0.0, 0.15), rng.uniform(0.75, 1.0)
    top = rng.uniform(0.15, 0.55)
    arm = _straight([(top, 1.0), (left, level)]) + _straight([(left, level), (right, level)])
    stem_at = rng.uniform(0.55, 0.75)
    stem = _straight([(stem_at + 0.05, rng.uniform(0.55, 1.0)), (stem_at - 0.05, 0.0)])
    if rng.random() < 0.3:  # a lightning: one stroke, the stem hangs from the arm's end
        slip = rng.uniform(-0.05, 0.12)
        end = (right, level + slip)
        return [
            _straight([(top + 0.1, 1.0), (left, level)])
            + _straight([(left, level), end])
            + _straight([end, (right - rng.uniform(0.1, 0.35), 0.0)])
        ]
    return [arm, stem]


def _five(rng: np.random.Generator) -> list[Points]:
    body = _arc((0.42, 0.32), (rng.uniform(0.28, 0.4), 0.32), (120, -140))
    neck = _straight([(0.25, 0.98), (rng.uniform(0.18, 0.3), 0.58)])
    gap, rise = rng.uniform(-0.02, 0.12), rng.uniform(-0.05, 0.12)
    bar = _straight([(0.25 + gap, 0.98), (rng.uniform(0.65, 0.95), 0.98 + rise)])
    return [neck + body, bar]


def _six(rng: np.random.Generator) -> list[Points]:
    start = (rng.uniform(0.45, 0.9), rng.uniform(0.9, 1.0))
    bow = [start, (0.35, 0.8), (0.18, 0.5)]
    ring = _arc((0.48, 0.28), (rng.uniform(0.26, 0.36), 0.28), (170, rng.uniform(480, 560)))
    return [bow + ring]


def _seven(rng: np.random.Generator) -> list[Points]:
    slope = rng.uniform(-0.06, 0.1)
    left, right = (rng.uniform(0.0, 0.15), 0.97 - slope), (rng.uniform(0.75, 0.95), 0.97 + slope)
    foot = (rng.uniform(0.2, 0.5), 0.0)
    strokes = [_straight([left, right]) + _straight([right, foot])]
    if rng.random() < 0.45:  # a serif
        strokes[0] = [
            (left[0] + rng.normal(0, 0.02), left[1] - rng.uniform(0.08, 0.2)),
            *strokes[0],
        ]
    if rng.random() < 0.65:
        level, half = rng.uniform(0.38, 0.6), rng.uniform(0.14, 0.3)
        middle = foot[0] + (right[0] - foot[0]) * level
        tilt = rng.normal(0.02, 0.05)
        strokes.append(_straight([(middle - half, level - tilt), (middle + half, level + tilt)]))
    return strokes


def _eight(rng: np.random.Generator) -> list[Points]:
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


def _nine(rng: np.random.Generator) -> list[Points]:
    half = rng.uniform(0.2, 0.32)
    ring = _arc((0.45, 0.74), (half, rng.uniform(0.2, 0.27)), (rng.uniform(0, 40), 375))
    edge = 0.45 + half
    if rng.random() < 0.5:  # the tail comes back as in a g, or as the belly of a 3
        depth = rng.uniform(0.2, 0.36)
        tail = _arc((edge - depth, 0.22), (depth, 0.22), (50, rng.uniform(-170, -100)))
        return [[*ring, *tail]]
    return [ring + _straight([(edge, 0.75), (edge - rng.uniform(-0.05, 0.4), 0.0)])]


_WAYS: tuple[Callable[[np.random.Generator], list[Points]], ...] = (
    _zero,
    _one,
    _two,
    _three,
    _four,
    _five,
    _six,
    _seven,
    _eight,
    _nine,
)


def _straight(ends: Points) -> Points:
    """A line of four points, its ends twice: a corner stays one however it is smoothed."""
    (x, y), (to_x, to_y) = ends
    return [(x, y), (x, y), ((x + to_x) / 2, (y + to_y) / 2), (to_x, to_y), (to_x, to_y)]
