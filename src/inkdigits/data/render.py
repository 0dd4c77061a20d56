"""Pen strokes, or a sample's ink, in → a picture as somebody would draw and upload it out."""

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from inkdigits.data.brush import Trace, draw_traces, shape_strokes, shrink, turn_and_slant
from inkdigits.data.paper import paint, photograph
from inkdigits.data.style import Frame, Style, Tool, sample_style
from inkdigits.sample import SIDE, Box, Image, Ink

_BLANK = 1e-9
_CLEAR = 3
"""A sample is drawn at no less than this enlargement, and reduced afterwards."""


def render(
    strokes: Sequence[NDArray[np.floating]], rng: np.random.Generator, style: Style | None = None
) -> Image:
    """Draw pen strokes as people do.

    Args:
        strokes: (P, 2) each, any unit, y up, as `StrokeSet.strokes_of` gives them.
        rng: all randomness; the same state gives the same picture.
        style: how; a random one where None.

    Returns:
        uint8, (H, W) grey or (H, W, 3) RGB.
    """
    return draw(strokes, rng, style or sample_style(rng))[0]


def draw(
    strokes: Sequence[NDArray[np.floating]], rng: np.random.Generator, style: Style
) -> tuple[Image, Box]:
    """Do what `render` does, and tell where the character came to stand.

    Returns:
        The picture, and the box of the drawn ink in it. It has no width where nothing is drawn.
    """
    traces = shape_strokes(strokes, style.hand, rng)
    placed, size = _placed(traces, style)
    tool = replace(style.tool, width=max(1.0, style.tool.width * size))
    ink = draw_traces(placed, (style.frame.height, style.frame.width), tool, rng)
    return _finished(ink, style, rng)


def draw_image(
    sample: NDArray[np.floating] | NDArray[np.uint8], rng: np.random.Generator, style: Style
) -> tuple[Image, Box]:
    """Draw a sample again, larger, with another stroke width, in another place and colour.

    The brush's kind and width in `style` are not used: a sample brings its own stroke, which
    becomes somewhat thinner or thicker.

    Args:
        sample: (28, 28), uint8 0 to 255 or float 0 to 1, ink high.
        rng: all randomness.
        style: how.

    Returns:
        As of `draw`.
    """
    ink = np.asarray(sample, np.float32) / np.float32(255 if sample.dtype == np.uint8 else 1)
    return _finished(_enlarged(ink, style, rng), style, rng)


def _finished(ink: Ink, style: Style, rng: np.random.Generator) -> tuple[Image, Box]:
    if style.tool.hollow:
        ink = _outline(ink)
    if style.tool.grain:
        noise = rng.random(ink.shape, dtype=np.float32)
        ink = ink * (1 - np.float32(style.tool.grain) * noise)
    image = photograph(paint(ink, style.ground, rng), style.camera, rng)
    return image, _box_of(ink, image.shape[1] / ink.shape[1])


def _outline(ink: Ink) -> Ink:
    """Leave the edge of a stroke, about a hundredth of the picture thick."""
    wall = max(1, round(min(ink.shape) / 100))
    inner = cv2.erode(ink, np.ones((2 * wall + 1, 2 * wall + 1), np.uint8))
    return np.asarray(ink - inner, np.float32)


def _box_of(ink: Ink, scale: float) -> Box:
    return Box(*cv2.boundingRect((ink != 0).astype(np.uint8))).scaled(scale)


def _placed(traces: Sequence[Trace], style: Style) -> tuple[list[Trace], float]:
    """Move traces of size 1 into the frame; give them and the character's size in px."""
    if not traces:
        return [], 1.0
    points = np.concatenate(traces)
    extent = np.ptp(points, axis=0)
    centre, size = _fit(extent, style.frame, style.tool)
    return [trace * size + centre for trace in traces], size


def _fit(
    extent: NDArray[np.float64], frame: Frame, tool: Tool
) -> tuple[NDArray[np.float64], float]:
    """Give the character's centre (x, y) and the length of 1 in px, stroke width included."""
    room = np.array([frame.width, frame.height], float)
    whole = np.maximum(extent + tool.width, _BLANK)
    size = float(frame.share * (room / whole).min())
    place = np.array([frame.left, frame.top])
    free = room - whole * size
    return place * free + whole * size / 2 - 0.5, size


def _enlarged(ink: Ink, style: Style, rng: np.random.Generator) -> Ink:
    """Warp a sample into the frame: cubic enlargement, then a steep edge where the ink was."""
    frame = style.frame
    rows, columns = np.nonzero(ink > 0.5 * ink.max()) if ink.any() else ([0, SIDE], [0, SIDE])
    low, high = np.array([min(columns), min(rows)]), np.array([max(columns), max(rows)]) + 1.0
    matrix = turn_and_slant(style.hand)
    extent = np.abs(matrix) @ (high - low)
    centre, scale = _fit(extent, frame, Tool(width=0))
    times = int(np.ceil(_CLEAR / scale)) if scale < _CLEAR else 1
    warp = np.zeros((2, 3))
    warp[:, :2] = matrix * scale * times
    warp[:, 2] = (centre + 0.5) * times - 0.5 - warp[:, :2] @ ((low + high) / 2 - 0.5)
    size = frame.width * times, frame.height * times
    large = cv2.warpAffine(ink, warp, size, flags=cv2.INTER_CUBIC)
    edged = _edged(np.asarray(large, np.float32), scale * times, style, rng)
    return shrink(edged, (frame.height, frame.width))


def _edged(large: Ink, scale: float, style: Style, rng: np.random.Generator) -> Ink:
    """Smooth the enlarged pixels away; where the edge is set makes the stroke thin or thick."""
    soft = cv2.GaussianBlur(large, (0, 0), max(0.6, 0.45 * scale))
    level = rng.uniform(0.28, 0.6)
    steep = scale if style.tool.smooth_edge else 1e6
    return np.asarray(np.clip((soft - level) * steep + 0.5, 0, 1), np.float32)
