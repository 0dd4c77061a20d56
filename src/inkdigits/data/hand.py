"""The name of a drawing in → the project's own hand out: strokes, and what they cover.

Nobody's data: the digits that this project drew itself, each in the ways that people write it.
The golden pictures of the tests and the suites that vary one thing at a time are made of them.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from inkdigits.data.tables import read_table

Line = list[tuple[float, float]]
"""One stroke: x to the right and y down, about 0 to 1."""

FINE = 4
"""Drawn so many times larger, then reduced: smooth edges without a font engine."""
_NARROW = 0.8
"""A digit is so much narrower than high."""


def _read_line(parts: list[list[float]]) -> Line:
    """Make one stroke of points, (x, y), and of arcs: (x, y), half width and height, from, to."""
    points: Line = []
    for x, y, *arc in parts:
        angles = np.radians(np.linspace(arc[2], arc[3], 24)).tolist() if arc else []
        points += [(x + arc[0] * np.cos(a), y + arc[1] * np.sin(a)) for a in angles] or [(x, y)]
    return points


DRAWINGS: dict[str, list[Line]] = {
    name: [_read_line(parts) for parts in strokes]
    for name, strokes in read_table("data/drawings.toml").items()
}
"""Strokes by the name of the drawing: its digit, and a letter where there is more than one way."""


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
