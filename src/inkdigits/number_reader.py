"""The ink of a row → what it says: cut into digits by one reader, read as a whole by the other."""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial

import numpy as np
from numpy.typing import NDArray

from inkdigits.budget import Budget
from inkdigits.decision import ctc, lattice
from inkdigits.decision.expected import Expected
from inkdigits.decision.number import (
    TOGETHER,
    Held,
    NumberLine,
    NumberPolicy,
    NumberPrediction,
    decide_number,
    join_lines,
    keep_expected,
    no_number,
    rank_texts,
)
from inkdigits.decision.reject import Policy
from inkdigits.errors import BlankImage
from inkdigits.image.number_ink import find_number_ink
from inkdigits.image.pieces import MAX_GROUPS, find_pieces
from inkdigits.image.rows import Row, count_pieces, find_rows
from inkdigits.image.strip import MARGIN, to_strip
from inkdigits.image.views import upright, wider
from inkdigits.model.base import Model
from inkdigits.model.line_model import LineReader, load_line_reader
from inkdigits.row_cutter import (
    Cut,
    DigitModel,
    cut_further,
    digit_share,
    least_digit_share,
    read_groups,
)
from inkdigits.sample import CLASSES, FRAME, Box, Image, Strip

MAX_ROWS = 40
"""Lines of writing that are read in one picture: a page has no more."""
SIMPLE_ROWS, SIMPLE_PIECES = 3, 48
"""Of a picture that is read in passing: noise has hundreds of pieces, and takes seconds."""
_SURE, _CLEAR = 0.96, 0.8
"""Probabilities from which both readers, if they say the same, are not asked any further: after the
line reader's first view, and after its second one."""
_TALLER = 24.0  # px of a strip, of a digit: the second view is larger, too
_MOST = 8  # texts asked of each reader
_COLUMN_STEPS, _SCORES_A_STEP = 15, 25
"""Of a budget: for each px of a strip's width, and for so many scores of a text by a run."""
_FOREIGN, _LOST = 0.1, 0.3
"""A row is no number where its runs are digits by less, and the number is less sure."""
_HASTY = 0.5
"""At most so sure is what was read from fewer looks than it needed."""
_FEW, _DIGIT = 2, 0.9
"""Of so few digits each must be one by so much, or the answer is as likely as that they are any: a
letter or two may look like nothing else."""

Frames = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class NumberModels:
    """What reads a row.

    Attributes:
        digits: reads one digit.
        policy: the weights of the readers, in the order lattice, line, and the thresholds.
        line: reads a whole line.
    """

    digits: DigitModel
    policy: NumberPolicy
    line: LineReader


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """What was found out of a row.

    Attributes:
        cut: the row, cut.
        frames: what the line reader says of the row itself.
        held: what they hold of texts.
        is_hasty: whether a look that was needed was left out: it would have cost too much.
    """

    cut: Cut
    frames: Frames
    held: Held
    is_hasty: bool = False


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is asked of a row, what that may cost, and the share of it that more looks may take."""

    expected: Expected
    budget: Budget
    share: float


@cache
def shipped_line_reader() -> LineReader:
    """Load the line reader that comes with this package."""
    return load_line_reader()


def number_models(digits: Model, judged: Policy) -> NumberModels:
    """Put what reads a row together: a model of single digits, and the shipped line reader.

    Where nobody has fitted how sure the one is, that of numbers is not known, either.
    """
    policy = (
        TOGETHER if judged.min_confidence is not None else replace(TOGETHER, min_confidence=None)
    )
    return NumberModels(DigitModel(digits, judged.temperature), policy, shipped_line_reader())


def read_number(
    image: Image, models: NumberModels, expected: Expected, scale: float, budget: Budget
) -> NumberPrediction:
    """Read all rows of a picture; of more than `MAX_ROWS` the others are not read.

    Args:
        image: uint8, (H, W) grey or (H, W, 3) RGB.
        models: what reads it.
        expected: what each row is known to hold, and the part of the upload that the image is.
        scale: px of the upload that one px of the image is wide.
        budget: what it may cost.

    Raises:
        BlankImage: nothing is drawn.
        TooComplex: it would cost more.
        DeadlineExceeded: nobody waits any more.
    """
    ink = find_number_ink(image)
    budget.count_pieces(count_pieces(ink))
    rows = find_rows(ink, MAX_ROWS)
    if not rows:
        raise BlankImage
    scale *= image.shape[1] / ink.shape[1]
    part, expected = expected.box, replace(expected, box=None)
    lines = [
        read_row(row, models, expected, budget, share=number / len(rows))
        for number, row in enumerate(rows, 1)
    ]
    return join_lines([_scaled(line, scale, part) for line in lines])


def read_if_simple(image: Image, models: NumberModels, budget: Budget) -> NumberPrediction | None:
    """Read a number as `read_number` does, but only where that takes some milliseconds.

    Args and errors are those of `read_number`.

    Returns:
        The answer, its boxes in px of the ink; None for more than `SIMPLE_ROWS` rows or
        `SIMPLE_PIECES` pieces of ink, and where nothing is drawn.
    """
    try:
        ink = find_number_ink(image)
        budget.check()
        rows = find_rows(ink) if count_pieces(ink) <= SIMPLE_PIECES else []
        if not 0 < len(rows) <= SIMPLE_ROWS:
            return None
        return join_lines([read_row(row, models, Expected(), budget) for row in rows])
    except BlankImage:  # also where nothing is left of a row at a sample's size
        return None


def read_row(
    row: Row, models: NumberModels, expected: Expected, budget: Budget, *, share: float = 1.0
) -> NumberLine:
    """Read one row.

    Args:
        row: of `find_rows`.
        models: what reads it.
        expected: what the row is known to hold.
        budget: as of `read_number`.
        share: of the budget, that may be spent when this row is done; other rows need the rest.
            Past it, the row is read from the looks that were taken, and not accepted.

    Returns:
        The answer; its boxes in px of the ink that the row was found in.
    """
    evidence = weigh_row(row, models, expected, budget, share=share)
    if evidence is None:
        return no_number("not_a_digit", row.box)
    ranked = rank_texts(evidence.held, models.policy, is_one=evidence.cut.is_one)
    ranked = keep_expected(ranked, expected)
    if not ranked:
        return no_number("not_as_expected", row.box)
    place = partial(_boxes, row=row, evidence=evidence)
    said = decide_number(ranked, models.policy, place)
    if said.confidence < _LOST and digit_share(evidence.cut, budget) < _FOREIGN:
        return no_number("not_a_digit", row.box)
    likely = _HASTY if evidence.is_hasty else 1.0
    if len(said.digits) <= _FEW:
        share_of_digits = least_digit_share(evidence.cut, said.text or "")
        likely = min(likely, share_of_digits if share_of_digits < _DIGIT else 1.0)
    if likely < 1:  # it may be letters, or has not been looked at for long enough
        ranked = {text: likely * chance for text, chance in ranked.items()}
        said = decide_number(ranked, models.policy, place)
    return replace(said, box=row.box)


def weigh_row(
    row: Row, models: NumberModels, expected: Expected, budget: Budget, *, share: float = 1.0
) -> Evidence | None:
    """Ask the readers for what a row says, and what they hold of each other's answers.

    Where both are sure of the same at first or second sight, nothing is cut and no other view is
    taken. Arguments are those of `read_row`.

    Returns:
        What they hold; None for more separate ink than any number has.
    """
    pieces = find_pieces(row.ink, budget)
    if len(pieces) > MAX_GROUPS:
        return None
    asked, view = _Asked(expected, budget, share), partial(_view, models.line, budget)
    groups = read_groups(pieces, models.digits, budget)
    frames = [view(to_strip(row.ink))]
    known = _find(partial(ctc.search_texts, frames[0], budget=budget), asked)
    best = _evidence(groups, frames, asked, known)
    if _agree(best.held, _SURE):
        return best
    with budget.optional(share):
        wide = wider(row.ink)
        frames = [*frames, view(to_strip(wide, _TALLER))]
        best = _seen_again(best, frames[1:])
        if _agree(best.held, _CLEAR):
            return best
        strips = to_strip(upright(row.ink, pieces.slant)), to_strip(wide)
        frames = [*frames, *map(view, strips)]
        return _evidence(cut_further(groups, models.digits, budget), frames, asked, known)
    return replace(best, is_hasty=True)


def _view(line: LineReader, budget: Budget, strip: Strip) -> Frames:
    budget.spend(_COLUMN_STEPS * strip.shape[1])
    return line.log_probabilities(strip)


def _evidence(cut: Cut, frames: list[Frames], asked: _Asked, known: Iterable[str] = ()) -> Evidence:
    """Put together what the lattice and, in each of `frames`, the line reader hold.

    `known` is what the line reader found in the first of them. The others are only asked what
    they hold of texts: to search them, too, takes longer.
    """
    found = _find(partial(_find_in_lattice, cut, budget=asked.budget), asked)
    texts = list(dict.fromkeys((*found, *known)))
    longest = max(map(len, texts), default=0)
    asked.budget.spend(len(texts) * longest * len(cut.runs) // _SCORES_A_STEP)
    of_lattice = lattice.score_texts(cut.lattice, texts)
    return Evidence(cut, frames[0], Held(texts, of_lattice, ctc.score_views(frames, texts)))


def _find_in_lattice(cut: Cut, expected: Expected, count: int, budget: Budget) -> list[str]:
    return [text for text, _ in lattice.find_texts(cut.lattice, expected, count, budget)]


def _seen_again(first: Evidence, frames: list[Frames]) -> Evidence:
    """Add what the line reader holds in the views after the first one."""
    held = first.held
    views = np.concatenate((held.views, ctc.score_views(frames, held.texts)))
    return replace(first, held=replace(held, views=views))


def _agree(held: Held, least: float) -> bool:
    """Whether both readers are so sure, or more, of the same text."""
    if not held.texts:
        return False
    scores = held.lattice, held.views.mean(axis=0)
    best = [int(one.argmax()) for one in scores]
    return best[0] == best[1] and min(one.max() for one in scores) >= math.log(least)


def _find(find: Callable[[Expected, int], list[str]], asked: _Asked) -> list[str]:
    """Ask a reader for what is expected, and for what it would say if nothing were."""
    found: list[str] = []
    if asked.expected != Expected():
        with asked.budget.optional(asked.share):  # what does not fit takes longest
            found = find(asked.expected, _MOST)
    return found + find(Expected(), _MOST)


def _boxes(text: str, row: Row, evidence: Evidence) -> Sequence[Box | None]:
    """Place the digits of a text in the ink the row was found in, by whichever reader can."""
    cut = evidence.cut
    digits = [place for place, symbol in enumerate(text) if symbol in CLASSES]
    runs = lattice.place_symbols(cut.lattice, text)
    if runs:
        return [row.place(cut.pieces.box(*cut.runs[runs[place]])) for place in digits]
    frames = evidence.frames
    spans = ctc.place_symbols(frames, text)
    if not spans:
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


def _scaled(line: NumberLine, scale: float, part: Box | None) -> NumberLine:
    boxes = [one.box and one.box.scaled(scale, part) for one in line.digits]
    digits = tuple(replace(one, box=box) for one, box in zip(line.digits, boxes, strict=True))
    return replace(line, digits=digits, box=line.box and line.box.scaled(scale, part))
