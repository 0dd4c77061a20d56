"""A job, one picture that was planned, in → the sample that the image line makes of it out."""

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from inkdigits.data.negatives import PIECES, cut_piece, is_bar, join_pair, scribble, texture_image
from inkdigits.data.penmanship import write
from inkdigits.data.pool import NOT_A_DIGIT, PoolSpec
from inkdigits.data.render import draw, draw_image
from inkdigits.data.stock import Characters, Stock
from inkdigits.data.strokes import Stroke
from inkdigits.data.style import sample_style
from inkdigits.errors import BlankImage
from inkdigits.image.stages import walk_line
from inkdigits.sample import CLASSES, SIDE, Box, Image

RAW, COPIES, RESTYLED, STROKES, NEGATIVES, COMPOSED, RARE, SCRIBBLED = range(8)
"""Places in `pool.SOURCE_NAMES`."""
_FOUND = 0.7
"""The least share of the drawn box that must be in the found one."""
_FOUND_OF_OTHERS = 0.93
"""As `_FOUND`, of what is no digit: half of a letter, or one of two digits, may be one."""
_HELD_OF_NOBODY = 0.1
"""Share of what nobody wrote that validates: each drawing is new, so no writer is in both."""
_BAR = 0.45
"""Of its height is the most that is as wide as a 1 by a broad brush."""
_OF_FOUND = 0.12
"""The least share of the found box that was drawn: noise around a digit is a fact of life, but
a digit lost in ruled paper teaches nothing."""


@dataclass(frozen=True, slots=True, eq=False)
class Made:
    """One sample of a pool. `lost` says why there is none: "", "blank-image" or "missed"."""

    sample: NDArray[np.uint8]
    label: int
    writer: str
    held: bool
    lost: str = ""


def plan_jobs(spec: PoolSpec, stock: Stock, seed: int) -> NDArray[np.int64]:
    """Lay out which pictures a pool is made of.

    Returns:
        int64 (N, 2): the source, and the index into that part of the stock; each index comes
        again only after all others of its source came.
    """
    rng = np.random.default_rng((seed, 0))
    mnist, digits = len(stock.mnist.labels), len(stock.digits.chosen)
    wanted = [  # how many of how many there are, in the order of `SOURCE_NAMES`
        (spec.mnist_raw * mnist, mnist),
        (round(spec.mnist_copies * mnist), mnist),
        (spec.mnist_restyled, mnist),
        (spec.digit_strokes, digits),
        (spec.negatives, len(stock.others.chosen)),
        (spec.composed, digits),
        (spec.rare, len(CLASSES)),
        (spec.scribbled, len(CLASSES)),
    ]
    parts = [np.empty((0, 2), np.int64)]
    for source, (count, available) in enumerate(wanted):
        rounds = -(-count // available) if available else 0
        order = [rng.permutation(available) for _ in range(rounds)]
        indices = np.concatenate([*order, np.empty(0, np.int64)])[:count]
        parts.append(np.stack([np.full(len(indices), source), indices], axis=1).astype(np.int64))
    return np.concatenate(parts)


def make(stock: Stock, source: int, index: int, rng: np.random.Generator) -> Made:
    """Make one sample of a pool, from what a job names and all randomness from `rng`."""
    if source in (RAW, COPIES, RESTYLED):
        return _make_mnist(stock, source, index, rng)
    if source == RARE:
        return _read(*draw(write(index, rng), rng, sample_style(rng)), (index, "", False))
    if source == SCRIBBLED:
        return _make_scribbled(index, rng)
    part = stock.others if source == NEGATIVES else stock.digits
    writer, held = str(part.writers[index]), bool(part.held[index])
    strokes, label = _character(part, index)
    if source == NEGATIVES:
        label = NOT_A_DIGIT
    elif source == COMPOSED:
        return _draw_composed(_compose(stock.digits, index, rng), (writer, held), rng)
    image, box = draw(strokes, rng, sample_style(rng))
    return _read(image, box, (label, writer, held))


def _make_mnist(stock: Stock, source: int, index: int, rng: np.random.Generator) -> Made:
    part = stock.mnist
    image, label = part.images[index], int(part.labels[index])
    about = label, str(part.writers[index]), bool(part.held[index])
    if source == RAW:
        return Made(image, *about)
    if source == COPIES:
        return _read(image, None, about)
    picture, box = draw_image(image, rng, sample_style(rng))
    return _read(picture, box, about)


def _character(part: Characters, index: int) -> tuple[list[Stroke], int]:
    number, sample = part.chosen[index].tolist()
    name = str(part.sets[number].label[sample])
    return part.sets[number].strokes_of(sample), int(name) if name.isdigit() else NOT_A_DIGIT


def _compose(digits: Characters, index: int, rng: np.random.Generator) -> list[Stroke] | Image:
    """Compose what is no digit from a digit, a second one of the same side, or from nothing."""
    kind = rng.random()
    same_side = np.flatnonzero(digits.held == digits.held[index])
    if kind < 0.4:
        second = int(rng.choice(same_side))
        return join_pair(_character(digits, index)[0], _character(digits, second)[0], rng)
    if kind < 0.52:
        label, part = PIECES[rng.integers(len(PIECES))]
        piece = cut_piece(_of_label(digits, same_side, label, rng), part, rng)
        return scribble(rng) if is_bar(piece) else piece
    return scribble(rng) if kind < 0.9 else texture_image(rng)


def _make_scribbled(index: int, rng: np.random.Generator) -> Made:
    """Compose what is no digit from digits by nobody's hand, or from nothing."""
    kind, held = rng.random(), bool(rng.random() < _HELD_OF_NOBODY)
    composed: list[Stroke] | Image
    if kind < 0.3:
        composed = join_pair(write(index, rng), write(int(rng.integers(len(CLASSES))), rng), rng)
    elif kind < 0.4:
        label, part = PIECES[rng.integers(len(PIECES))]
        composed = cut_piece(write(label, rng), part, rng)
    else:
        composed = scribble(rng) if kind < 0.85 else texture_image(rng)
    if isinstance(composed, list) and is_bar(composed):
        composed = scribble(rng)
    return _draw_composed(composed, ("", held), rng)


def _draw_composed(
    composed: list[Stroke] | Image, of: tuple[str, bool], rng: np.random.Generator
) -> Made:
    """Make a sample of what was composed; `of` is the writer, and whether he is held back."""
    if isinstance(composed, list):
        return _read(*draw(composed, rng, sample_style(rng)), (NOT_A_DIGIT, *of))
    made = _read(composed, None, (NOT_A_DIGIT, "", of[1]))
    return replace(made, lost=made.lost or "a bar" * _shows_bar(made.sample))


def _of_label(
    digits: Characters, among: NDArray[np.int64], label: int, rng: np.random.Generator
) -> list[Stroke]:
    """Give one writing of a digit; of another digit where nobody wrote this one."""
    for index in rng.permutation(among).tolist():
        strokes, found = _character(digits, index)
        if found == label:
            break
    return strokes


def _read(image: Image, drawn: Box | None, about: tuple[int, str, bool]) -> Made:
    """Send a picture through the line. What it found elsewhere than was drawn is no sample."""
    try:
        stages = walk_line(image)
    except BlankImage:
        return Made(np.zeros((SIDE, SIDE), np.uint8), *about, lost="blank-image")
    least = _FOUND_OF_OTHERS if about[0] == NOT_A_DIGIT else _FOUND
    missed = drawn is not None and _misses(drawn, stages.box, least)
    return Made(
        np.rint(stages.sample * 255).astype(np.uint8), *about, lost="missed" if missed else ""
    )


def _shows_bar(sample: NDArray[np.uint8]) -> bool:
    """Tell whether a texture came out as one solid upright block: nobody can tell it from a 1."""
    _, _, width, height = cv2.boundingRect(sample)
    return bool(0 < width <= _BAR * height)


def _misses(drawn: Box, found: Box, least: float) -> bool:
    width = min(drawn.left + drawn.width, found.left + found.width) - max(drawn.left, found.left)
    height = min(drawn.top + drawn.height, found.top + found.height) - max(drawn.top, found.top)
    shared = max(0, width) * max(0, height)
    whole, around = drawn.width * drawn.height, found.width * found.height
    return not whole or shared < least * whole or shared < _OF_FOUND * around
