"""The name of a drawing in → the project's own hand out: strokes, and what they cover.

Nobody's data: the digits that this project drew itself, each in the ways that people write it.
The golden pictures of the tests and the suites that vary one thing at a time are made of them.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

Line = list[tuple[float, float]]
"""One stroke: x to the right and y down, about 0 to 1."""

FINE = 4
"""Drawn so many times larger, then reduced: smooth edges without a font engine."""
_NARROW = 0.8
"""A digit is so much narrower than high."""


def _arc(x: float, y: float, size: tuple[float, float], turn: tuple[float, float]) -> Line:
    """Points on an ellipse; angles in degrees, 0 to the right, 90 down."""
    angles = np.radians(np.linspace(turn[0], turn[1], 24))
    return [(x + size[0] * float(np.cos(a)), y + size[1] * float(np.sin(a))) for a in angles]


_RING = _arc(0.5, 0.5, (0.3, 0.45), (-90, 275))
_SEVEN: Line = [(0.18, 0.08), (0.8, 0.08), (0.42, 0.96)]

DRAWINGS: dict[str, list[Line]] = {
    "0": [_RING],
    "0b": [_RING, [(0.3, 0.83), (0.7, 0.17)]],
    "0c": [_arc(0.5, 0.5, (0.42, 0.43), (-60, 290))],
    "1": [[(0.35, 0.22), (0.55, 0.05), (0.55, 0.95)]],
    "1b": [[(0.5, 0.05), (0.5, 0.95)]],
    "1c": [[(0.35, 0.22), (0.55, 0.05), (0.55, 0.95)], [(0.35, 0.95), (0.75, 0.95)]],
    "1d": [[(0.58, 0.05), (0.45, 0.95)]],
    "2": [[*_arc(0.5, 0.28, (0.27, 0.23), (-170, 40)), (0.22, 0.93), (0.8, 0.93)]],
    "2b": [
        [
            *_arc(0.5, 0.28, (0.27, 0.23), (-170, 45)),
            *_arc(0.3, 0.85, (0.13, 0.1), (-40, -350)),
            (0.6, 0.93),
            (0.85, 0.85),
        ]
    ],
    "3": [
        [*_arc(0.47, 0.27, (0.26, 0.22), (-150, 90)), *_arc(0.47, 0.72, (0.3, 0.23), (-90, 150))]
    ],
    "3b": [[(0.22, 0.06), (0.76, 0.06), (0.45, 0.42), *_arc(0.45, 0.68, (0.3, 0.26), (-80, 150))]],
    "4": [[(0.55, 0.05), (0.18, 0.62), (0.85, 0.62)], [(0.65, 0.35), (0.63, 0.97)]],
    "4b": [[(0.25, 0.06), (0.2, 0.5), (0.78, 0.5)], [(0.72, 0.06), (0.68, 0.96)]],
    "4c": [[(0.64, 0.96), (0.64, 0.05), (0.14, 0.66), (0.86, 0.66)]],
    "5": [
        [(0.3, 0.08), (0.28, 0.45), *_arc(0.48, 0.68, (0.28, 0.26), (-120, 140))],
        [(0.3, 0.08), (0.75, 0.07)],
    ],
    "5b": [[(0.76, 0.06), (0.28, 0.08), (0.25, 0.46), *_arc(0.46, 0.68, (0.3, 0.26), (-110, 130))]],
    "6": [[(0.65, 0.05), (0.35, 0.4), *_arc(0.48, 0.7, (0.24, 0.25), (-170, 185))]],
    "6b": [
        [*_arc(0.72, 0.6, (0.52, 0.55), (-75, -180)), *_arc(0.46, 0.7, (0.26, 0.25), (170, -175))]
    ],
    "7": [_SEVEN],
    "7b": [_SEVEN, [(0.38, 0.5), (0.8, 0.5)]],
    "7c": [[(0.18, 0.22), (0.2, 0.08), (0.82, 0.07), (0.55, 0.5), (0.46, 0.96)]],
    "8": [[*_arc(0.5, 0.27, (0.22, 0.21), (90, 450)), *_arc(0.5, 0.72, (0.27, 0.24), (-90, 270))]],
    "8b": [
        [
            *_arc(0.5, 0.28, (0.24, 0.22), (-30, -230)),
            *_arc(0.5, 0.72, (0.28, 0.23), (-50, 230)),
            (0.72, 0.17),
        ]
    ],
    "9": [[*_arc(0.48, 0.3, (0.24, 0.24), (0, -360)), (0.7, 0.55), (0.6, 0.95)]],
    "9b": [[*_arc(0.47, 0.3, (0.25, 0.24), (0, -360)), *_arc(0.45, 0.7, (0.26, 0.25), (-20, 130))]],
    "9c": [[*_arc(0.47, 0.29, (0.24, 0.23), (-20, -360)), (0.71, 0.96)]],
}
"""Strokes by the name of the drawing: its digit, and a letter where there is more than one way.

1 with a flag, plain, with flag and foot, slanted; 0 closed, slashed, round; 2 with a corner and
with a loop; 3 round and with a flat roof; 4 crossed, open, in one stroke; 6 straight and curled;
7 plain, crossed, hooked; 9 leaning, hooked, with a straight stem.
"""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a drawing stands. All in px, `rotation_deg` clockwise about the digit's middle."""

    left: float
    top: float
    height: float
    rotation_deg: float = 0.0


def cover(name: str, size: tuple[int, int], place: Place, brush_px: float) -> NDArray[np.float64]:
    """Draw with a round brush.

    Args:
        name: a key of `DRAWINGS`.
        size: width and height of the picture in px.
        place: where the digit stands in it.
        brush_px: the width of the stroke.

    Returns:
        How much of each px is covered: float64 (H, W), 0 to 1.
    """
    mask = Image.new("L", (size[0] * FINE, size[1] * FINE))
    pen = ImageDraw.Draw(mask)
    for line in DRAWINGS[name]:
        points = [(x * FINE, y * FINE) for x, y in _placed(line, place)]
        pen.line(points, fill=255, width=max(1, round(brush_px * FINE)), joint="curve")
        for x, y in (points[0], points[-1]):
            r = brush_px * FINE / 2
            pen.ellipse((x - r, y - r, x + r, y + r), fill=255)
    return np.asarray(mask.resize(size, Image.Resampling.BOX), np.float64) / 255


def _placed(line: Line, place: Place) -> Line:
    height = place.height
    points = [(place.left + x * height * _NARROW, place.top + y * height) for x, y in line]
    if not place.rotation_deg:
        return points
    angle = np.radians(place.rotation_deg)
    cos, sin = float(np.cos(angle)), float(np.sin(angle))
    x0, y0 = place.left + height * _NARROW / 2, place.top + height / 2
    turned = [(cos * (x - x0) - sin * (y - y0), sin * (x - x0) + cos * (y - y0)) for x, y in points]
    return [(x0 + x, y0 + y) for x, y in turned]
