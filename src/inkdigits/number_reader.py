"""The ink of a row → what it says: cut into digits by one reader, read as a whole by the other."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial

import numpy as np
from numpy.typing import NDArray

from inkdigits.decision import ctc, lattice
from inkdigits.decision.calibration import softmax
from inkdigits.decision.expected import MAX_LENGTH, Expected
from inkdigits.decision.lattice import Lattice
from inkdigits.decision.number import (
    ALONE,
    TOGETHER,
    NumberLine,
    NumberPolicy,
    NumberPrediction,
    Score,
    decide_number,
    join_lines,
    keep_expected,
    no_number,
    rank_texts,
)
from inkdigits.decision.runs import build_lattice
from inkdigits.errors import BlankImage, ModelNotFound
from inkdigits.image.number_ink import find_number_ink
from inkdigits.image.pieces import Pieces, cut_pieces, find_pieces
from inkdigits.image.rows import Row, find_rows
from inkdigits.image.runs import (
    groups_to_cut,
    measure_runs,
    other_runs,
    to_samples,
    whole_groups,
)
from inkdigits.image.strip import MARGIN, to_strip
from inkdigits.model.base import Model
from inkdigits.model.line_model import LineReader, load_line_reader
from inkdigits.sample import CLASSES, FRAME, Box, Image, Samples

MAX_ROWS = 40
"""Lines of writing that are read in one picture: a page has no more."""
MAX_GROUPS = 2 * MAX_LENGTH
"""Separate pieces of ink in a row: each digit and a separator after it. More are no number."""
_SURE = 0.99
"""Probability from which a group is a digit and is neither cut nor joined."""
_ONE, _ONE_WIDTH = 0.9, 1.2
"""Probability from which a row is one digit, where it is not wider than this by its height."""
_LEAST = 1e-9  # a probability that is taken for 0
_MOST = 8  # texts asked of each reader
_FOREIGN, _LOST = 0.1, 0.3
"""A row is no number where its runs are digits by less, and the number is less sure."""

_Finder = Callable[[Expected, int], list[tuple[str, float]]]
_Scorer = Callable[[list[str]], NDArray[np.float64]]


@dataclass(frozen=True, slots=True)
class NumberModels:
    """What reads a row.

    Attributes:
        digits: reads one digit.
        temperature: the logits of `digits` are divided by it; positive.
        policy: the weights of the readers, in the order lattice, line, and the thresholds.
        line: reads a whole line; None where there is none.
    """

    digits: Model
    temperature: float
    policy: NumberPolicy
    line: LineReader | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Cut:
    """A row cut into runs of pieces: where they lie, and what they may be.

    Attributes:
        runs: first piece, and the one after the last, of each.
        pieces: of the row.
        log_p: float (A, 11), log probabilities of the digits and of "not a digit" of each run.
        lattice: of all runs.
    """

    runs: list[tuple[int, int]]
    pieces: Pieces
    log_p: NDArray[np.float64]
    lattice: Lattice


@cache
def shipped_line_reader() -> LineReader | None:
    """Load the line reader that comes with this package; None where it has none."""
    try:
        return load_line_reader()
    except ModelNotFound:
        return None


def number_models(digits: Model, temperature: float) -> NumberModels:
    """Put what reads a row together: a model of single digits, and the shipped line reader."""
    line = shipped_line_reader()
    return NumberModels(digits, temperature, ALONE if line is None else TOGETHER, line)


def read_number(
    image: Image, models: NumberModels, expected: Expected, scale: float
) -> NumberPrediction:
    """Read all rows of a picture; of more than `MAX_ROWS` the others are not read.

    Args:
        image: uint8, (H, W) grey or (H, W, 3) RGB.
        models: what reads it.
        expected: what each row is known to hold.
        scale: px of the upload that one px of the image is wide.

    Raises:
        BlankImage: nothing is drawn.
    """
    ink = find_number_ink(image)
    rows = find_rows(ink)[:MAX_ROWS]
    if not rows:
        raise BlankImage
    scale *= image.shape[1] / ink.shape[1]
    return join_lines([_scaled(read_row(row, models, expected), scale) for row in rows])


def read_row(row: Row, models: NumberModels, expected: Expected) -> NumberLine:
    """Read one row.

    Args:
        row: of `find_rows`.
        models: what reads it.
        expected: what the row is known to hold.

    Returns:
        The answer; its boxes in px of the ink that the row was found in.
    """
    pieces = find_pieces(row.ink)
    if len(pieces) > MAX_GROUPS:
        return no_number("not_a_digit", row.box)
    cut = cut_row(row, pieces, models)
    line = models.line
    frames = None if line is None else line.log_probabilities(to_strip(row.ink))
    found = [_find(partial(lattice.find_texts, cut.lattice), expected)]
    scores = [_known(found[0], partial(lattice.score_texts, cut.lattice))]
    if frames is not None:
        found.append(_find(partial(ctc.find_texts, frames), expected))
        scores.append(_known(found[1], partial(ctc.score_texts, frames)))
    texts = [text for known in found for text in known]
    ranked = keep_expected(rank_texts(texts, scores, models.policy), expected)
    if not ranked:
        return no_number("not_as_expected", row.box)
    said = decide_number(ranked, models.policy, lambda text: _boxes(text, row, cut, frames))
    if said.confidence < _LOST and _digit_share(cut) < _FOREIGN:
        return no_number("not_a_digit", row.box)
    return replace(said, box=row.box)


def _find(find: _Finder, expected: Expected) -> dict[str, float]:
    """Ask a reader for what is expected, and for what it would say if nothing were."""
    found = dict(find(expected, _MOST))
    return found if expected == Expected() else found | dict(find(Expected(), _MOST))


def _known(known: dict[str, float], score: _Scorer) -> Score:
    """Score only the texts that a reader has not scored while it found them."""

    def look_up(texts: Sequence[str]) -> list[float]:
        others = [text for text in texts if text not in known]
        scored = known | dict(zip(others, score(others).tolist(), strict=True))
        return [scored[text] for text in texts]

    return look_up


def cut_row(row: Row, pieces: Pieces, models: NumberModels) -> Cut:
    """Cut a row into pieces and read all runs of them: the groups first, which often is enough."""
    if row.ink.shape[1] <= _ONE_WIDTH * row.ink.shape[0]:
        runs = [(0, len(pieces))]
        log_p = _log_p(models, to_samples(pieces, runs))
        if np.exp(log_p[0, : len(CLASSES)].max()) >= _ONE:
            return Cut(runs, pieces, log_p, build_lattice(log_p, measure_runs(pieces, runs)))
    runs = whole_groups(pieces)
    log_p = _log_p(models, to_samples(pieces, runs))
    sure = np.exp(log_p[:, : len(CLASSES)].max(axis=1)) >= _SURE
    if groups := groups_to_cut(pieces, sure):
        pieces = cut_pieces(pieces, groups)
        runs = whole_groups(pieces)
    if more := other_runs(pieces, sure):
        log_p = np.concatenate((log_p, _log_p(models, to_samples(pieces, more))))
        runs = runs + more
    return Cut(runs, pieces, log_p, build_lattice(log_p, measure_runs(pieces, runs)))


def _log_p(models: NumberModels, samples: Samples) -> NDArray[np.float64]:
    """Log probabilities (N, 11) of the digits and of "not a digit"."""
    logits = models.digits.logits(samples)
    shares = softmax(logits, models.temperature)
    if shares.shape[1] == len(CLASSES):  # a model that knows digits alone
        shares = np.hstack((shares, np.zeros((len(shares), 1))))
    return np.asarray(np.log(np.maximum(shares, _LEAST)))


def _digit_share(cut: Cut) -> float:
    """How likely, on the whole, the best way's runs are digits; 0 where there is no way."""
    best = lattice.find_texts(cut.lattice, Expected(), 1)
    places = lattice.place_symbols(cut.lattice, best[0][0]) if best else []
    shares = np.exp(cut.log_p[places, : len(CLASSES)]).max(axis=1) if places else np.zeros(1)
    return float(shares.mean())


def _boxes(
    text: str, row: Row, cut: Cut, frames: NDArray[np.float32] | None
) -> Sequence[Box | None]:
    """Place the digits of a text in the ink the row was found in, by whichever reader can."""
    digits = [place for place, symbol in enumerate(text) if symbol in CLASSES]
    runs = lattice.place_symbols(cut.lattice, text)
    if runs:
        return [row.place(cut.pieces.box(*cut.runs[runs[place]])) for place in digits]
    spans = ctc.place_symbols(frames, text) if frames is not None else []
    if not spans or frames is None:
        return [None] * len(digits)
    width = row.ink.shape[1]
    scale = width / max(1, FRAME * len(frames) - 2 * MARGIN)
    boxes: list[Box | None] = []
    for place in digits:
        first, last = ((FRAME * end - MARGIN) * scale for end in spans[place])
        left = min(max(0, round(first)), width - 1)
        boxes.append(row.place(_inked(row, left, min(width, max(left + 1, round(last))))))
    return boxes


def _inked(row: Row, left: int, right: int) -> Box:
    """The place of what is written between two columns of a row."""
    lines = np.flatnonzero(row.ink[:, left:right].any(axis=1))
    top, bottom = (int(lines[0]), int(lines[-1]) + 1) if lines.size else (0, row.ink.shape[0])
    return Box(left, top, right - left, bottom - top)


def _scaled(line: NumberLine, scale: float) -> NumberLine:
    digits = tuple(replace(one, box=one.box and one.box.scaled(scale)) for one in line.digits)
    return replace(line, digits=digits, box=line.box and line.box.scaled(scale))
