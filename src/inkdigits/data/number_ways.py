"""How quick hands write a digit → points that a pen passes near, drawn anew each time.

Beside the rare ways of `penmanship`: a 1 that rises from the line or is a loop, a 9 like a P or
a Q, a 5 like a root sign, a 4 like an h or a y, a 7 like an f, a 2 and a 0 whose loops stay open
or go on. Each is a function of a random generator, from which it takes its proportions. Points
are (x, y), y up, on a digit that is 1 high.
"""

from collections.abc import Callable

import numpy as np

from inkdigits.data.penmanship import Points, across, arc, cross

_Rng = np.random.Generator


def _rising_one(rng: _Rng) -> list[Points]:
    """Rise from far below to the top, and come down."""
    start, lean = (rng.uniform(-0.5, 0.1), rng.uniform(0.05, 0.6)), rng.uniform(-0.1, 0.25)
    top = (0.45, 1.0)
    down = [(0.45 - lean / 2, 0.5), (0.45 - lean, 0.0)]
    if rng.random() < 0.3:  # and go on to the right
        down += [(0.5 - lean, 0.0), (rng.uniform(0.65, 0.9) - lean, rng.uniform(0.1, 0.4))]
    return [[start, (0.2, 0.75), top, top, *down]]


def _pointed_one(rng: _Rng) -> list[Points]:
    """Draw a wide Λ of two straight legs; the left is too steep for the roof of a 7."""
    left, foot = rng.uniform(-0.65, 0.0), rng.uniform(0.1, 0.55)
    low, bend = rng.uniform(0.0, min(0.5, 0.65 + 0.6 * left)), rng.normal(0, 0.04)
    top, knee = (0.45, 1.0), (0.22 + left / 2, 0.5 + low / 2 + bend)
    down = [(0.22 + foot / 2, 0.5), (foot, 0.0)]
    if rng.random() < 0.3:  # and go on to the right
        down += [(foot + 0.05, 0.0), (foot + rng.uniform(0.1, 0.2), rng.uniform(0.1, 0.4))]
    return [[(left, low), knee, top, top, *down]]


def _looped_one(rng: _Rng) -> list[Points]:
    """Rise, turn back in a narrow loop, and come straight down: an l of the school's hand."""
    wide, low = rng.uniform(0.05, 0.22), rng.uniform(0.35, 0.65)
    start = [(rng.uniform(-0.2, 0.1), low - rng.uniform(0.0, 0.35)), (0.12, low)]
    loop = [(0.14 + wide, 0.8), (0.15 + wide / 2, 1.0), (0.15 - wide / 4, 0.85)]
    foot = [(0.12, 0.4), (rng.uniform(0.02, 0.18), 0.0)]
    return [start + loop + foot]


def _hooked_one(rng: _Rng) -> list[Points]:
    """End in a hook to the right, like a printed t or l."""
    lean, deep = rng.uniform(-0.1, 0.2), rng.uniform(0.08, 0.25)
    foot, end = rng.uniform(0.05, 0.15), rng.uniform(0.2, 0.42)
    stem = [(0.1 + lean, 1.0), (0.07 + lean / 2, 0.5), (0.05, deep)]
    return [[*stem, (foot, 0.0), (end, rng.uniform(0.02, deep))]]


def _looped_two(rng: _Rng) -> list[Points]:
    """Begin with a curl, end with a loop on the line and a tail."""
    head = arc((0.42, 0.72), (rng.uniform(0.22, 0.36), 0.28), (rng.uniform(150, 340), -45))
    loop = arc((0.16, 0.1), (rng.uniform(0.08, 0.2), rng.uniform(0.06, 0.14)), (60, 300))
    tail = [(0.5, rng.uniform(-0.02, 0.06)), (rng.uniform(0.7, 1.1), rng.uniform(-0.08, 0.15))]
    return [head + loop + tail]


def _hooked_two(rng: _Rng) -> list[Points]:
    """Write a 2 like a Q: a round head, the foot is one wave."""
    head = arc((0.4, 0.66), (rng.uniform(0.25, 0.38), 0.34), (rng.uniform(170, 340), -60))
    low = rng.uniform(-0.05, 0.08)
    return [[*head, (0.2, 0.08), (0.0, 0.06), (0.3, 0.12), (0.6, low), (0.9, low + 0.05)]]


def _flat_three(rng: _Rng) -> list[Points]:
    roof = [(rng.uniform(0, 0.2), 0.95), (0.7, 1.0), (0.7, 1.0), (0.35, 0.62), (0.35, 0.62)]
    return [roof + arc((0.36, 0.28), (rng.uniform(0.25, 0.4), 0.32), (80, rng.uniform(-190, -120)))]


def _four_like_h(rng: _Rng) -> list[Points]:
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


def _four_like_y(rng: _Rng) -> list[Points]:
    """Draw a round cup, open above, and a stem that is as high: a y that stands on the line."""
    low, right = rng.uniform(0.35, 0.6), rng.uniform(0.45, 0.75)
    left = right - rng.uniform(0.3, 0.6)
    cup = [(left + 0.05, rng.uniform(0.85, 1.05)), (left, low + 0.1), (left + 0.1, low)]
    rise = [(right - 0.12, low + rng.uniform(0.02, 0.12)), (right, rng.uniform(0.85, 1.0))]
    stem = [(right - 0.05, 0.45), (right - rng.uniform(0.0, 0.25), 0.0)]
    return [[*cup, *rise, rise[1], *stem]]


def _root_five(rng: _Rng) -> list[Points]:
    """Write a 5 in one stroke like a root sign or a long s: its bar follows at the end."""
    foot = (rng.uniform(0.1, 0.25), rng.uniform(0.0, 0.12))
    hook = [(rng.uniform(-0.05, 0.05), 0.2), foot, (0.32, 0.2)]
    neck = [(0.3, 0.6), (rng.uniform(0.3, 0.45), 0.95)]
    bar = [(0.42, 0.97), (0.42, 0.97), (rng.uniform(0.75, 1.1), rng.uniform(0.92, 1.05))]
    return [hook + neck + bar]


def _pointed_five(rng: _Rng) -> list[Points]:
    """Write a check mark, at times without its short side, and a bar from its top to the right."""
    foot, top = (rng.uniform(0.05, 0.25), 0.0), (rng.uniform(0.3, 0.55), rng.uniform(0.85, 1.0))
    hook = [(foot[0] - rng.uniform(0.05, 0.25), rng.uniform(0.15, 0.5)), foot]
    bar = [
        (top[0] + rng.uniform(-0.05, 0.12), top[1] + rng.uniform(-0.03, 0.06)),
        (top[0] + rng.uniform(0.3, 0.7), top[1] + rng.uniform(-0.05, 0.12)),
    ]
    mark = [*(hook if rng.random() < 0.7 else []), foot, foot, top]
    return [mark, [bar[0], *bar, bar[1]]] if rng.random() < 0.5 else [[*mark, top, bar[1]]]


def _loose_five(rng: _Rng) -> list[Points]:
    """Draw the body as an s; the bar flies apart from it."""
    body = [(0.3, 0.92), (0.22, 0.6), (0.24, 0.56)]
    belly = arc((0.32, 0.28), (rng.uniform(0.2, 0.36), 0.28), (100, rng.uniform(-150, -100)))
    gap = rng.uniform(0.02, 0.2)
    bar = [(0.3 + gap, 0.95), (0.6 + gap, 0.97), (rng.uniform(0.8, 1.1), rng.uniform(0.95, 1.1))]
    return [body + belly, bar]


def _six_like_b(rng: _Rng) -> list[Points]:
    bow = [(rng.uniform(0.2, 0.7), 1.0), (0.18, 0.6), (0.12, 0.25)]
    return [bow + arc((0.38, 0.2), (0.26, 0.2), (180, rng.uniform(480, 540)))]


def _thin_six(rng: _Rng) -> list[Points]:
    """Come down, and make of the ring a narrow loop or a hook that does not close."""
    half, high = rng.uniform(0.06, 0.16), rng.uniform(0.1, 0.22)
    stem = [(rng.uniform(0.05, 0.35), 1.0), (0.08, 0.55), (0.02, 0.25)]
    return [stem + arc((half, high), (half, high), (190, rng.uniform(370, 540)))]


def _barred_seven(rng: _Rng) -> list[Points]:
    """A wave for a roof, a long bar: in a hurry a +."""
    roof = [(0.05, rng.uniform(0.75, 0.9)), (0.15, 0.97), (0.45, 0.9), (0.75, 0.98), (0.75, 0.98)]
    foot, level = rng.uniform(0.15, 0.45), rng.uniform(0.38, 0.6)
    stem = [(foot + 0.5 * (0.75 - foot), 0.5), (foot, 0.0)]
    middle, half = foot + (0.75 - foot) * level, rng.uniform(0.2, 0.42)
    tilt = rng.normal(0.03, 0.05)
    return [roof + stem, across((middle, level), (half, half), tilt)]


def _crossed_seven(rng: _Rng) -> list[Points]:
    """Leave of the roof a hook or nothing, and cross the stem: a + whose foot leans."""
    foot, top, level = rng.uniform(-0.05, 0.35), rng.uniform(0.4, 0.65), rng.uniform(0.45, 0.65)
    hook = [(top - rng.uniform(0, 0.35), rng.uniform(0.8, 1.0)), (top - 0.04, 0.97)]
    middle, half = foot + (top - foot) * level, rng.uniform(0.25, 0.5)
    tilt = rng.normal(0.04, 0.06)
    bar = across((middle, level), (half, half), tilt)
    stem = [(top, 0.95), (top, 0.95), (foot + 0.55 * (top - foot), 0.5), (foot, 0.0)]
    return [hook * (rng.random() < 0.8) + stem, bar]


def _round_seven(rng: _Rng) -> list[Points]:
    """Round the head like a 2's; only the bar, and no foot, tells it."""
    head = arc((0.35, 0.78), (rng.uniform(0.2, 0.32), 0.22), (rng.uniform(140, 200), -20))
    foot, level = rng.uniform(0.0, 0.4), rng.uniform(0.22, 0.55)
    middle, half = foot + 0.3 * level, rng.uniform(0.15, 0.35)
    bar = [(middle - half, level), (middle, level), (middle + half, level + rng.normal(0.02, 0.04))]
    return [[*head, (foot + 0.12, 0.35), (foot, 0.0)], bar]


def _cupped_seven(rng: _Rng) -> list[Points]:
    """Sink the roof to a cup: with its bar a y that is crossed."""
    deep, top = rng.uniform(0.65, 0.85), (rng.uniform(0.5, 0.75), rng.uniform(0.9, 1.0))
    cup = [(rng.uniform(0.0, 0.12), rng.uniform(0.85, 1.05)), (0.1, deep), (0.25, deep - 0.02)]
    foot = (rng.uniform(0.1, 0.45), 0.0)
    stem = [top, top, ((top[0] + foot[0]) / 2, 0.5), foot]
    bar = cross(top, foot, rng)
    return [cup + stem, bar] if rng.random() < 0.85 else [cup + stem]


def _looped_seven(rng: _Rng) -> list[Points]:
    """Cross a looped 1: an f."""
    (one,) = _looped_one(rng)
    return [one, cross((0.2, 1.0), one[-1], rng)]


def _eight_from_below(rng: _Rng) -> list[Points]:
    """Begin in the middle or at the right and cross once: the upper loop may stay open."""
    start = [(rng.uniform(0.55, 0.85), rng.uniform(0.75, 1.0)), (0.45, 0.98)]
    down = [(0.2, 0.82), (0.3, 0.6), (0.55, 0.42), (0.62, 0.2)]
    up = [(0.35, 0.0), (0.1, 0.16), (0.25, 0.42), (0.5, 0.65), (rng.uniform(0.5, 0.75), 0.9)]
    return [start + down + up]


def _thin_eight(rng: _Rng) -> list[Points]:
    """Write an S and come back near it: both loops are narrow, at times one is none."""
    upper, lower = rng.uniform(0.03, 0.16), rng.uniform(0.02, 0.16)
    lean, open_by = rng.uniform(0.0, 0.25), rng.uniform(-0.05, 0.15)
    down = [(upper + lean, 0.9), (lean, 1.0), (lean - upper, 0.8), (lean / 2, 0.52)]
    turn = [(lower, 0.2), (0.0, 0.0), (-lower, 0.2), (lean / 2, 0.5)]
    return [[*down, *turn, (lean + upper + open_by, rng.uniform(0.8, 1.0))]]


def _thin_nine(rng: _Rng) -> list[Points]:
    """Make of the ring a narrow loop or a cup, beside a long stem."""
    half, high = rng.uniform(0.06, 0.16), rng.uniform(0.1, 0.22)
    ring = arc((half, 1 - high), (half, high), (rng.uniform(20, 140), 350))
    lean = rng.uniform(0.0, 0.25)
    return [[*ring, (2 * half, 0.95), (2 * half, 0.95), (2 * half - lean, 0.0)]]


def _nine_like_p(rng: _Rng) -> list[Points]:
    """Come down on the left, or from the loop's far side, and close a loop at the top."""
    wide, low = rng.uniform(0.25, 0.42), rng.uniform(0.4, 0.55)
    foot = (rng.uniform(-0.1, 0.15), 0.0)
    loop = [(0.1, 0.9), (0.25, 1.0), (0.25 + wide, 0.85), (0.2 + wide, low + 0.05), (0.15, low)]
    stem = [(rng.uniform(0.12, 0.25), rng.uniform(0.85, 0.95)), (0.15, 0.5), foot]
    return [stem, loop] if rng.random() < 0.6 else [[*loop, (0.12, low), foot]]


def _nine_like_e(rng: _Rng) -> list[Points]:
    """Begin in the middle, go up around the right, and come down on the left."""
    low, wide = rng.uniform(0.4, 0.6), rng.uniform(0.25, 0.45)
    loop = [(rng.uniform(0.0, 0.2), low), (wide, low + 0.03), (0.2 + wide, 0.78), (0.4, 1.0)]
    stem = [(0.15, 0.82), (0.1, 0.45), (rng.uniform(-0.05, 0.2), rng.uniform(0.0, 0.1))]
    return [[*loop, *stem, (rng.uniform(-0.1, 0.4), 0.0)]]


def _nine_like_q(rng: _Rng) -> list[Points]:
    """Close the ring at its left, and leave it downwards or to the right."""
    half, high = rng.uniform(0.22, 0.45), rng.uniform(0.18, 0.3)
    start = rng.uniform(180, 250)
    ring = arc((0.4, 1 - high), (half, high), (start, start - rng.uniform(340, 400)))
    end = rng.uniform(0.05, 1.0)
    return [[*ring, (0.3 + end / 5, 0.25), (end, rng.uniform(0.0, 0.06))]]


def _nine_like_g(rng: _Rng) -> list[Points]:
    ring = arc((0.4, 0.72), (rng.uniform(0.22, 0.36), 0.25), (rng.uniform(30, 80), 360))
    tail = [(0.6, 0.4), (0.5, 0.1), (0.25, -0.02), (rng.uniform(-0.1, 0.1), rng.uniform(0.1, 0.3))]
    return [ring + tail]


def _open_zero(rng: _Rng) -> list[Points]:
    """Do not close the ring, or run past its end with a curl to the right."""
    start = rng.uniform(60, 140)
    if rng.random() < 0.2:  # open at the left
        start = rng.uniform(110, 170)
        turn = (start, start - rng.uniform(240, 330))
        return [arc((0.4, 0.5), (rng.uniform(0.25, 0.42), 0.5), turn)]
    ring = arc((0.4, 0.5), (rng.uniform(0.25, 0.42), 0.5), (start, start + rng.uniform(290, 400)))
    curl = [(0.6, rng.uniform(0.85, 1.05)), (rng.uniform(0.75, 1.0), rng.uniform(0.85, 1.0))]
    return [ring + curl] if rng.random() < 0.6 else [ring]


def _curled_zero(rng: _Rng) -> list[Points]:
    """Go on inside the ring, or across it."""
    half, start = rng.uniform(0.28, 0.5), rng.uniform(40, 150)
    ring = arc((0.5, 0.5), (half, 0.5), (start, start + 350))
    share, end = rng.uniform(0.3, 0.7), start + rng.uniform(420, 600)
    return [ring + arc((0.5, 0.5), (half * share, 0.5 * share), (start + 390, end))[::2]]


def _tailed_zero(rng: _Rng) -> list[Points]:
    """Come from above into the ring; it takes most of the height, in a 6 it does not."""
    high, half = rng.uniform(0.38, 0.45), rng.uniform(0.25, 0.42)
    start = rng.uniform(20, 110)
    ring = arc((0.4, high), (half, high), (start, start + rng.uniform(330, 420)))
    return [[(0.4 + rng.uniform(-0.1, 0.35), 1.0), *ring]]


WAYS: dict[int, tuple[Callable[[_Rng], list[Points]], ...]] = {
    0: (_open_zero, _curled_zero, _tailed_zero),
    1: (_rising_one, _pointed_one, _looped_one, _hooked_one),
    2: (_looped_two, _hooked_two),
    3: (_flat_three,),
    4: (_four_like_h, _four_like_y),
    5: (_root_five, _pointed_five, _loose_five),
    6: (_six_like_b, _thin_six),
    7: (_barred_seven, _crossed_seven, _round_seven, _cupped_seven, _looped_seven),
    8: (_eight_from_below, _thin_eight),
    9: (_nine_like_p, _nine_like_e, _nine_like_q, _nine_like_g, _thin_nine),
}
"""By digit. Source: drawn after cheques and forms that were read wrongly, none of them copied."""
