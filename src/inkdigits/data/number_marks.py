"""A separator or another sign in → pen strokes out: written by somebody, or by nobody's hand."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from inkdigits.data.number_stock import NumberStock
from inkdigits.data.strokes import Stroke

_Rng = np.random.Generator
_WRITTEN = 0.45  # of the marks are by somebody, where the stock has some
_WRITTEN_SIGN = 0.9  # of the signs that have a shape of their own
_RISES = 0.15  # of the dashes rise as a hand does at the end of a line
_BARS = 0.12  # of the dashes are two: who closes an amount writes a `=`, too


def mark_strokes(mark: str, stock: NumberStock, rng: _Rng) -> list[Stroke]:
    """Give one writing of a mark.

    Args:
        mark: one of `.,-/:$%()`.
        stock: who may have written it.
        rng: all randomness.

    Returns:
        Strokes, (P, 2) each, any unit, y up.
    """
    source = "=" if mark == "-" and rng.random() < _BARS else mark
    written = stock.other_strokes.get(source, [])
    share = _WRITTEN_SIGN if mark in "$%()" else _WRITTEN
    if written and rng.random() < share:
        drawing = written[rng.integers(len(written))]
        if isinstance(drawing, list) and _looks_like(source, drawing):
            return drawing
    if mark == "$":
        return _currency(stock, rng)
    return [np.asarray(stroke, np.float32) for stroke in _SYNTHETIC[mark](rng)]


def _looks_like(mark: str, strokes: list[Stroke]) -> bool:
    """Tell whether strokes may be that mark: UNIPEN was cut by machine."""
    width, height = np.ptp(np.concatenate(strokes), axis=0)
    alone = len(strokes) == 1
    return bool(
        {
            ".": width < 3 * height + 1e-6 and height < 3 * width + 1e-6 and alone,
            ",": height > 0.8 * width and alone,
            "-": width > 2.5 * height and alone,
            "=": width > 0.7 * height,
            "/": height > 0.6 * width and alone,
            ":": height > 1.2 * width,
            "$": height > 0.6 * width,
            "%": height > 0.5 * width and width > 0.4 * height and len(strokes) > 1,
            "(": height > 1.6 * width and alone,
            ")": height > 1.6 * width and alone,
        }[mark]
    )


def _dash(rng: _Rng) -> list[list[list[float]]]:
    length, bend = rng.uniform(3, 12), rng.normal(0, 0.12, 4)
    rise = length * rng.uniform(0.1, 0.7) if rng.random() < _RISES else 0.0
    bar = [[0, bend[0]], [length / 2, bend[1] + rise / 2], [length, bend[2] + rise]]
    below = [[x + 0.15 * bend[3], y + 0.28 * length] for x, y in bar]
    return [bar, below] if rng.random() < _BARS / 2 else [bar]


def _dot(rng: _Rng) -> list[list[list[float]]]:
    size, (x, y) = rng.uniform(0.3, 1), rng.normal(0, 0.06, 2)
    return [[[0, 0], [size * (0.4 + x), size * (0.5 + y)], [0.8 * size, size]]]


def _comma(rng: _Rng) -> list[list[list[float]]]:
    lean = rng.uniform(0, 0.7)
    return [[[lean, 1], [lean * 0.9 + rng.normal(0, 0.06), 0.5], [0, 0]]]


def _slash(rng: _Rng) -> list[list[list[float]]]:
    lean, (x, y) = rng.uniform(0.15, 0.8), rng.normal(0, 0.06, 2)
    return [[[lean, 1], [lean / 2 + x, 0.5 + y], [0, 0]]]


def _colon(rng: _Rng) -> list[list[list[float]]]:
    lean = rng.uniform(-0.1, 0.2)
    return [[[0, 0], [0.06, 0.1]], [[lean, 1], [lean + 0.06, 1.1]]]


def _percent(rng: _Rng) -> list[list[list[float]]]:
    """Draw two small rings, or loops that stay open, and a slash between them."""
    lean, size = rng.uniform(0.2, 0.7), rng.uniform(0.1, 0.2)
    start, turn = rng.uniform(0, 6.3), rng.uniform(4.5, 7.5)
    angle = start + np.linspace(0, turn, 10)
    ring = np.stack([size * np.cos(angle), size * np.sin(angle)], axis=1)
    upper = ring + np.array([rng.uniform(-0.1, 0.15), rng.uniform(0.7, 0.95)])
    lower = ring + np.array([lean + rng.uniform(0.0, 0.25), rng.uniform(0.05, 0.25)])
    return [upper.tolist(), [[lean + 0.1, 1], [lean / 2, 0.5], [0, 0]], lower.tolist()]


def _opening(rng: _Rng) -> list[list[list[float]]]:
    depth = rng.uniform(0.12, 0.35)
    return [[[depth, 1], [0.25 * depth, 0.8], [0, 0.5], [0.25 * depth, 0.2], [depth, 0]]]


def _closing(rng: _Rng) -> list[list[list[float]]]:
    return [[[-x, y] for x, y in stroke] for stroke in _opening(rng)]


_SYNTHETIC: dict[str, Callable[[_Rng], list[list[list[float]]]]] = {
    "-": _dash,
    ".": _dot,
    ",": _comma,
    "/": _slash,
    ":": _colon,
    "%": _percent,
    "(": _opening,
    ")": _closing,
}


def _currency(stock: NumberStock, rng: _Rng) -> list[Stroke]:
    """Draw a C with two bars, a euro, or an S with one or two, a dollar."""
    letters = stock.other_strokes.get("C", [])
    letter = letters[rng.integers(len(letters))] if letters and rng.random() < 0.4 else None
    return _euro(letter) if isinstance(letter, list) else _dollar(rng)


def _euro(letter: list[Stroke]) -> list[Stroke]:
    points = np.concatenate(letter)
    size = np.maximum(np.ptp(points, axis=0), 1e-6)
    left, y = points.min(axis=0) + size * (-0.15, 0.42)
    right = left + 0.8 * size[0]
    bars = [[[left, y + up], [right, y + up]] for up in (0, 0.18 * size[1])]
    return [*letter, *_strokes(bars)]


def _dollar(rng: _Rng) -> list[Stroke]:
    turn = np.linspace(0.15, 1.5, 12) * np.pi
    upper = np.stack([0.5 + 0.32 * np.cos(turn), 0.75 + 0.22 * np.sin(turn)], axis=1)
    lower = np.stack([0.5 - 0.32 * np.cos(turn), 0.28 - 0.25 * np.sin(turn)], axis=1)[::-1]
    x = 0.5 + rng.normal(0, 0.04)
    bars = [[[x + d, rng.uniform(1.0, 1.15)], [x + d, rng.uniform(-0.2, 0.0)]] for d in (0, 0.14)]
    return _strokes([np.concatenate([upper, lower]), *bars[: int(rng.integers(1, 3))]])


def _strokes(points: Sequence[Any]) -> list[Stroke]:
    return [np.asarray(stroke, np.float32) for stroke in points]
