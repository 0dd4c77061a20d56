"""A stock of writers and a random generator in → the strip of one composed number out."""

from itertools import pairwise

import numpy as np

from inkdigits.data.numbers import (
    NumberPicture,
    NumberStock,
    compose_number,
    sample_digits,
    sample_number_style,
    sample_text,
)
from inkdigits.errors import BlankImage
from inkdigits.image.number_ink import find_number_ink
from inkdigits.image.rows import find_rows
from inkdigits.image.strip import to_strip
from inkdigits.sample import FRAME, Box, Strip

KINDS = ("any", "spaced", "touching", "overlapping")
"""Any text in any style, or 2 to 8 digits in one spacing."""

_PLAIN = 0.35  # of any styles are on plain paper, and then as often close as not
_COVERED = 0.85  # of the written width must be in the row that was found


def make_strip(stock: NumberStock, kind: str, rng: np.random.Generator) -> tuple[Strip, str] | None:
    """Write a number, and cut its strip out of the picture.

    Args:
        stock: who can write.
        kind: one of `KINDS`.
        rng: all randomness.

    Returns:
        The strip and what is written on it; None where the line was not found in the picture.
    """
    if kind == KINDS[0]:
        plain = KINDS[rng.integers(1, len(KINDS))] if rng.random() < _PLAIN else None
        style = sample_number_style(rng, plain)
        picture = compose_number(stock, sample_text(rng), rng, style)
    else:
        text = sample_digits(int(rng.integers(2, 9)), rng)
        picture = compose_number(stock, text, rng, sample_number_style(rng, kind))
    try:
        ink = find_number_ink(picture.image)
        rows = find_rows(ink)
        if not rows:
            return None
        row = max(rows, key=lambda one: float(one.ink.sum()))
        strip = to_strip(row.ink)
    except BlankImage:
        return None
    scale = ink.shape[1] / picture.image.shape[1]
    fits = strip.shape[1] // FRAME >= frames_needed(picture.label)
    return (strip, picture.label) if fits and _covers(row.box, picture, scale) else None


def frames_needed(text: str) -> int:
    """Give how many answers a text takes at least: one a symbol, and one between repeats."""
    return len(text) + sum(a == b for a, b in pairwise(text))


def _covers(found: Box, picture: NumberPicture, scale: float) -> bool:
    left = min(box.left for box in picture.boxes) * scale
    right = max(box.left + box.width for box in picture.boxes) * scale
    shared = min(right, found.left + found.width) - max(left, found.left)
    return shared >= _COVERED * (right - left)
