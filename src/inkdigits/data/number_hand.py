"""A digit, or zeros in one stroke, and a random generator in → pen strokes of a quick hand out.

Nobody's data: every point is varied, so that the shapes teach and no one drawing is learned by
heart.
"""

import numpy as np
from numpy.typing import NDArray

from inkdigits.data.number_ways import WAYS
from inkdigits.data.penmanship import trace
from inkdigits.data.strokes import Stroke

_Rng = np.random.Generator

_SHAKE = 0.03  # of the digit's height: how far every point strays
_TURN = 10  # points of one zero of several


def write_quickly(digit: int, rng: _Rng, habit: _Rng | None = None) -> list[Stroke]:
    """Write a digit as a quick hand does.

    Args:
        digit: 0 to 9.
        rng: all randomness.
        habit: of the way and its proportions, if that is another: from the same state they are
            the same, as far as one person writes a digit twice alike.

    Returns:
        Strokes, (P, 2) each, about 1 high, y up.
    """
    ways, habit = WAYS[digit], habit or rng
    strokes = ways[habit.integers(len(ways))](habit)
    return [trace(points, _SHAKE, rng) for points in strokes]


def write_zeros(count: int, rng: _Rng) -> list[Stroke]:
    """Write zeros without lifting the pen: rings that hang together below or above.

    Args:
        count: at least 1.
        rng: all randomness.

    Returns:
        One stroke, (P, 2), about 1 high, y up; each ring takes as much room to the right.
    """
    points = (_coil if rng.random() < 0.5 else _linked)(count, rng)
    return [trace(points, 0.7 * _SHAKE, rng)]


def _coil(count: int, rng: _Rng) -> NDArray[np.float64]:
    """Cross below each ring and go on along the line, like eee."""
    half, haste = rng.uniform(0.28, 0.6), rng.uniform(-0.2, 0.9)
    step = half * rng.uniform(1.5, 2.6)
    first, last = rng.uniform(-0.25, 0.1), rng.uniform(-0.15, 0.35)
    turn = np.linspace(first, count + last, round(_TURN * (count + last - first)))
    size = np.interp(turn, np.arange(count), rng.uniform(0.75, 1.0, count))
    # Between two rings the pen hurries to the right.
    x = step * (turn + haste * np.sin(2 * np.pi * turn) / (2 * np.pi))
    x += half * size * np.sin(2 * np.pi * turn)
    return np.stack([x, 0.5 * size * (1 - np.cos(2 * np.pi * turn))], axis=1)


def _linked(count: int, rng: _Rng) -> NDArray[np.float64]:
    """Close each ring above, and go on from there to the next, like ooo."""
    half, start = rng.uniform(0.3, 0.6), rng.uniform(0.1, 0.4) * np.pi
    step = half * rng.uniform(1.7, 2.8)
    rings = []
    for place in range(count):
        turn = start + np.linspace(0, rng.uniform(1.75, 2.15) * np.pi, _TURN)
        ring = np.stack([half * np.cos(turn), 0.5 + 0.5 * np.sin(turn)], axis=1)
        rings.append(ring * rng.uniform(0.75, 1.0) + (place * step, 0))
    if rng.random() < 0.4:  # a last stroke leads away
        end = (count - 1) * step + half * rng.uniform(1.2, 2.2)
        rings.append(np.array([[end, rng.uniform(0.6, 1.0)]]))
    return np.concatenate(rings)
