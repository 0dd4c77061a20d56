"""A random generator in → one way of writing a number out: spacing, hand, pen, form, paper, camera.

Lengths are shares of a digit's height. The figures are chosen by eye, after cheques, forms and
notes.
"""

from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np

from inkdigits.data.style import Brush, Camera, Ground, Tool, sample_style

_Rng = np.random.Generator
Form = Literal["none", "underline", "field", "rules", "comb", "squares"]
Pattern = Literal["none", "waves", "hatch", "grain"]

_PATTERNS: tuple[Pattern, ...] = ("waves", "hatch", "grain")
_BRUSHES: tuple[Brush, ...] = ("round", "pressure", "nib", "marker")


@dataclass(frozen=True, slots=True)
class Spacing:
    """How digits follow each other.

    Attributes:
        gap: mean distance of neighbours.
        spread: its standard deviation.
        kern: 0 measures the distance between boxes, 1 between outlines.
        least: outlines come no closer; negative lets them overlap.
        joined: share of neighbours that touch, as deep as `least` says.
        ligature: share of neighbours that a stroke of the pen joins.
    """

    gap: float = 0.2
    spread: float = 0.06
    kern: float = 0.5
    least: float = 0.08
    joined: float = 0.0
    ligature: float = 0.0


@dataclass(frozen=True, slots=True)
class Script:
    """How the digits of one number differ, and the line they stand on. Angles in degrees.

    `fractions` raises what is before a slash, and lowers what is after it. Zeros may be smaller
    than other digits; `zeros_joined` is the share of neighbours among them that touch,
    `zeros_chained` that of zeros in a row that are one stroke of the pen. `edge` is where in the
    soft edge of an MNIST image the stroke ends: 0.24 makes it thick, 0.62 thin.
    """

    slant: float = 0.0
    aspect: float = 1.0
    size_spread: float = 0.05
    base_spread: float = 0.03
    turn_spread_deg: float = 2.0
    slope_deg: float = 0.0
    bend: float = 0.0
    small_cents: bool = False
    fractions: bool = False
    zero_size: float = 1.0
    zeros_joined: float = 0.0
    zeros_chained: float = 0.0
    edge: float = 0.42


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the number is written on. `margin`: left, top, right, bottom; below 0 cuts it off."""

    margin: tuple[float, float, float, float] = (0.4, 0.4, 0.4, 0.4)
    form: Form = "none"
    form_strength: float = 0.5
    pattern: Pattern = "none"
    pattern_strength: float = 0.2
    neighbours: bool = False
    salt: float = 0.0
    binary: bool = False


@dataclass(frozen=True, slots=True)
class NumberStyle:
    """One whole way of writing a number. `height` is that of a digit, px; the rest see above.

    `hand` is who writes: anybody of MNIST ("images"), of UNIPEN ("strokes"), or either. `rare` is
    the share of digits in ways of writing that both have seldom, by nobody's hand.
    """

    height: float = 40.0
    hand: Literal["images", "strokes", "either"] = "either"
    rare: float = 0.0
    spacing: Spacing = Spacing()
    script: Script = Script()
    tool: Tool = field(default_factory=lambda: Tool(width=0.09))
    sheet: Sheet = Sheet()
    ground: Ground = field(default_factory=Ground)
    camera: Camera = field(default_factory=Camera)


NUMBER_STYLES: dict[str, Spacing] = {
    "spaced": Spacing(gap=0.25, spread=0.08, kern=0.5, least=0.1),
    "touching": Spacing(gap=0.08, spread=0.06, kern=0.8, least=-0.03, joined=0.6),
    "overlapping": Spacing(gap=0.0, spread=0.05, kern=0.5, least=-0.12, joined=0.7),
}
"""Ways of spacing by name, for measuring each alone."""


def sample_number_style(rng: _Rng, spacing: str | None = None) -> NumberStyle:
    """Draw one style.

    Args:
        rng: all randomness.
        spacing: a key of `NUMBER_STYLES`, to measure that alone: on plain paper, by an even hand.
            Any spacing, on any paper, where None.
    """
    if spacing is not None:
        return _plain(NUMBER_STYLES[spacing], rng)
    script, tool, chosen = _script(rng), _tool(rng), _spacing(rng)
    rare = rng.uniform(0.2, 1.0) if rng.random() < 0.45 else 0.0
    style = NumberStyle(spacing=chosen, script=script, tool=tool, rare=rare)
    draw = rng.random()
    if draw < 0.38:
        return _scanned(replace(style, height=_log(rng, 22, 60)), rng)
    if draw < 0.7:
        return _on_screen(replace(style, height=_log(rng, 18, 110)), rng)
    return _on_paper(replace(style, height=_log(rng, 24, 90)), rng)


def _plain(spacing: Spacing, rng: _Rng) -> NumberStyle:
    script = Script(
        slant=float(np.clip(rng.normal(0, 0.12), -0.3, 0.3)),
        aspect=_log(rng, 0.85, 1.2),
        size_spread=rng.uniform(0, 0.1),
        base_spread=rng.uniform(0, 0.06),
        turn_spread_deg=rng.uniform(0, 4),
        slope_deg=rng.normal(0, 1),
        edge=rng.uniform(0.3, 0.55),
    )
    left, top, right, bottom = rng.uniform(0.1, 0.8, 4).tolist()
    return NumberStyle(
        height=_log(rng, 24, 90),
        spacing=spacing,
        script=script,
        tool=Tool(width=_log(rng, 0.05, 0.16)),
        sheet=Sheet((left, top, right, bottom)),
        camera=Camera(blur=rng.uniform(0, 0.8) * (rng.random() < 0.5)),
    )


def _spacing(rng: _Rng) -> Spacing:
    draw = rng.random()
    ligature = rng.uniform(0.1, 0.6) if rng.random() < 0.16 else 0.0
    kern = rng.uniform(0, 1)
    if draw < 0.5:
        gap = _log(rng, 0.08, 0.45)
        return Spacing(gap, gap * rng.uniform(0.1, 0.5), kern, 0.04, 0.0, ligature)
    if draw < 0.8:
        gap, joined = rng.uniform(0.0, 0.15), rng.uniform(0.1, 0.6)
        return Spacing(gap, 0.06, kern, -0.04, joined, ligature)
    if draw < 0.93:
        return Spacing(rng.uniform(-0.05, 0.08), 0.06, kern, -0.14, rng.uniform(0.1, 0.7), ligature)
    return Spacing(_log(rng, 0.45, 1.3), rng.uniform(0.05, 0.25), kern, 0.1)


def _script(rng: _Rng) -> Script:
    return Script(
        slant=float(np.clip(rng.normal(0.04, 0.2), -0.4, 0.65)),
        aspect=_log(rng, 0.7, 1.7),
        size_spread=rng.uniform(0, 0.16),
        base_spread=rng.uniform(0, 0.1),
        turn_spread_deg=rng.uniform(0, 6),
        slope_deg=rng.normal(0, 1.3) if rng.random() < 0.8 else rng.uniform(-10, 10),
        bend=rng.normal(0, 0.05) if rng.random() < 0.4 else 0.0,
        small_cents=bool(rng.random() < 0.12),
        fractions=bool(rng.random() < 0.6),
        zero_size=rng.uniform(0.5, 0.9) if rng.random() < 0.32 else 1.0,
        zeros_joined=rng.uniform(0.4, 1) if rng.random() < 0.32 else 0.0,
        zeros_chained=rng.uniform(0.5, 1) if rng.random() < 0.2 else 0.0,
        edge=rng.uniform(0.24, 0.62),
    )


def _tool(rng: _Rng) -> Tool:
    brush = _BRUSHES[rng.choice(len(_BRUSHES), p=[0.6, 0.25, 0.1, 0.05])]
    grain = rng.uniform(0.1, 0.5) if rng.random() < 0.08 else 0.0
    return Tool(brush, _log(rng, 0.025, 0.2), bool(rng.random() < 0.8), grain)


def _scanned(style: NumberStyle, rng: _Rng) -> NumberStyle:
    """Scan cheques and forms: printed patterns, lines, soft edges, sometimes two levels."""
    light = int(rng.uniform(130, 250))
    depth = rng.uniform(0.1, 0.7)
    paper, ink = (light,) * 3, (int(light * depth),) * 3
    patterned = rng.random() < 0.65
    sheet = Sheet(
        margin=_margin(rng),
        form=_form(rng, {"none": 0.4, "underline": 0.2, "field": 0.25, "comb": 0.1, "rules": 0.05}),
        form_strength=rng.uniform(0.3, 1.0),
        pattern=_PATTERNS[rng.integers(len(_PATTERNS))] if patterned else "none",
        pattern_strength=rng.uniform(0.08, 0.5),
        neighbours=bool(rng.random() < 0.06),
        salt=rng.uniform(0, 0.01) * (rng.random() < 0.1),
        binary=bool(rng.random() < 0.18),
    )
    camera = Camera(
        slope=rng.uniform(0, 0.2) * (rng.random() < 0.3),
        blur=rng.uniform(0.4, 1.4) * (rng.random() < 0.8),
        noise=rng.uniform(0.002, 0.03) * (rng.random() < 0.7),
        jpeg_quality=int(rng.integers(35, 96)) * int(rng.random() < 0.5),
    )
    ground = Ground(paper, ink, texture=rng.uniform(0, 0.04))
    return replace(style, sheet=sheet, ground=ground, camera=camera)


def _on_screen(style: NumberStyle, rng: _Rng) -> NumberStyle:
    """Write in paint programs and on tablets: one paper colour, any pen."""
    ground = sample_style(rng).ground if rng.random() < 0.4 else Ground()
    ground = replace(ground, texture=0.0, rules="none", neighbour=False, stray=False)
    quality = int(rng.integers(40, 96)) * int(rng.random() < 0.25)
    blur = rng.uniform(0.3, 0.9) * (rng.random() < 0.3)
    form = _form(rng, {"none": 0.86, "underline": 0.06, "comb": 0.06, "squares": 0.02})
    sheet = Sheet(_margin(rng), form, rng.uniform(0.3, 1.0), neighbours=bool(rng.random() < 0.02))
    return replace(
        style, sheet=sheet, ground=ground, camera=Camera(blur=blur, jpeg_quality=quality)
    )


def _on_paper(style: NumberStyle, rng: _Rng) -> NumberStyle:
    """Photograph notes: uneven light, ruled or squared paper, pens of any colour."""
    drawn = sample_style(rng)
    while drawn.camera == Camera() or drawn.camera.side:
        drawn = sample_style(rng)
    form = _form(rng, {"none": 0.5, "rules": 0.2, "squares": 0.1, "underline": 0.12, "comb": 0.08})
    sheet = Sheet(_margin(rng), form, rng.uniform(0.15, 0.8), neighbours=bool(rng.random() < 0.06))
    ground = replace(drawn.ground, rules="none", neighbour=False)
    return replace(style, sheet=sheet, ground=ground, camera=drawn.camera)


def _form(rng: _Rng, shares: dict[Form, float]) -> Form:
    chances = np.array(list(shares.values())) / sum(shares.values())
    return list(shares)[rng.choice(len(shares), p=chances)]


def _margin(rng: _Rng) -> tuple[float, float, float, float]:
    if rng.random() < 0.35:  # a tight crop
        left, top, right, bottom = rng.uniform(-0.02, 0.12, 4).tolist()
    else:
        left, top, right, bottom = (rng.uniform(0.1, 0.9, 4) * rng.uniform(0.3, 1.5)).tolist()
    return left, top, right, bottom


def _log(rng: _Rng, low: float, high: float) -> float:
    return float(np.exp(rng.uniform(np.log(low), np.log(high))))
