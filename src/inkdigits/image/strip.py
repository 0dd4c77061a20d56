"""One row's ink → strip: digits at one height, strokes not too thin, for the line reader."""

import cv2
import numpy as np
from numpy.typing import NDArray

from inkdigits.image.normalize import cropped
from inkdigits.image.strokes import THINNEST, stroke_width, widened
from inkdigits.sample import STRIP_HEIGHT, Ink, Strip

DIGIT_HEIGHT = 21.0
"""Height in px of a digit on a strip, as far as it can be told."""
MAX_WIDTH = 640
"""Px of a strip: some 30 digits. What is longer is squeezed."""
MARGIN = 4
"""Px of paper left and right, so that the first frame sees where a digit begins."""
_DUST_SHARE = 0.003  # of the row's height squared: smaller components do not count for the height
_LOW = 0.45  # of the tallest: lower are commas, dots and dashes
_TALL = 0.6  # share of the digits that are not higher than what counts as their height
_OUTER_INK = 0.006  # share of the ink that may be cut off above, and below
_WINDOW = 0.55  # of the row's height: about a digit's width, over which a height is looked for


def to_strip(ink: Ink, digit_height: float = DIGIT_HEIGHT) -> Strip:
    """Fit one row of writing into a strip.

    Args:
        ink: one row, cropped and level. Shape (H, W), 0 paper to 1 ink.
        digit_height: px of the strip, at most; a second look at a somewhat larger one errs
            elsewhere.

    Returns:
        Shape (32, W), float32, 0 paper to 1 ink; W is a multiple of 4, from 16 to 640. Digits are
        about `digit_height` high, in the middle; a flourish that is much higher is cut off.

    Raises:
        BlankImage: there is no ink.
    """
    row = cropped(ink)
    top, bottom = _digit_rows(row)
    high, low = _inner_rows(row)
    scale = min(digit_height / max(bottom - top, 1.0), (STRIP_HEIGHT - 1) / (low - high))
    missing = THINNEST / scale - stroke_width(row)  # strokes would fade on the strip
    ready = row if missing < 0.5 else widened(row, missing)
    wide = max(1, round(row.shape[1] * scale))
    squeezed = min(wide, MAX_WIDTH - 2 * MARGIN)
    size = squeezed, max(1, round(row.shape[0] * scale))
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    small = np.asarray(cv2.resize(ready, size, interpolation=how), np.float32)
    room = STRIP_HEIGHT / scale / 2
    middle = min(max((top + bottom) / 2, low - room), high + room)
    return _framed(small, middle * scale)


def _digit_rows(row: Ink) -> tuple[float, float]:
    """Tell between which rows the digits lie.

    Under a window as wide as a digit the ink reaches from one row to another. Of all windows
    that are not much lower than the highest ones, one that most do not exceed counts: so a few
    commas below, a slash or a long 7 do not.
    """
    drawn = _without_dust(row)
    found = np.flatnonzero(drawn.any(axis=0))
    if not found.size:
        return 0.0, float(row.shape[0])
    height = row.shape[0]
    top = np.where(drawn.any(axis=0), drawn.argmax(axis=0), height).astype(np.float32)
    low = np.where(drawn.any(axis=0), height - drawn[::-1].argmax(axis=0), 0).astype(np.float32)
    window = np.ones((1, max(1, round(_WINDOW * height))), np.uint8)
    tops, lows = cv2.erode(top[None], window)[0], cv2.dilate(low[None], window)[0]
    size = (lows - tops)[found]
    high = size >= _LOW * np.quantile(size, 0.9)
    middle = np.median(((lows + tops) / 2)[found][high])
    half = float(np.quantile(size[high], _TALL)) / 2
    return float(middle) - half, float(middle) + half


def _inner_rows(row: Ink) -> tuple[float, float]:
    """Tell between which rows nearly all ink lies; these must be on the strip."""
    summed = np.cumsum(row.sum(axis=1))
    high = np.searchsorted(summed, _OUTER_INK * summed[-1])
    low = np.searchsorted(summed, (1 - _OUTER_INK) * summed[-1]) + 1
    return float(high), float(low)


def _without_dust(row: Ink) -> NDArray[np.bool_]:
    drawn = (row > 0.3).astype(np.uint8) if float(row.max()) > 0.3 else (row > 0).astype(np.uint8)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(drawn, connectivity=8)
    large = stats[:, cv2.CC_STAT_AREA] >= max(2.0, _DUST_SHARE * row.shape[0] ** 2)
    large[0] = False
    return np.asarray(large[labels])


def _framed(small: Ink, middle: float) -> Strip:
    """Put the digits' middle into the strip's, with some paper on either side."""
    height, width = small.shape
    whole = max(16, -(-(width + 2 * MARGIN) // 4) * 4)
    strip = np.zeros((STRIP_HEIGHT, whole), np.float32)
    top, left = round(STRIP_HEIGHT / 2 - middle), (whole - width) // 2
    y0, y1 = max(0, top), min(STRIP_HEIGHT, top + height)
    strip[y0:y1, left : left + width] = small[y0 - top : y1 - top]
    return np.minimum(strip, 1)  # area averages may exceed it by their last bit
