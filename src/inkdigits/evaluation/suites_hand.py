"""The project's own hand in → plans that vary one thing at a time, and nothing else, out."""

from collections.abc import Callable
from itertools import product
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from inkdigits.data.hand import DRAWINGS, Place, cover
from inkdigits.data.labelled import Labelled, encode_png
from inkdigits.evaluation.suite import Entry, Plan

Colour = tuple[int, int, int]

_WHITE, _BLACK = (255, 255, 255), (0, 0, 0)
_PAIRS: tuple[tuple[Colour, Colour], ...] = (
    (_BLACK, _WHITE), (_WHITE, _BLACK),
    # ink on paper: what palettes offer
    ((255, 0, 0), _WHITE), ((0, 128, 0), _WHITE), ((0, 0, 255), _WHITE), ((255, 165, 0), _WHITE),
    ((128, 0, 128), _WHITE), ((0, 160, 160), _WHITE), ((150, 75, 0), _WHITE),
    ((255, 0, 0), _BLACK), ((0, 255, 0), _BLACK), ((60, 60, 255), _BLACK), ((255, 255, 0), _BLACK),
    ((0, 255, 255), _BLACK), ((255, 0, 255), _BLACK), ((255, 105, 180), _BLACK),
    ((255, 255, 0), (0, 0, 128)), (_WHITE, (0, 90, 40)), ((255, 0, 0), (255, 255, 0)),
    ((0, 0, 255), (255, 255, 0)), ((0, 0, 128), (135, 206, 235)), ((60, 30, 10), (222, 184, 135)),
    ((240, 230, 140), (75, 0, 130)), ((0, 0, 0), (200, 30, 30)),
    # pale on pale, dark on dark, grey on grey
    ((225, 225, 225), _WHITE), ((200, 200, 200), (235, 235, 235)), ((35, 35, 35), _BLACK),
    ((60, 60, 60), (25, 25, 25)), ((110, 110, 110), (145, 145, 145)), ((145, 145, 145), (110,) * 3),
    ((255, 235, 130), _WHITE), ((180, 190, 255), (225, 230, 255)), ((40, 40, 90), (15, 15, 40)),
)  # fmt: skip
_ALPHA: tuple[Colour, ...] = (_BLACK, _WHITE, (200, 30, 30), (128, 128, 128))
"""Colours of ink that stands on nothing: the paper is transparent."""
_HEIGHTS = (24, 48, 96, 132, 168)
_ROTATIONS = (0, -20, -10, 10, 20)
_PLACES = (0.5, 0.0, 1.0)
_BRUSHES = (8.0, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 10.0, 13.0, 16.0, 20.0, 25.0, 30.0)
_PENCILS = (1.0, 3.0)
_TURNED = 0.11
"""A digit turned by 20° reaches so far beyond its box, as a share of its height."""

_Variant = tuple[str, Callable[[str], NDArray[np.uint8]]]


def _polarity() -> list[_Variant]:
    variants = [(f"{_hex(ink)} on {_hex(paper)}", _painter(ink, paper)) for ink, paper in _PAIRS]
    return variants + [(f"{_hex(ink)} on nothing", _painter(ink, None)) for ink in _ALPHA]


def _painter(ink: Colour, paper: Colour | None) -> Callable[[str], NDArray[np.uint8]]:
    def paint(drawing: str) -> NDArray[np.uint8]:
        covered = cover(drawing, (160, 160), Place(40, 30, 100), 9)[:, :, np.newaxis]
        if paper is None:
            colour = np.broadcast_to(np.array(ink, np.float64), (*covered.shape[:2], 3))
            return _rounded(np.concatenate([colour, covered * 255], axis=2))
        return _rounded(covered * np.array(ink) + (1 - covered) * np.array(paper))

    return paint


def _geometry() -> list[_Variant]:
    """All sizes, places and angles; the base, middle in everything, comes first."""
    every = sorted(product(_HEIGHTS, _PLACES, _PLACES, _ROTATIONS), key=_is_varied)
    return [
        (f"{height}px at {right:g},{down:g} rot{angle:+d}", _placer(height, (right, down), angle))
        for height, right, down, angle in every
    ]


def _is_varied(how: tuple[int, float, float, int]) -> bool:
    return how != (96, 0.5, 0.5, 0)


def _placer(
    height: int, share: tuple[float, float], angle: int
) -> Callable[[str], NDArray[np.uint8]]:
    side, brush = 240, max(2.0, 0.08 * height)
    margin = brush + _TURNED * height
    left = margin + share[0] * (side - 0.8 * height - 2 * margin)
    top = margin + share[1] * (side - height - 2 * margin)

    def place(drawing: str) -> NDArray[np.uint8]:
        covered = cover(drawing, (side, side), Place(left, top, height, angle), brush)
        return _rounded(255 - 255 * covered)

    return place


def _stroke() -> list[_Variant]:
    brushes = [(f"brush {width:g}px", _brush(width, smooth=True)) for width in _BRUSHES]
    return brushes + [(f"pencil {width:g}px", _brush(width, smooth=False)) for width in _PENCILS]


def _brush(width: float, *, smooth: bool) -> Callable[[str], NDArray[np.uint8]]:
    def draw(drawing: str) -> NDArray[np.uint8]:
        covered = cover(drawing, (200, 200), Place(52, 40, 120), width)
        return _rounded(255 - 255 * (covered if smooth else np.floor(covered + 0.65)))

    return draw


def _rounded(values: NDArray[np.float64]) -> NDArray[np.uint8]:
    return np.asarray(np.rint(values).astype(np.uint8))


def _hex(colour: Colour) -> str:
    return "#" + bytes(colour).hex()


def _plan_of(variants: list[_Variant]) -> Callable[[Path | None], Plan]:
    drawings = list(DRAWINGS)

    def make(index: int) -> Labelled:
        drawing = drawings[index // len(variants)]
        name, draw = variants[index % len(variants)]
        return Labelled(encode_png(draw(drawing)), int(drawing[0]), f"{drawing}/{name}")

    return lambda _: Plan(len(drawings) * len(variants), make, block=len(variants))


HAND = tuple(
    Entry(name, about, "same-answer", "", _plan_of(variants))
    for name, about, variants in (
        ("polarity", "one drawing in many colours, pale ones, and on nothing", _polarity()),
        ("geometry", "one drawing in nine places, five sizes, turned by up to 20°", _geometry()),
        ("stroke", "one drawing with brushes from 1 px to a quarter of its height", _stroke()),
    )
)
