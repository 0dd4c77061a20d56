"""A digit and a random generator in → pen strokes out, as quick hands write them on cheques.

Beside the rare ways of `penmanship`: a 1 that rises from the line, a 9 like a P, a 5 like a root
sign, a 4 like an h, a 2 and a 0 whose loops stay open or go on. Nobody's data: every point is
varied, so that the shapes teach and no one drawing is learned by heart.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from inkdigits.data.strokes import Stroke

_Rng = np.random.Generator
_Points = list[tuple[float, float]]

_SHAKE = 0.03  # of the digit's height: how far every point strays


def write_quickly(digit: int, rng: _Rng) -> list[Stroke]:
    """Write a digit as a quick hand does.

    Args:
        digit: 0 to 9.
        rng: all randomness.

    Returns:
        Strokes, (P, 2) each, about 1 high, y up.
    """
    ways = _WAYS[digit]
    strokes = ways[rng.integers(len(ways))](rng)
    return [
        _curve(np.array(points) + rng.normal(0, _SHAKE, (len(points), 2))) for points in strokes
    ]


def _curve(knots: NDArray[np.float64]) -> Stroke:
    """Run a smooth line near the knots, from the first to the last (Chaikin's corner cutting)."""
    for _ in range(3):
        near, far = 0.75 * knots[:-1] + 0.25 * knots[1:], 0.25 * knots[:-1] + 0.75 * knots[1:]
        inner = np.stack([near, far], axis=1).reshape(-1, 2)
        knots = np.concatenate([knots[:1], inner, knots[-1:]])
    return knots.astype(np.float32)


def _arc(x: float, y: float, half: tuple[float, float], turn: tuple[float, float]) -> _Points:
    """Points on an ellipse; angles in degrees, 0 to the right, 90 up."""
    angles = np.radians(np.linspace(turn[0], turn[1], 10))
    across, up = x + half[0] * np.cos(angles), y + half[1] * np.sin(angles)
    return list(zip(across.tolist(), up.tolist(), strict=True))


def _rising_one(rng: _Rng) -> list[_Points]:
    """Rise from far below to the top, and come down."""
    start, lean = (rng.uniform(-0.5, 0.1), rng.uniform(0.05, 0.6)), rng.uniform(-0.1, 0.25)
    top = (0.45, 1.0)
    return [[start, (0.2, 0.75), top, top, (0.45 - lean / 2, 0.5), (0.45 - lean, 0.0)]]


def _looped_two(rng: _Rng) -> list[_Points]:
    """Begin with a curl, end with a loop on the line and a tail."""
    head = _arc(0.42, 0.72, (rng.uniform(0.22, 0.36), 0.28), (rng.uniform(150, 260), -45))
    loop = _arc(0.16, 0.1, (rng.uniform(0.08, 0.2), rng.uniform(0.06, 0.14)), (60, 300))
    tail = [(0.5, rng.uniform(-0.02, 0.06)), (rng.uniform(0.7, 1.1), rng.uniform(-0.08, 0.15))]
    return [head + loop + tail]


def _hooked_two(rng: _Rng) -> list[_Points]:
    """Write a 2 like a Q: a round head, the foot is one wave."""
    head = _arc(0.4, 0.66, (rng.uniform(0.25, 0.38), 0.34), (rng.uniform(170, 290), -60))
    low = rng.uniform(-0.05, 0.08)
    return [[*head, (0.2, 0.08), (0.0, 0.06), (0.3, 0.12), (0.6, low), (0.9, low + 0.05)]]


def _flat_three(rng: _Rng) -> list[_Points]:
    roof = [(rng.uniform(0, 0.2), 0.95), (0.7, 1.0), (0.7, 1.0), (0.35, 0.62), (0.35, 0.62)]
    return [roof + _arc(0.36, 0.28, (rng.uniform(0.25, 0.4), 0.32), (80, rng.uniform(-190, -120)))]


def _four_like_h(rng: _Rng) -> list[_Points]:
    """Come down and turn up into a cup; a stem that hardly rises above it."""
    deep, right = rng.uniform(0.12, 0.5), rng.uniform(0.5, 0.75)
    cup = [
        (rng.uniform(0.1, 0.3), 1.0),
        (0.06, deep + 0.1),
        (0.1, deep),
        (right - 0.1, deep + 0.05),
    ]
    stem = [
        (right, min(0.85, deep + rng.uniform(0.1, 0.5))),
        (right - 0.04, 0.5 * deep),
        (right - rng.uniform(0, 0.2), 0.0),
    ]
    return [cup, stem] if rng.random() < 0.5 else [[*cup, stem[0], stem[0], *stem[1:]]]


def _root_five(rng: _Rng) -> list[_Points]:
    """Write a 5 in one stroke like a root sign or a long s: its bar follows at the end."""
    foot = (rng.uniform(0.1, 0.25), rng.uniform(0.0, 0.12))
    hook = [(rng.uniform(-0.05, 0.05), 0.2), foot, (0.32, 0.2)]
    neck = [(0.3, 0.6), (rng.uniform(0.3, 0.45), 0.95)]
    bar = [(0.42, 0.97), (0.42, 0.97), (rng.uniform(0.75, 1.1), rng.uniform(0.92, 1.05))]
    return [hook + neck + bar]


def _loose_five(rng: _Rng) -> list[_Points]:
    """Draw the body as an s; the bar flies apart from it."""
    body = [(0.3, 0.92), (0.22, 0.6), (0.24, 0.56)]
    belly = _arc(0.32, 0.28, (rng.uniform(0.2, 0.36), 0.28), (100, rng.uniform(-150, -100)))
    gap = rng.uniform(0.02, 0.2)
    bar = [(0.3 + gap, 0.95), (0.6 + gap, 0.97), (rng.uniform(0.8, 1.1), rng.uniform(0.95, 1.1))]
    return [body + belly, bar]


def _six_like_b(rng: _Rng) -> list[_Points]:
    bow = [(rng.uniform(0.2, 0.7), 1.0), (0.18, 0.6), (0.12, 0.25)]
    return [bow + _arc(0.38, 0.2, (0.26, 0.2), (180, rng.uniform(480, 540)))]


def _barred_seven(rng: _Rng) -> list[_Points]:
    """A wave for a roof, a long bar: in a hurry a +."""
    roof = [(0.05, rng.uniform(0.75, 0.9)), (0.15, 0.97), (0.45, 0.9), (0.75, 0.98), (0.75, 0.98)]
    foot, level = rng.uniform(0.15, 0.45), rng.uniform(0.38, 0.6)
    stem = [(foot + 0.5 * (0.75 - foot), 0.5), (foot, 0.0)]
    middle, half = foot + (0.75 - foot) * level, rng.uniform(0.2, 0.42)
    tilt = rng.normal(0.03, 0.05)
    return [
        roof + stem,
        [(middle - half, level - tilt), (middle, level), (middle + half, level + tilt)],
    ]


def _crossed_seven(rng: _Rng) -> list[_Points]:
    """Leave of the roof a hook or nothing, and cross the stem: a + whose foot leans."""
    foot, top, level = rng.uniform(-0.05, 0.35), rng.uniform(0.4, 0.65), rng.uniform(0.45, 0.65)
    hook = [(top - rng.uniform(0, 0.35), rng.uniform(0.8, 1.0)), (top - 0.04, 0.97)]
    middle, half = foot + (top - foot) * level, rng.uniform(0.25, 0.5)
    tilt = rng.normal(0.04, 0.06)
    bar = [(middle - half, level - tilt), (middle, level), (middle + half, level + tilt)]
    stem = [(top, 0.95), (top, 0.95), (foot + 0.55 * (top - foot), 0.5), (foot, 0.0)]
    return [hook * (rng.random() < 0.8) + stem, bar]


def _round_seven(rng: _Rng) -> list[_Points]:
    """Round the head like a 2's; only the bar, and no foot, tells it."""
    head = _arc(0.35, 0.78, (rng.uniform(0.2, 0.32), 0.22), (rng.uniform(140, 200), -20))
    foot, level = rng.uniform(0.0, 0.4), rng.uniform(0.3, 0.55)
    middle, half = foot + 0.3 * level, rng.uniform(0.15, 0.35)
    bar = [(middle - half, level), (middle, level), (middle + half, level + rng.normal(0.02, 0.04))]
    return [[*head, (foot + 0.12, 0.35), (foot, 0.0)], bar]


def _eight_from_below(rng: _Rng) -> list[_Points]:
    """Begin in the middle or at the right and cross once: the upper loop may stay open."""
    start = [(rng.uniform(0.55, 0.85), rng.uniform(0.75, 1.0)), (0.45, 0.98)]
    down = [(0.2, 0.82), (0.3, 0.6), (0.55, 0.42), (0.62, 0.2)]
    up = [(0.35, 0.0), (0.1, 0.16), (0.25, 0.42), (0.5, 0.65), (rng.uniform(0.5, 0.75), 0.9)]
    return [start + down + up]


def _nine_like_p(rng: _Rng) -> list[_Points]:
    """Come down on the left, or from the loop's far side, and close a loop at the top."""
    wide, low = rng.uniform(0.25, 0.42), rng.uniform(0.4, 0.55)
    foot = (rng.uniform(-0.1, 0.15), 0.0)
    loop = [(0.1, 0.9), (0.25, 1.0), (0.25 + wide, 0.85), (0.2 + wide, low + 0.05), (0.15, low)]
    stem = [(rng.uniform(0.12, 0.25), rng.uniform(0.85, 0.95)), (0.15, 0.5), foot]
    return [stem, loop] if rng.random() < 0.6 else [[*loop, (0.12, low), foot]]


def _nine_like_e(rng: _Rng) -> list[_Points]:
    """Begin in the middle, go up around the right, and come down on the left."""
    low, wide = rng.uniform(0.4, 0.6), rng.uniform(0.25, 0.45)
    loop = [(rng.uniform(0.0, 0.2), low), (wide, low + 0.03), (0.2 + wide, 0.78), (0.4, 1.0)]
    stem = [(0.15, 0.82), (0.1, 0.45), (rng.uniform(-0.05, 0.2), rng.uniform(0.0, 0.1))]
    return [[*loop, *stem, (rng.uniform(-0.1, 0.4), 0.0)]]


def _nine_like_g(rng: _Rng) -> list[_Points]:
    ring = _arc(0.4, 0.72, (rng.uniform(0.22, 0.36), 0.25), (rng.uniform(30, 80), 360))
    tail = [(0.6, 0.4), (0.5, 0.1), (0.25, -0.02), (rng.uniform(-0.1, 0.1), rng.uniform(0.1, 0.3))]
    return [ring + tail]


def _open_zero(rng: _Rng) -> list[_Points]:
    """Do not close the ring, or run past its end with a curl to the right."""
    start = rng.uniform(60, 140)
    ring = _arc(0.4, 0.5, (rng.uniform(0.25, 0.42), 0.5), (start, start + rng.uniform(290, 400)))
    curl = [(0.6, rng.uniform(0.85, 1.05)), (rng.uniform(0.75, 1.0), rng.uniform(0.85, 1.0))]
    return [ring + curl] if rng.random() < 0.6 else [ring]


_WAYS: dict[int, tuple[Callable[[_Rng], list[_Points]], ...]] = {
    0: (_open_zero,),
    1: (_rising_one,),
    2: (_looped_two, _hooked_two),
    3: (_flat_three,),
    4: (_four_like_h,),
    5: (_root_five, _loose_five),
    6: (_six_like_b,),
    7: (_barred_seven, _crossed_seven, _round_seven),
    8: (_eight_from_below,),
    9: (_nine_like_p, _nine_like_e, _nine_like_g),
}
