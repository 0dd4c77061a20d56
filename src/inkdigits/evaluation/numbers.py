"""A reader and suites of numbers in → what was said, its figures, and every mistake out."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from inkdigits.data.labelled import Labelled
from inkdigits.decision.number import align, to_number
from inkdigits.errors import ImageError
from inkdigits.evaluation.metrics import reliability, risk_coverage, wilson_interval
from inkdigits.evaluation.run import Tell
from inkdigits.evaluation.suite import Suite
from inkdigits.reader import Reader

_EVERY = 20  # pictures between two steps of the bar


@dataclass(frozen=True, slots=True)
class NumberOutcome:
    """What a reader said of one picture.

    Attributes:
        label: what is written, perhaps with separators.
        number: what was read, digits alone; "" for no answer.
        text: the same with separators.
        accepted: whether it was sure; not where nobody can say.
        reason: "" (accepted), "unsure" and so on, or the code of an error.
        confidence: of the number, 0 to 1.
        name: of the picture.
        seconds: from bytes to prediction.
        digits: the confidence of each digit of `number`.
    """

    label: str
    number: str
    text: str
    accepted: bool
    reason: str
    confidence: float
    name: str
    seconds: float
    digits: tuple[float, ...] = ()

    @property
    def right(self) -> bool:
        """Whether all digits are right, whatever stands between them."""
        return self.number == to_number(self.label)


def run_numbers(
    reader: Reader, suites: Sequence[Suite], tell: Tell
) -> dict[str, list[NumberOutcome]]:
    """Read suites of numbers, one picture at a time.

    Args:
        reader: what to measure.
        suites: of the kind "number".
        tell: told every now and then.

    Returns:
        By the suites' names, the outcomes in their order. A picture that cannot be read, or is
        blank, is one without a number.
    """
    total, done = sum(suite.count for suite in suites), 0
    found: dict[str, list[NumberOutcome]] = {}
    for suite in suites:
        found[suite.name] = []
        for picture in suite.pictures():
            if done % _EVERY == 0:
                tell(f"Reading {suite.name}", done, total)
            found[suite.name].append(_read(reader, picture))
            done += 1
    if suites:
        tell("Reading numbers", total, total)
    return found


def measure_numbers(suite: Suite, outcomes: Sequence[NumberOutcome]) -> dict[str, Any]:
    """Measure one suite.

    Args:
        suite: as it was read.
        outcomes: at least one.

    Returns:
        Its part of the report: about, kind, group, figures, intervals, errors, and `lengths`,
        the figures for each number of digits.
    """
    figures, intervals = _figures(outcomes)
    codes = [one.reason for one in outcomes if not one.number]
    right = np.array([one.right for one in outcomes])
    sure = np.array([one.confidence for one in outcomes])
    figures["area_under_risk"] = risk_coverage(sure, right).area
    figures["ece"] = reliability(sure, right).ece
    if (of_digits := digit_ece(outcomes)) is not None:
        figures["digit_ece"] = of_digits
    figures["ms_per_picture"] = 1000 * float(np.median([one.seconds for one in outcomes]))
    return {
        "about": suite.about,
        "kind": suite.kind,
        "group": suite.group,
        "figures": figures,
        "intervals": intervals,
        "errors": {code: codes.count(code) for code in sorted(set(codes))},
        "lengths": _by_length(outcomes),
    }


def count_edits(one: str, other: str) -> int:
    """Count the digits to insert, leave out or change to get from one number to another."""
    return sum(ours != theirs for ours, theirs in align(one, other))


def digit_ece(outcomes: Sequence[NumberOutcome]) -> float | None:
    """Compare what is said of each digit that was read with whether it stands there.

    Returns:
        The expected calibration error over digits, the labels aligned with the fewest edits; None
        where no digit was read.
    """
    sure = [share for one in outcomes for share in one.digits]
    pairs = [pair for one in outcomes for pair in align(one.number, to_number(one.label))]
    right = [ours == theirs for ours, theirs in pairs if ours]
    return reliability(np.array(sure), np.array(right)).ece if sure else None


def _read(reader: Reader, picture: Labelled) -> NumberOutcome:
    data = picture.data  # before the clock starts
    start = time.perf_counter()
    try:
        said = reader.predict_number(data)
    except ImageError as error:
        spent = time.perf_counter() - start
        return NumberOutcome(
            picture.number, "", "", accepted=False, reason=error.code, confidence=0.0,
            name=picture.name, seconds=spent,
        )  # fmt: skip
    return NumberOutcome(
        picture.number, said.number or "", said.text or "", bool(said.accepted), said.reason or "",
        said.confidence, picture.name, time.perf_counter() - start,
        tuple(one.confidence for one in said.digits),
    )  # fmt: skip


def _figures(
    outcomes: Sequence[NumberOutcome],
) -> tuple[dict[str, float], dict[str, list[float]]]:
    count = len(outcomes)
    taken = [one for one in outcomes if one.accepted]
    hits = {"accuracy": sum(one.right for one in outcomes), "accepted": len(taken)}
    figures = {"count": float(count), **{name: hit / count for name, hit in hits.items()}}
    intervals = {name: list(wilson_interval(hit, count)) for name, hit in hits.items()}
    if taken:
        wrong = sum(not one.right for one in taken)
        figures["error_among_accepted"] = wrong / len(taken)
        intervals["error_among_accepted"] = list(wilson_interval(wrong, len(taken)))
    edits = [count_edits(one.number, to_number(one.label)) for one in outcomes]
    figures["edits"] = sum(edits) / sum(len(to_number(one.label)) for one in outcomes)
    if any(one.label != to_number(one.label) for one in outcomes):
        figures["text_right"] = sum(one.text == one.label for one in outcomes) / count
    return figures, intervals


def _by_length(outcomes: Sequence[NumberOutcome]) -> list[dict[str, Any]]:
    rows = []
    for length in sorted({len(to_number(one.label)) for one in outcomes}):
        figures, _ = _figures([one for one in outcomes if len(to_number(one.label)) == length])
        rows.append({"length": length, **figures})
    return rows
