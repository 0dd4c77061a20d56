"""Digits and strokes of writers held back from training in → plans for drawings of them out."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path

import numpy as np

from inkdigits.data.labelled import Labelled, encode_png
from inkdigits.data.negatives import PIECES, cut_piece, is_bar, join_pair
from inkdigits.data.paper import paint
from inkdigits.data.pool import NOT_A_DIGIT, PoolSpec
from inkdigits.data.render import draw_image, render
from inkdigits.data.sources import SOURCES
from inkdigits.data.stock import Characters, Digits, Stock, load_stock
from inkdigits.data.strokes import Stroke
from inkdigits.data.style import BLACK, WHITE, Colour, Frame, Ground, Style, Tool, sample_hand
from inkdigits.errors import DataError
from inkdigits.evaluation.suite import Plan, entry, generator
from inkdigits.sample import Image

COMPOSED = 500
"""So many pairs and pieces: enough for an interval of less than two percent."""
SEVERAL = 2_000
"""Pictures of each arrangement of several digits: a share of 0.5% is known to 0.3 points."""
_CONTRAST = 80
_SIDES = (28, 1_200)  # px of the longer side of several digits; more where one would be under 8
_LEAST, _MARGIN = 8, 2  # px of a digit, and around all of them: none is cut
_GAP = (0.08, 0.8)  # of a digit: none touches another, for such two may be one character
_LYING = 2.0  # times as wide as high: a 1 that lies is a dash beside other digits

Strokes = list[Stroke]
_Compose = Callable[[Stock, np.random.Generator], Image]


@dataclass(frozen=True, slots=True)
class _Layout:
    """The fewest and the most rows and digits in a row; the smallest side, of the largest one."""

    rows: tuple[int, int]
    columns: tuple[int, int]
    is_grid: bool = False  # whether all rows are as long
    least: float = 0.85


@lru_cache(maxsize=2)
def _load(folder: Path | None, mnist: int = 0) -> Stock:
    """Load the strokes once for all suites, with the writers held back as training does."""
    spec = PoolSpec(mnist_raw=mnist, mnist_copies=0, digit_strokes=1, negatives=1)
    return load_stock(spec, folder)


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


def _plan_composed(folder: Path | None, name: str, compose: _Compose, count: int) -> Plan:
    stock = _load(folder, mnist=int(count == SEVERAL))

    def make(index: int) -> Labelled:
        picture = encode_png(compose(stock, generator(name, index)))
        return Labelled(picture, NOT_A_DIGIT, f"{name.rpartition('/')[2]}/{index}")

    return Plan(count, make)


def _pair(stock: Stock, rng: np.random.Generator) -> Image:
    both = join_pair(_digit(stock.digits, rng), _digit(stock.digits, rng), rng)
    return render(both, rng, paint_style(rng))


def _piece(stock: Stock, rng: np.random.Generator) -> Image:
    """Cut half a digit off, such that what is left is no digit."""
    while True:
        label, part = PIECES[rng.integers(len(PIECES))]
        piece = cut_piece(_digit(stock.digits, rng, str(label)), part, rng)
        if not is_bar(piece):
            return render(piece, rng, paint_style(rng))


def _several(layout: _Layout, stock: Stock, rng: np.random.Generator) -> Image:
    """Write digits, MNIST's or UNIPEN's, into squares, with one tool on one ground."""
    digits, style = stock.mnist if rng.random() < 0.5 else stock.digits, paint_style(rng)
    high = int(rng.integers(*layout.rows, endpoint=True))
    wide = rng.integers(*layout.columns, 1 if layout.is_grid else high, endpoint=True)
    counts = np.resize(wide, high).tolist()
    places = np.array([(x, y) for y, count in enumerate(counts) for x in range(count)])
    sides = rng.permutation([[1], *rng.uniform(layout.least, 1, (len(places) - 1, 1))])
    corners = places * (1 + rng.uniform(*_GAP, 2)) + (1 - sides) * rng.random(places.shape)
    extent = (corners + sides).max(axis=0)
    size = max(_LEAST, np.exp(rng.uniform(*np.log(_SIDES))) / extent.max())
    margins = _MARGIN + rng.uniform(0, 0.5, (2, 2)) * extent.min() * size
    ink = np.zeros(np.ceil(extent * size + margins.sum(axis=0)).astype(int)[::-1], np.float32)
    squares = np.hstack((corners * size + margins[0], sides * size)).astype(int)
    for left, top, side in squares.tolist():
        square = _write(digits, rng, Style(style.hand, Frame(side, side, share=1), style.tool))
        ink[top : top + side, left : left + side] = 1 - square / np.float32(255)
    return np.asarray(np.clip(np.rint(paint(ink, style.ground, rng)), 0, 255).astype(np.uint8))


def _write(digits: Digits | Characters, rng: np.random.Generator, style: Style) -> Image:
    if isinstance(digits, Characters):
        return render(_digit(digits, rng), rng, style)
    return draw_image(digits.images[rng.choice(np.flatnonzero(digits.held))], rng, style)[0]


def _digit(digits: Characters, rng: np.random.Generator, label: str = "") -> Strokes:
    """Choose one writing by a writer held back; of one digit, where it is given."""
    strokes = digits.sets[0]
    of_held = digits.chosen[digits.held][:, 1]
    wanted = of_held[strokes.label[of_held] == label] if label else of_held
    if not len(wanted):
        found = f"no {label or 'digit'} by a writer held back"
        raise DataError(SOURCES["unipen_digits"].file, found, "more writers")
    while True:
        writing = strokes.strokes_of(int(rng.choice(wanted)))
        width, height = np.ptp(np.concatenate(writing), axis=0)
        if width < _LYING * height:
            return writing


_LAYOUTS = {
    "side-by-side": _Layout((1, 1), (2, 3)),
    "columns": _Layout((2, 3), (1, 1)),
    "sizes": _Layout((1, 3), (2, 2), least=0.3),
    "grids": _Layout((2, 4), (2, 5), is_grid=True),
    "rows": _Layout((2, 4), (1, 6)),
    "pages": _Layout((5, 12), (8, 20)),
}
DRAWN = (
    entry("rendered", partial(_plan_characters, part="digits", sets=(0,))),
    entry("not-a-digit/letters", partial(_plan_characters, part="others", sets=(0, 1))),
    entry("not-a-digit/symbols", partial(_plan_characters, part="others", sets=(2,))),
    entry("not-a-digit/pairs", partial(_plan_composed, compose=_pair, count=COMPOSED)),
    entry("not-a-digit/pieces", partial(_plan_composed, compose=_piece, count=COMPOSED)),
    *(
        entry(
            f"several/{name}",
            partial(_plan_composed, compose=partial(_several, layout), count=SEVERAL),
        )
        for name, layout in _LAYOUTS.items()
    ),
)
