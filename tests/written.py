"""Numbers that this project wrote itself: its golden digits, side by side on white paper."""

from functools import cache
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from inkdigits.data.labelled import encode_png
from inkdigits.files.decode import decode
from inkdigits.image.glyphs import cut_glyph
from inkdigits.image.ink import find_ink

PICTURES = Path(__file__).parent / "golden" / "pictures"
Picture = NDArray[np.uint8]


@cache
def _digit(digit: str, height: int) -> Picture:
    """One digit's ink, cropped, 0 paper to 255 ink."""
    ink = cut_glyph(find_ink(decode((PICTURES / f"{digit}_marker.png").read_bytes()))).ink
    size = max(4, round(ink.shape[1] * height / ink.shape[0])), height
    return (cv2.resize(ink, size, interpolation=cv2.INTER_AREA) * 255).astype(np.uint8)


def written(text: str, height: int = 44, gap: int = 14) -> Picture:
    """Write digits, points, commas and dashes, dark on white; a line break begins a new line."""
    lines = [_line(line, height, gap) for line in text.split("\n")]
    width = max(line.shape[1] for line in lines)
    padded = [np.pad(line, ((0, 0), (0, width - line.shape[1]))) for line in lines]
    return 255 - np.vstack(padded)


def _line(text: str, height: int, gap: int) -> Picture:
    margin, parts = height // 2, []
    for symbol in text:
        part = np.zeros((height + 2 * margin, _width(symbol, height) + gap), np.uint8)
        foot, left = margin + height, gap // 2
        if symbol.isdigit():
            part[margin:foot, left : part.shape[1] - (gap - left)] = _digit(symbol, height)
        elif symbol == "-":
            part[margin + height // 2 - 2 : margin + height // 2 + 2, left : left + 16] = 255
        else:
            below = height // 6 if symbol == "," else 0
            part[foot - 5 : foot + below, left : left + 5] = 255
        parts.append(part)
    return np.pad(np.hstack(parts), ((0, 0), (margin, margin)))


def _width(symbol: str, height: int) -> int:
    if symbol.isdigit():
        return _digit(symbol, height).shape[1]
    return 16 if symbol == "-" else 5


@cache
def number_png(text: str) -> bytes:
    return encode_png(written(text))
