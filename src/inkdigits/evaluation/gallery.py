"""The mistakes of a suite in → each with its picture at every stage of the line out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inkdigits.data.pool import NOT_A_DIGIT
from inkdigits.errors import ImageError
from inkdigits.evaluation.figures import answered_right, judge
from inkdigits.evaluation.run import AnyOutcomes, NumberOutcomes, Outcomes
from inkdigits.evaluation.suite import Kind, Suite
from inkdigits.files.decode import decode
from inkdigits.image.number_ink import find_number_ink
from inkdigits.image.rows import find_rows
from inkdigits.image.stages import walk_line
from inkdigits.image.thumbnail import thumbnail
from inkdigits.reader import Reader
from inkdigits.sample import Image

MOST = 200
"""So many mistakes of a suite are shown."""
_MOST_OF_A_CORRUPTION = 24  # there are fifteen, and they are alike
_SIDE = 96  # px
_ALTERNATIVES = 3
_NUMBER_SIDE = 192  # px
_ROWS_SHOWN = 3

Picture = tuple[str, bytes]
"""What a picture shows, "ink", and a PNG file."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """One picture and what was wrongly said of it.

    Attributes:
        name: of the picture.
        label: 0 to 9, or 10 for no digit.
        best: the likeliest digit, -1 for no answer.
        reason: "" (accepted), "unsure", "not_a_digit" and so on, or the code of an error.
        confidence: of what was said, 0 to 1.
        not_a_digit: 0 to 1.
        alternatives: the likeliest digits and their probabilities, best first.
        stages: upload, ink, glyph, sample; fewer where the line ended before.
        other: what another reader said, "" for no other.
        number: what is written, where that is a number; None where it is one digit, or none.
        text: the number that was read, with its separators.
    """

    name: str
    label: int
    best: int
    reason: str
    confidence: float
    not_a_digit: float
    alternatives: tuple[tuple[int, float], ...]
    stages: tuple[Picture, ...]
    other: str = ""
    number: str | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Gallery:
    """Mistakes of one suite, the surest first, and how many more there are."""

    mistakes: tuple[Mistake, ...]
    more: int


def find_mistakes(outcomes: AnyOutcomes, kind: Kind) -> NDArray[np.intp]:
    """Find what a user would call a mistake, the most harmful first.

    Args:
        outcomes: of a suite of this kind.
        kind: what counts. Of digits, one refused as no digit is a mistake too.

    Returns:
        Indices: first those that were accepted, each part from the surest on.
    """
    right = judge(outcomes, kind)
    if isinstance(outcomes, Outcomes) and kind in ("digits", "corruption"):
        right = answered_right(outcomes)
    wrong = np.flatnonzero(~right)
    order = np.lexsort((-outcomes.score[wrong], ~outcomes.accepted[wrong]))
    return np.asarray(wrong[order])


def show_mistakes(
    reader: Reader, suite: Suite, outcomes: AnyOutcomes, other: AnyOutcomes | None = None
) -> Gallery:
    """Make the gallery of a suite. Its pictures are made once more, as far as is needed.

    Args:
        reader: whose mistakes they are; its card says whether there are stages to show.
        suite: as it was read.
        outcomes: what the reader said.
        other: what another reader said of the same pictures.
    """
    wrong = find_mistakes(outcomes, suite.kind)
    if suite.kind == "corruption":
        # The first ones: to find the surest, all the corrupted images would be made again.
        chosen = sorted(np.sort(wrong)[:_MOST_OF_A_CORRUPTION].tolist(), key=wrong.tolist().index)
    else:
        chosen = wrong[:MOST].tolist()
    pictures = _show(reader, suite, chosen)
    mistakes = (_mistake(outcomes, index, pictures[index], other) for index in chosen)
    return Gallery(tuple(mistakes), len(wrong) - len(chosen))


def _show(reader: Reader, suite: Suite, chosen: Sequence[int]) -> dict[int, tuple[Picture, ...]]:
    """Make the chosen pictures once more, and show them at every stage that they come to."""
    shown: dict[int, tuple[Picture, ...]] = {}
    for index, picture in enumerate(suite.pictures()):
        if len(shown) == len(chosen):
            break
        if index in chosen:
            shown[index] = _stages(reader, picture.data, of_number=suite.kind == "number")
    return shown


def _stages(reader: Reader, data: bytes, *, of_number: bool) -> tuple[Picture, ...]:
    stages: list[tuple[str, Any]] = []
    try:
        image = decode(data, reader.limits)
        stages.append(("upload", image))
        stages += _walk_number(image) if of_number else _walk_digit(reader, data, image)
    except ImageError:
        pass  # what it came to is shown
    side = _NUMBER_SIDE if of_number else _SIDE
    return tuple((name, thumbnail(values, side)) for name, values in stages)


def _walk_digit(reader: Reader, data: bytes, image: Image) -> list[tuple[str, Any]]:
    if reader.model.card.preprocessing == "classic":
        return [("sample", reader.find_sample(data)[0])]
    stages = walk_line(image)
    return [("ink", stages.ink), ("glyph", stages.glyph.ink), ("sample", stages.sample)]


def _walk_number(image: Image) -> list[tuple[str, Any]]:
    ink = find_number_ink(image)
    return [("ink", ink), *(("line", row.ink) for row in find_rows(ink)[:_ROWS_SHOWN])]


def _mistake(
    outcomes: AnyOutcomes, index: int, stages: tuple[Picture, ...], other: AnyOutcomes | None
) -> Mistake:
    name, confidence = str(outcomes.name[index]), float(outcomes.confidence[index])
    reason = str(outcomes.reason[index])
    said = _said(other, index) if other is not None else ""
    if isinstance(outcomes, NumberOutcomes):
        return Mistake(
            name, NOT_A_DIGIT, -1, reason, confidence, 0.0, (), stages, said,
            str(outcomes.label[index]), str(outcomes.text[index]),
        )  # fmt: skip
    shares = outcomes.probabilities[index]
    likeliest = np.argsort(-shares, kind="stable")[:_ALTERNATIVES]
    return Mistake(
        name, int(outcomes.label[index]), int(outcomes.best[index]), reason, confidence,
        float(outcomes.not_a_digit[index]), tuple((int(i), float(shares[i])) for i in likeliest),
        stages, said,
    )  # fmt: skip


def _said(outcomes: AnyOutcomes, index: int) -> str:
    reason = str(outcomes.reason[index])
    if not outcomes.answered[index] or reason == "not_a_digit":
        return reason.replace("_", " ")
    said = outcomes.text if isinstance(outcomes, NumberOutcomes) else outcomes.best
    return f"{said[index]}" + (f", {reason}" if reason else "")
