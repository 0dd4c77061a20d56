"""A random generator in → one way of drawing a picture out: a hand, a tool, a ground, a camera.

Shares and widths are relative, so that one style fits any character. The figures are chosen
by eye, after what paint programs, tablets, scanners and phones make.
"""

import math
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

Brush = Literal["round", "pressure", "nib", "marker"]
Rules = Literal["none", "lines", "squares"]
Colour = tuple[int, int, int]

_HOLLOW = 0.04  # of all characters are drawn as outlines
_STRAY = 0.03  # of all pictures are crossed by a line

BLACK: Colour = (0, 0, 0)
WHITE: Colour = (255, 255, 255)


@dataclass(frozen=True, slots=True)
class Hand:
    """How the character is shaped. Angles in degrees, lengths in shares of its size."""

    rotation_deg: float = 0.0
    shear: float = 0.0
    aspect: float = 1.0
    jitter: float = 0.0
    smoothing: int = 1


@dataclass(frozen=True, slots=True)
class Frame:
    """Where the character stands. Sides in px; `share` of the room that its longer side takes.

    `left` and `top` are shares of the free room: 0 and 1 touch the border, beyond is cut off.
    """

    height: int = 200
    width: int = 200
    share: float = 0.7
    left: float = 0.5
    top: float = 0.5


@dataclass(frozen=True, slots=True)
class Tool:
    """What it is drawn with. `width` is a share of the character's size, at least 1 px.

    A `hollow` character is drawn by its outline alone.
    """

    brush: Brush = "round"
    width: float = 0.08
    smooth_edge: bool = True
    grain: float = 0.0
    hollow: bool = False


@dataclass(frozen=True, slots=True)
class Ground:
    """What it is drawn on, and with which colour. Strengths are 0 to 1.

    A `stray` line crosses the picture: struck through, underlined, a fold, a hair.
    """

    paper: Colour = WHITE
    ink: Colour = BLACK
    texture: float = 0.0
    rules: Rules = "none"
    rule_strength: float = 0.0
    specks: int = 0
    neighbour: bool = False
    stray: bool = False


@dataclass(frozen=True, slots=True)
class Camera:
    """What happens to the picture afterwards. 0 switches a thing off; `blur` and `side` in px."""

    slope: float = 0.0
    vignette: float = 0.0
    shadow: float = 0.0
    blur: float = 0.0
    noise: float = 0.0
    jpeg_quality: int = 0
    side: int = 0


@dataclass(frozen=True, slots=True)
class Style:
    """One whole way of drawing a picture. The default is a plain digit in a paint program."""

    hand: Hand = Hand()
    frame: Frame = Frame()
    tool: Tool = Tool()
    ground: Ground = Ground()
    camera: Camera = Camera()


def sample_style(rng: np.random.Generator) -> Style:
    """Draw one style: a paint program, a small canvas, or paper before a scanner or a phone."""
    draw = rng.random()
    if draw < 0.45:
        return _paint(rng)
    return _small(rng) if draw < 0.7 else _paper(rng)


def sample_hand(rng: np.random.Generator) -> Hand:
    """Draw the shape alone."""
    return Hand(
        rotation_deg=float(np.clip(rng.normal(0, 7), -20, 20)),
        shear=float(np.clip(rng.normal(0, 0.14), -0.35, 0.35)),
        aspect=_log_uniform(rng, 0.7, 1.35),
        jitter=rng.uniform(0, 0.02) * (rng.random() < 0.5),
        smoothing=int(rng.integers(0, 4)),
    )


def _paint(rng: np.random.Generator) -> Style:
    side = _log_uniform(rng, 60, 400) if rng.random() < 0.93 else _log_uniform(rng, 400, 1200)
    camera = Camera(jpeg_quality=int(rng.integers(40, 96)) * int(rng.random() < 0.25))
    paper, ink = _screen_colours(rng)
    ground = Ground(paper, ink, specks=int(rng.random() < 0.03), stray=_is_stray(rng))
    return Style(sample_hand(rng), _frame(rng, side), _tool(rng, 0.008, 0.25), ground, camera)


def _small(rng: np.random.Generator) -> Style:
    paper, ink = _screen_colours(rng)
    side = 28 if rng.random() < 0.6 else int(rng.integers(20, 41))
    if rng.random() < 0.5:
        frame = Frame(side, side, rng.uniform(0.45, 0.97), *_position(rng))
        ground = Ground(paper, ink, stray=_is_stray(rng))
        return Style(sample_hand(rng), frame, _tool(rng, 0.03, 0.25), ground)
    # Drawn bigger and then reduced. A hairline or a tiny digit would leave nothing to read.
    frame = replace(_frame(rng, _log_uniform(rng, 100, 400)), share=rng.uniform(0.45, 0.95))
    camera = Camera(side=side, noise=0.03 * (rng.random() < 0.25))
    tool = replace(_tool(rng, 0.03, 0.2), width=_log_uniform(rng, 0.03, 0.2))
    return Style(sample_hand(rng), frame, tool, Ground(paper, ink), camera)


def _paper(rng: np.random.Generator) -> Style:
    paper, ink = _paper_colours(rng)
    rules: Rules = (
        "lines" if (draw := rng.random()) < 0.12 else "squares" if draw < 0.27 else "none"
    )
    ground = Ground(
        paper,
        ink,
        texture=rng.uniform(0.005, 0.04) * (rng.random() < 0.5),
        rules=rules,
        rule_strength=rng.uniform(0.1, 0.4),
        specks=int(rng.integers(1, 6)) if rng.random() < 0.15 else 0,
        neighbour=bool(rng.random() < 0.06),
        stray=_is_stray(rng),
    )
    frame = _frame(rng, _log_uniform(rng, 100, 420))
    return Style(sample_hand(rng), frame, _tool(rng, 0.012, 0.16), ground, _camera(rng))


def _camera(rng: np.random.Generator) -> Camera:
    return Camera(
        slope=rng.uniform(0, 0.35) * (rng.random() < 0.6),
        vignette=rng.uniform(0, 0.4) * (rng.random() < 0.3),
        shadow=rng.uniform(0.1, 0.55) * (rng.random() < 0.2),
        blur=rng.uniform(0.3, 1.6) * (rng.random() < 0.6),
        noise=rng.uniform(0.003, 0.05) * (rng.random() < 0.7),
        jpeg_quality=int(rng.integers(25, 96)) * int(rng.random() < 0.7),
    )


def _frame(rng: np.random.Generator, side: float) -> Frame:
    stretch = 1.0 if rng.random() < 0.5 else _log_uniform(rng, 0.75, 1.35)
    height, width = side / stretch, side * stretch
    share = rng.uniform(0.35, 0.95)
    if rng.random() < 0.12:
        # A tiny digit in a large canvas, but never of fewer than 14 px.
        share = max(rng.uniform(0.08, 0.35), 14 / min(height, width))
    return Frame(round(height), round(width), float(share), *_position(rng))


def _position(rng: np.random.Generator) -> tuple[float, float]:
    """Mostly near the middle, often anywhere, at times at the border or a little beyond."""
    draw = rng.random()
    if draw < 0.5:
        left, top = np.clip(rng.normal(0.5, 0.12, 2), 0, 1)
    elif draw < 0.93:
        left, top = rng.uniform(0, 1, 2)
    else:
        left, top = rng.uniform(-0.08, 1.08, 2)
    return float(left), float(top)


def _tool(rng: np.random.Generator, thin: float, thick: float) -> Tool:
    brush: Brush = rng.choice(["round", "pressure", "nib", "marker"], p=[0.7, 0.15, 0.08, 0.07])
    hairline = rng.random() < 0.12
    width = 0.0 if hairline else _log_uniform(rng, thin, thick)
    grain = rng.uniform(0.1, 0.6) if rng.random() < 0.1 else 0.0
    smooth = bool(rng.random() < 0.65)
    if rng.random() < _HOLLOW:
        return Tool("round", _log_uniform(rng, 0.08, 0.25), smooth, float(grain), hollow=True)
    return Tool(brush, width, smooth, float(grain))


def _is_stray(rng: np.random.Generator) -> bool:
    return bool(rng.random() < _STRAY)


def _screen_colours(rng: np.random.Generator) -> tuple[Colour, Colour]:
    draw = rng.random()
    if draw < 0.45:
        return WHITE, BLACK
    if draw < 0.7:
        return BLACK, WHITE
    if draw < 0.76:
        grey = int(rng.integers(120, 226))
        return WHITE, (grey, grey, grey)
    if draw < 0.86:
        ink = rng.integers(0, 160, 3)
        return WHITE, (int(ink[0]), int(ink[1]), int(ink[2]))
    return _any_pair(rng, 80.0)


def _paper_colours(rng: np.random.Generator) -> tuple[Colour, Colour]:
    if rng.random() < 0.12:
        board, chalk = rng.integers(20, 80) + rng.integers(-8, 9, 3), rng.integers(150, 250)
        return _colour(board), _colour(chalk + rng.integers(-10, 11, 3))
    light = rng.uniform(120, 250)
    paper = light + rng.normal(0, 6, 3) + np.array([4, 1, -5]) * rng.uniform(-1, 2)
    depth = rng.uniform(0.1, 0.65)
    pen = np.array([[1, 1, 1], [0.7, 0.75, 1.25], [1.25, 0.6, 0.6]])[
        rng.choice(3, p=[0.6, 0.32, 0.08])
    ]
    return _colour(paper), _colour(paper * depth * pen)


def _any_pair(rng: np.random.Generator, apart: float) -> tuple[Colour, Colour]:
    while True:
        paper, ink = rng.integers(0, 256, (2, 3))
        if math.dist(paper, ink) >= apart:
            return _colour(paper), _colour(ink)


def _colour(values: object) -> Colour:
    red, green, blue = np.clip(np.asarray(values, float), 0, 255).astype(int).tolist()
    return red, green, blue


def _log_uniform(rng: np.random.Generator, low: float, high: float) -> float:
    return float(np.exp(rng.uniform(math.log(low), math.log(high))))
