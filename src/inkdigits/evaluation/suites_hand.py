"""The project's own hand in → plans that vary one thing at a time, and nothing else, out."""

from collections.abc import Callable
from functools import partial
from itertools import product
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from inkdigits.data.hand import DRAWINGS, Place, cover
from inkdigits.data.labelled import Labelled, encode_png
from inkdigits.data.tables import read_table
from inkdigits.evaluation.suite import Plan, entry

_COLOURS = read_table("evaluation/colours.toml")
_HEIGHTS = (24, 48, 96, 132, 168)
_ROTATIONS = (0, -20, -10, 10, 20)
_PLACES = (0.5, 0.0, 1.0)
_BRUSHES = (8.0, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 10.0, 13.0, 16.0, 20.0, 25.0, 30.0)
_PENCILS = (1.0, 3.0)
_TURNED = 0.11
"""A digit turned by 20° reaches so far beyond its box, as a share of its height."""

_Variant = tuple[str, Callable[[str], NDArray[np.uint8]]]


def _polarity() -> list[_Variant]:
    pairs = [*_COLOURS["pairs"], *((ink, "nothing") for ink in _COLOURS["on_nothing"])]
    return [(f"{ink} on {paper}", partial(_paint, ink, paper)) for ink, paper in pairs]


def _paint(ink: str, paper: str, drawing: str) -> NDArray[np.uint8]:
    covered = cover(drawing, (160, 160), Place(40, 30, 100), 9)[:, :, np.newaxis]
    if paper == "nothing":
        colour = np.broadcast_to(_rgb(ink), (*covered.shape[:2], 3))
        return _rounded(np.concatenate([colour, covered * 255], axis=2))
    return _rounded(covered * _rgb(ink) + (1 - covered) * _rgb(paper))


def _geometry() -> list[_Variant]:
    """All sizes, places and angles; the base, middle in everything, comes first."""
    every = sorted(product(_HEIGHTS, _PLACES, _PLACES, _ROTATIONS), key=_is_varied)
    return [
        (
            f"{height}px at {right:g},{down:g} rot{angle:+d}",
            partial(_place, height, (right, down), angle),
        )
        for height, right, down, angle in every
    ]


def _is_varied(how: tuple[int, float, float, int]) -> bool:
    return how != (96, 0.5, 0.5, 0)


def _place(height: int, share: tuple[float, float], angle: int, drawing: str) -> NDArray[np.uint8]:
    side, brush = 240, max(2.0, 0.08 * height)
    margin = brush + _TURNED * height
    left = margin + share[0] * (side - 0.8 * height - 2 * margin)
    top = margin + share[1] * (side - height - 2 * margin)
    covered = cover(drawing, (side, side), Place(left, top, height, angle), brush)
    return _rounded(255 - 255 * covered)


def _stroke() -> list[_Variant]:
    brushes: list[_Variant] = [(f"brush {width:g}px", partial(_brush, width)) for width in _BRUSHES]
    return brushes + [(f"pencil {width:g}px", partial(_pencil, width)) for width in _PENCILS]


def _brush(width: float, drawing: str) -> NDArray[np.uint8]:
    return _rounded(255 - 255 * cover(drawing, (200, 200), Place(52, 40, 120), width))


def _pencil(width: float, drawing: str) -> NDArray[np.uint8]:
    covered = cover(drawing, (200, 200), Place(52, 40, 120), width)
    return _rounded(255 - 255 * np.floor(covered + 0.65))


def _rounded(values: NDArray[np.float64]) -> NDArray[np.uint8]:
    return np.asarray(np.rint(values).astype(np.uint8))


def _rgb(colour: str) -> NDArray[np.float64]:
    return np.array([*bytes.fromhex(colour[1:])], np.float64)


def _plan_of(variants: list[_Variant]) -> Callable[[Path | None, str], Plan]:
    drawings = list(DRAWINGS)

    def make(index: int) -> Labelled:
        drawing = drawings[index // len(variants)]
        name, draw = variants[index % len(variants)]
        return Labelled(encode_png(draw(drawing)), int(drawing[0]), f"{drawing}/{name}")

    return lambda _folder, _name: Plan(len(drawings) * len(variants), make, block=len(variants))


HAND = (
    entry("polarity", _plan_of(_polarity())),
    entry("geometry", _plan_of(_geometry())),
    entry("stroke", _plan_of(_stroke())),
)
