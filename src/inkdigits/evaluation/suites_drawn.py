"""UNIPEN's strokes, of writers held back from training, in → plans for drawings of them out."""

from collections.abc import Callable
from functools import lru_cache, partial
from pathlib import Path

import numpy as np

from inkdigits.data.labelled import Labelled, encode_png
from inkdigits.data.negatives import PIECES, cut_piece, is_bar, join_pair
from inkdigits.data.pool import NOT_A_DIGIT, PoolSpec
from inkdigits.data.render import render
from inkdigits.data.sources import SOURCES
from inkdigits.data.stock import Characters, Stock, load_stock
from inkdigits.data.strokes import Stroke
from inkdigits.data.style import BLACK, WHITE, Colour, Frame, Ground, Style, Tool, sample_hand
from inkdigits.errors import DataError
from inkdigits.evaluation.suite import Entry, Plan, generator

COMPOSED = 500
"""So many pairs and pieces: enough for an interval of less than two percent."""
_CONTRAST = 80
_ALL = "train/unipen_*.npz"

Strokes = list[Stroke]


@lru_cache(maxsize=1)
def _load(folder: Path | None) -> Stock:
    """Load the strokes once for all suites, with the writers held back as training does."""
    return load_stock(PoolSpec(mnist_copies=0, digit_strokes=1, negatives=1), folder)


def paint_style(rng: np.random.Generator) -> Style:
    """Draw one way of drawing in a paint program: any size, place, brush and colours."""
    height, width = rng.integers(100, 401, 2).tolist()
    frame = Frame(height, width, rng.uniform(0.35, 0.9), *rng.uniform(0.05, 0.95, 2))
    brush = float(np.exp(rng.uniform(np.log(0.01), np.log(0.15))))
    tool = Tool("round", brush, smooth_edge=bool(rng.random() < 0.7))
    paper, ink = _colours(rng)
    return Style(sample_hand(rng), frame, tool, Ground(paper, ink))


def _colours(rng: np.random.Generator) -> tuple[Colour, Colour]:
    """Choose paper and ink: black and white as a rule, else two colours that can be told apart."""
    kind = rng.random()
    if kind < 0.7:
        return (WHITE, BLACK) if kind < 0.35 else (BLACK, WHITE)
    while True:
        paper, ink = rng.integers(0, 256, (2, 3)).tolist()
        if abs(float(np.dot(np.subtract(paper, ink), (0.299, 0.587, 0.114)))) >= _CONTRAST:
            return tuple(paper), tuple(ink)


def _plan_characters(folder: Path | None, name: str, part: str, sets: tuple[int, ...]) -> Plan:
    characters: Characters = getattr(_load(folder), part)
    chosen = characters.chosen[characters.held]
    chosen = chosen[np.isin(chosen[:, 0], sets)]

    def make(index: int) -> Labelled:
        number, sample = chosen[index].tolist()
        strokes = characters.sets[number].strokes_of(sample)
        written = str(characters.sets[number].label[sample])
        label = int(written) if part == "digits" else NOT_A_DIGIT
        rng = generator(name, index)
        picture = encode_png(render(strokes, rng, paint_style(rng)))
        return Labelled(picture, label, f"{name.rpartition('/')[2]}/{index} {written}")

    return Plan(len(chosen), make)


def _plan_composed(
    folder: Path | None, name: str, compose: Callable[[Characters, np.random.Generator], Strokes]
) -> Plan:
    digits = _load(folder).digits

    def make(index: int) -> Labelled:
        rng = generator(name, index)
        picture = encode_png(render(compose(digits, rng), rng, paint_style(rng)))
        return Labelled(picture, NOT_A_DIGIT, f"{name.rpartition('/')[2]}/{index}")

    return Plan(COMPOSED, make)


def _pair(digits: Characters, rng: np.random.Generator) -> Strokes:
    return join_pair(_digit(digits, rng), _digit(digits, rng), rng)


def _piece(digits: Characters, rng: np.random.Generator) -> Strokes:
    """Cut half a digit off, such that what is left is no digit."""
    while True:
        label, part = PIECES[rng.integers(len(PIECES))]
        piece = cut_piece(_digit(digits, rng, str(label)), part, rng)
        if not is_bar(piece):
            return piece


def _digit(digits: Characters, rng: np.random.Generator, label: str = "") -> Strokes:
    """Choose one writing by a writer held back; of one digit, where it is given."""
    strokes = digits.sets[0]
    of_held = digits.chosen[digits.held][:, 1]
    wanted = of_held[strokes.label[of_held] == label] if label else of_held
    if not len(wanted):
        found = f"no {label or 'digit'} by a writer held back"
        raise DataError(SOURCES["unipen_digits"].file, found, "more writers")
    return strokes.strokes_of(int(rng.choice(wanted)))


DRAWN = (
    Entry(
        "rendered",
        "UNIPEN's digits of writers held back, drawn as in a paint program; some labels are wrong",
        "digits",
        _ALL,
        partial(_plan_characters, name="rendered", part="digits", sets=(0,)),
    ),
    Entry(
        "not-a-digit/letters",
        "letters that nobody takes for digits, of writers held back, drawn as in a paint program",
        "not-a-digit",
        _ALL,
        partial(_plan_characters, name="not-a-digit/letters", part="others", sets=(0, 1)),
    ),
    Entry(
        "not-a-digit/symbols",
        "symbols that nobody takes for digits, of writers held back, drawn as in a paint program",
        "not-a-digit",
        _ALL,
        partial(_plan_characters, name="not-a-digit/symbols", part="others", sets=(2,)),
    ),
    Entry(
        "not-a-digit/pairs",
        "two digits side by side, of writers held back, drawn as in a paint program",
        "not-a-digit",
        _ALL,
        partial(_plan_composed, name="not-a-digit/pairs", compose=_pair),
    ),
    Entry(
        "not-a-digit/pieces",
        "halves of digits, of writers held back, drawn as in a paint program",
        "not-a-digit",
        _ALL,
        partial(_plan_composed, name="not-a-digit/pieces", compose=_piece),
    ),
)
