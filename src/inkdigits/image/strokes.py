"""Glyph → glyph with the stroke width that MNIST has, so that hairlines survive shrinking."""

import cv2
import numpy as np
from numpy.typing import NDArray

from inkdigits.errors import TooComplex
from inkdigits.image.normalize import GLYPH_SIDE, SMALLEST_SQUARE
from inkdigits.sample import Ink

THINNEST = 1.9
"""Stroke width in px of a sample (28×28), or a strip, below which strokes are thickened to it."""
FADING = 0.2
"""Px less than a px of a smaller picture, and a thin stroke goes pale there."""
MOST_OUTLINES = 20_000
"""Of a picture: pieces of ink, and holes. A page full of writing has half as many."""
_LEAST_PX = 4  # of a picture, for each outline in it
_WORK_SIDE = 120  # px: the longest side at which strokes are measured and thickened
_COARSE = 8  # px: a brush so wide is as round at half the resolution
_COARSE_IN_ROW = 16  # px: the same of a brush that widens the strokes of a row
_FOUR = np.ones((2, 2), np.uint8)
_LARGEST_DIRECT = 24  # px: a glyph this small with a fit stroke is left exactly as it is


def match_stroke(ink: Ink) -> Ink:
    """Thicken strokes that would fade when the glyph is shrunk into a sample.

    Args:
        ink: one glyph, cropped. float32 (H, W), 0 paper to 1 ink.

    Returns:
        The same glyph, possibly at another resolution (longest side about 120 or 60 px), with a
        stroke of at least `THINNEST` px after the longest side becomes 20 px. A glyph
        whose stroke is fit already keeps it.
    """
    if max(ink.shape) <= _LARGEST_DIRECT and _width_in_sample(ink) >= THINNEST:
        return ink
    work = _to_work_size(ink)
    width = stroke_width(work)
    side = max(*work.shape, SMALLEST_SQUARE)
    # The thickened stroke widens the glyph too: side + grow, width + grow.
    grow = (THINNEST * side / GLYPH_SIDE - width) / (1 - THINNEST / GLYPH_SIDE)
    return work if grow < 0.5 else _thickened(work, grow)


def stroke_width(ink: Ink) -> float:
    """Mean stroke width, px: twice the area over the outline's length (a ribbon's ratio).

    Raises:
        TooComplex: there are more outlines than any page of writing has.
    """
    drawn = (ink > 0.5).astype(np.uint8) if float(ink.max()) > 0.5 else (ink > 0).astype(np.uint8)
    if drawn.size > _LEAST_PX * MOST_OUTLINES and (count := count_outlines(drawn)) > MOST_OUTLINES:
        raise TooComplex("outlines of ink", count, MOST_OUTLINES)
    outlines, _ = cv2.findContours(drawn, cv2.RETR_LIST, cv2.CHAIN_APPROX_NONE)
    length = float(sum(cv2.arcLength(outline, closed=True) for outline in outlines))
    area = float(np.count_nonzero(drawn))
    return 2 * area / length if length > 0 else 1.0


def count_outlines(drawn: NDArray[np.uint8]) -> int:
    """Count the pieces of ink and the holes in it: 1 is ink, 0 paper."""
    paper = cv2.connectedComponents(1 - drawn, connectivity=4)[0]
    return int(cv2.connectedComponents(drawn, connectivity=8)[0] + paper - 2)


def widened(ink: Ink, by: float) -> Ink:
    """Widen every stroke by about `by` px, inside the picture, which may come out smaller.

    What a brush costs grows with its area, so that a wide one works at a lower resolution, where
    it is as round.
    """
    size = max(2, round(by) + 1)
    while size >= _COARSE_IN_ROW:
        ink, size = _halved(ink), round(size / 2)
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
    return np.asarray(cv2.dilate(ink, kernel), np.float32)


def _width_in_sample(ink: Ink) -> float:
    """The stroke width a small glyph will have in a sample; measured enlarged, in subpixels."""
    side = float(max(*ink.shape, SMALLEST_SQUARE))
    width = stroke_width(_resized(ink, 4.0)) / 4
    return width * GLYPH_SIDE / side


def _to_work_size(ink: Ink) -> Ink:
    scale = _WORK_SIDE / max(ink.shape)
    if scale >= 1:
        return _resized(ink, scale)
    # Each px of the smaller picture sees 1/scale px of this one: a stroke must be that wide.
    missing = 1 / scale - stroke_width(ink)
    ready = _thickened(ink, missing) if missing > FADING else ink
    return _resized(ready, _WORK_SIDE / max(ready.shape))


def _resized(ink: Ink, scale: float) -> Ink:
    size = (max(1, round(ink.shape[1] * scale)), max(1, round(ink.shape[0] * scale)))
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(ink, size, interpolation=how), dtype=np.float32)


def _thickened(ink: Ink, by: float) -> Ink:
    """Widen every stroke by about `by` px; the picture grows so that nothing is cut off.

    By much, it is done at half the resolution, for a tenth of the time: such a stroke is shrunk
    to a quarter of its width afterwards.
    """
    size = max(2, round(by) + 1)
    if size >= _COARSE:
        ink, size = _halved(ink), round((by + 1) / 2)
    margin = size // 2 + 1
    wide = cv2.copyMakeBorder(ink, margin, margin, margin, margin, cv2.BORDER_CONSTANT, value=0)
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
    return np.asarray(cv2.dilate(wide, kernel), dtype=np.float32)


def _halved(ink: Ink) -> Ink:
    """Take the most ink of each four px: the mean would let thin strokes fade."""
    return np.ascontiguousarray(cv2.dilate(ink, _FOUR, anchor=(0, 0))[::2, ::2], np.float32)
