"""What was said of the pictures of numbers of a suite in → its figures out."""

from typing import Any

import numpy as np

from inkdigits.decision.number import align
from inkdigits.evaluation.figures import Figures, costs, share_figures, wrong_among
from inkdigits.evaluation.metrics import reliability, risk_coverage
from inkdigits.evaluation.run import NumberOutcomes


def measure_numbers(outcomes: NumberOutcomes) -> Figures:
    """Measure one suite of numbers.

    Args:
        outcomes: at least one.

    Returns:
        The figures of this kind.
    """
    others = {
        "area_under_risk": risk_coverage(outcomes.confidence, outcomes.right).area,
        "ece": reliability(outcomes.confidence, outcomes.right).ece,
    }
    if (of_digits := digit_ece(outcomes)) is not None:
        others["digit_ece"] = of_digits
    return _measure(outcomes, others | costs(outcomes))


def measure_lengths(outcomes: NumberOutcomes) -> list[dict[str, Any]]:
    """Measure the numbers of each length by themselves: `length`, `count`, and their figures."""
    rows = []
    lengths = np.char.str_len(outcomes.written)
    for length, count in zip(*np.unique(lengths, return_counts=True), strict=True):
        found = _measure(outcomes, {"count": float(count)}, lengths == length)
        rows.append({"length": int(length), **found.values})
    return rows


def count_edits(one: str, other: str) -> int:
    """Count the digits to insert, leave out or change to get from one number to another."""
    return sum(ours != theirs for ours, theirs in align(one, other))


def digit_ece(outcomes: NumberOutcomes) -> float | None:
    """Compare what is said of each digit that was read with whether it stands there.

    Returns:
        The expected calibration error over digits, the labels aligned with the fewest edits; None
        where no digit was read.
    """
    sure = [share for of_number in outcomes.digits for share in of_number]
    both = zip(outcomes.number.tolist(), outcomes.written.tolist(), strict=True)
    right = [ours == theirs for pair in both for ours, theirs in align(*pair) if ours]
    return reliability(np.array(sure), np.array(right)).ece if sure else None


def _measure(
    outcomes: NumberOutcomes, others: dict[str, float], here: Any = slice(None)
) -> Figures:
    """Measure what needs no confidences, of all pictures or of those that are chosen."""
    right, accepted = outcomes.right[here], outcomes.accepted[here]
    label, written = outcomes.label[here], outcomes.written[here]
    edits = sum(map(count_edits, outcomes.number[here].tolist(), written.tolist()))
    values = {"edits": edits / int(np.char.str_len(written).sum())}
    if (label != written).any():
        values["text_right"] = float((outcomes.text[here] == label).mean())
    shares = {"accuracy": right, "accepted": accepted, **wrong_among(right, accepted)}
    return share_figures(shares, values | others)
