"""Strokes and a tool in → how much of each pixel they cover out."""

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from inkdigits.data.style import Hand, Tool
from inkdigits.sample import Ink

Trace = NDArray[np.float64]
"""One pen-down to pen-up in the picture. (P, 2), x right, y down."""

_STEPS = 48
"""Points along a line as long as the character; finer shows no difference."""
_SHIFT = 4
"""cv2 draws at 1/16 px."""


def shape_strokes(
    strokes: Sequence[NDArray[np.floating]], hand: Hand, rng: np.random.Generator
) -> list[Trace]:
    """Turn pen strokes into one writer's version of them.

    Args:
        strokes: (P, 2) each, any unit, y up.
        hand: slant, proportions, tremor.
        rng: for the tremor.

    Returns:
        Traces of the whole character, centred on (0, 0), its longer side 1 (a dot: 0).
    """
    kept = [np.asarray(stroke, np.float64) * (1, -1) for stroke in strokes if len(stroke)]
    turned = [stroke @ turn_and_slant(hand).T for stroke in _normalised(kept)]
    return _normalised([_resampled(stroke, hand, rng) for stroke in turned])


def draw_traces(
    traces: Sequence[Trace], shape: tuple[int, int], tool: Tool, rng: np.random.Generator
) -> Ink:
    """Draw traces that lie in a picture of `shape` (H, W), with a tool whose width is in px.

    Returns:
        float32 (H, W), 0 not covered to 1 covered.
    """
    times = _supersampling(shape) if tool.smooth_edge else 1
    canvas = np.zeros((shape[0] * times, shape[1] * times), np.uint8)
    for trace in traces:
        enlarged = (trace + 0.5) * times - 0.5
        if tool.brush == "round":
            _draw_even(canvas, enlarged, tool.width * times, smooth=tool.smooth_edge)
        else:
            _draw_uneven(canvas, enlarged, replace(tool, width=tool.width * times), rng)
    return shrink(np.asarray(canvas / 255, np.float32), shape)


def shrink(ink: Ink, shape: tuple[int, int]) -> Ink:
    """Reduce by area averaging, where the shape differs."""
    if ink.shape == shape:
        return ink
    return np.asarray(cv2.resize(ink, shape[::-1], interpolation=cv2.INTER_AREA), np.float32)


def turn_and_slant(hand: Hand) -> NDArray[np.float64]:
    """Give the matrix that a hand turns, slants and widens by, (2, 2)."""
    angle = np.radians(hand.rotation_deg)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    return np.asarray(turn @ np.array([[hand.aspect, -hand.shear], [0, 1]]))


def _supersampling(shape: tuple[int, int]) -> int:
    side = max(shape)
    return 4 if side <= 80 else 2 if side <= 250 else 1


def _normalised(strokes: Sequence[Trace]) -> list[Trace]:
    if not strokes:
        return []
    points = np.concatenate(strokes)
    low, high = points.min(axis=0), points.max(axis=0)
    size = float((high - low).max()) or 1.0
    return [(stroke - (low + high) / 2) / size for stroke in strokes]


def _resampled(stroke: Trace, hand: Hand, rng: np.random.Generator) -> Trace:
    """Space the points evenly, let the hand tremble, and smooth: a B-spline through averages."""
    along = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(stroke, axis=0).T))])
    count = max(2, round(along[-1] * _STEPS))
    even = np.linspace(0, along[-1], count)
    points = np.stack([np.interp(even, along, axis) for axis in stroke.T], axis=1)
    tremor = rng.normal(0, hand.jitter, (2, count // 4 + 2)) if hand.jitter else None
    if tremor is not None:
        knots = np.linspace(0, count - 1, count // 4 + 2)
        points += np.stack([np.interp(np.arange(count), knots, axis) for axis in tremor], axis=1)
    for _ in range(hand.smoothing):
        points[1:-1] = (points[:-2] + 2 * points[1:-1] + points[2:]) / 4
    return points


def _draw_even(canvas: NDArray[np.uint8], trace: Trace, width: float, *, smooth: bool) -> None:
    points = np.round(trace * 2**_SHIFT).astype(np.int32)
    kind = cv2.LINE_AA if smooth else cv2.LINE_8
    cv2.polylines(canvas, [points], False, 255, max(1, round(width)), kind, _SHIFT)  # noqa: FBT003 - cv2 takes it so


def _draw_uneven(
    canvas: NDArray[np.uint8], trace: Trace, tool: Tool, rng: np.random.Generator
) -> None:
    """Draw piece by piece, each with its own width (pressure, nib) or strength (marker)."""
    widths = np.maximum(1, tool.width * _width_factors(trace, tool, rng)).round().astype(int)
    values = np.full(len(trace), 255)
    if tool.brush == "marker":
        values = (255 * np.clip(0.75 + 0.3 * _wave(len(trace), rng), 0.4, 1)).astype(int)
    points = np.round(trace * 2**_SHIFT).astype(int).tolist()
    kind = cv2.LINE_AA if tool.smooth_edge else cv2.LINE_8
    pieces = zip(points[:-1], points[1:], widths.tolist(), values.tolist(), strict=False)
    for start, end, width, value in pieces:
        cv2.line(canvas, start, end, value, width, kind, _SHIFT)


def _width_factors(trace: Trace, tool: Tool, rng: np.random.Generator) -> NDArray[np.float64]:
    if tool.brush == "pressure":
        return np.clip(1 + 0.45 * _wave(len(trace), rng), 0.4, 1.7)
    if tool.brush == "nib":
        steps = np.gradient(trace, axis=0)
        angle = np.arctan2(steps[:, 1], steps[:, 0])
        return 0.35 + 0.75 * np.abs(np.sin(angle - rng.uniform(0.3, 1.1)))
    return np.ones(len(trace))


def _wave(count: int, rng: np.random.Generator) -> NDArray[np.float64]:
    knots = np.linspace(0, count - 1, 5)
    return np.interp(np.arange(count), knots, rng.normal(0, 1, 5))
