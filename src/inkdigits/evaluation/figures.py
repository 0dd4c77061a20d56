"""The outcomes of a suite in → its figures out: what a report shows and a gate measures."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inkdigits.data.tables import read_table
from inkdigits.evaluation.metrics import (
    auroc,
    brier,
    fpr_at_tpr,
    nll,
    reliability,
    risk_coverage,
    wilson_interval,
)
from inkdigits.evaluation.run import AnyOutcomes, NumberOutcomes, Outcomes
from inkdigits.evaluation.suite import Kind

Right = NDArray[np.bool_]

MEANINGS: dict[str, str] = read_table("evaluation/meanings.toml")
"""Every figure of a report, and what it means."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What was measured on one suite.

    Attributes:
        values: by the names of `MEANINGS`; a figure that is not defined here is left out.
        intervals: the 95% intervals of those that are shares.
    """

    values: dict[str, float]
    intervals: dict[str, tuple[float, float]]


def judge(outcomes: AnyOutcomes, kind: Kind) -> Right:
    """Say which outcomes are what they should be, by the likeliest digit.

    Returns:
        (N,), bool. Digits: the likeliest digit is the label. No digits: not accepted. Same
        answer: the likeliest digit is that of the base, the first picture of its drawing.
        Numbers: all digits are right.
    """
    if isinstance(outcomes, NumberOutcomes):
        return outcomes.right
    if kind == "not-a-digit":
        return np.asarray(~outcomes.accepted)
    if kind == "same-answer":
        return np.asarray((outcomes.best == _answers_of_bases(outcomes)) & outcomes.answered)
    return np.asarray(outcomes.best == outcomes.label)


def measure(outcomes: Outcomes, kind: Kind, digits: Outcomes | None = None) -> Figures:
    """Measure one suite.

    Args:
        outcomes: N pictures; N at least 1.
        kind: what counts.
        digits: pictures that do show digits, for the not-a-digit scores; None leaves these out.

    Returns:
        The figures of this kind.
    """
    if kind == "not-a-digit":
        return _measure_others(outcomes, digits)
    shares = {
        "accuracy": outcomes.best == outcomes.label,
        "answered_right": answered_right(outcomes),
        "accepted": outcomes.accepted,
        **_verdicts(outcomes),
    }
    if kind == "same-answer":
        shares = {"same_answer": judge(outcomes, kind), **shares}
    shares |= wrong_among(outcomes.best == outcomes.label, outcomes.accepted)
    return share_figures(shares, _trust(outcomes) | costs(outcomes))


def share_figures(shares: Mapping[str, Right], others: Mapping[str, float]) -> Figures:
    """Measure shares.

    Args:
        shares: the name of each, and where it holds, (N,); N at least 1.
        others: figures that are no shares.
    """
    values = {name: float(hit.mean()) for name, hit in shares.items()}
    ends = {name: wilson_interval(int(hit.sum()), len(hit)) for name, hit in shares.items()}
    return Figures({**values, **others}, ends)


def wrong_among(right: Right, accepted: Right) -> dict[str, Right]:
    """Give what is wrong among the accepted, as one of `share_figures`, if there are any."""
    return {"error_among_accepted": ~right[accepted]} if accepted.any() else {}


def costs(outcomes: AnyOutcomes) -> dict[str, float]:
    """Give how many pictures there are, and what one takes."""
    milliseconds = 1000 * float(np.median(outcomes.seconds))
    return {"count": float(len(outcomes.seconds)), "ms_per_picture": milliseconds}


def answered_right(outcomes: Outcomes) -> Right:
    """Say where the user gets the right digit: it is given, sure or not, and is the label."""
    given = outcomes.answered & (outcomes.reason != "not_a_digit")
    return np.asarray(given & (outcomes.best == outcomes.label))


def by_variant(outcomes: Outcomes) -> list[dict[str, Any]]:
    """Give the share of same answers for each way of drawing, the worst first.

    Args:
        outcomes: of a "same-answer" suite.

    Returns:
        `variant` (the name after the first "/"), `same_answer`, and `count`, of pictures.
    """
    same: dict[str, list[bool]] = {}
    for name, right in zip(outcomes.name.tolist(), judge(outcomes, "same-answer"), strict=True):
        same.setdefault(name.partition("/")[2], []).append(right)
    rows = (
        {"variant": variant, "same_answer": float(np.mean(found)), "count": len(found)}
        for variant, found in same.items()
    )
    return sorted(rows, key=lambda row: row["same_answer"])


def _answers_of_bases(outcomes: Outcomes) -> NDArray[np.int64]:
    bases: dict[str, int] = {}
    for name, best in zip(outcomes.name.tolist(), outcomes.best.tolist(), strict=True):
        bases.setdefault(name.partition("/")[0], best)
    return np.array([bases[name.partition("/")[0]] for name in outcomes.name.tolist()], np.int64)


def _measure_others(outcomes: Outcomes, digits: Outcomes | None) -> Figures:
    shares = {"accepted_as_digit": outcomes.accepted, **_verdicts(outcomes)}
    values = {}
    if digits is not None and len(digits):
        values["auroc"] = auroc(digits.score, outcomes.score)
        values["fpr_at_95_tpr"] = fpr_at_tpr(digits.score, outcomes.score)
    return share_figures(shares, values | costs(outcomes))


def _verdicts(outcomes: Outcomes) -> dict[str, Right]:
    return {
        "called_not_a_digit": np.asarray(outcomes.reason == "not_a_digit"),
        "unsure": np.asarray(outcomes.reason == "unsure"),
        "no_answer": ~outcomes.answered,
    }


def _trust(outcomes: Outcomes) -> dict[str, float]:
    """Measure the confidence, where there is one: of pictures with an answer."""
    here = outcomes.answered
    if not here.any():
        return {}
    label, odd = outcomes.label[here], outcomes.not_a_digit[here, None]
    probabilities = np.hstack((outcomes.probabilities[here], odd))
    right = answered_right(outcomes)[here]
    return {
        "ece": reliability(outcomes.confidence[here], right).ece,
        "nll": nll(probabilities, label),
        "brier": brier(probabilities, label),
        "area_under_risk": risk_coverage(outcomes.score, outcomes.best == outcomes.label).area,
    }
