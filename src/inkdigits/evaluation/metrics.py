"""Labels, answers and scores in → the figures of a report out. Arrays only, nothing of the line."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Floats = NDArray[np.float64]

_Z_95 = 1.959963984540054
_SMALLEST = 1e-12  # a probability of 0 would cost infinitely much
_DIGITS = 10
NO_ANSWER = _DIGITS
"""The column of a confusion matrix for pictures that no digit was found in."""


@dataclass(frozen=True, slots=True, eq=False)
class Reliability:
    """How often answers of a confidence are right.

    Attributes:
        edges: (bins + 1,), 0 to 1.
        count: (bins,), how many answers lie in each.
        confidence: (bins,), their mean confidence; 0 where there are none.
        accuracy: (bins,), the share that is right; 0 where there are none.
        ece: mean distance of the two, weighted with `count`: the expected calibration error.
    """

    edges: Floats
    count: Array
    confidence: Floats
    accuracy: Floats
    ece: float


@dataclass(frozen=True, slots=True, eq=False)
class RiskCoverage:
    """What is wrong among the surest answers, for every share of answers that is taken.

    Attributes:
        coverage: (M,), rising to 1; M at most N, equal scores are taken together.
        risk: (M,), share of wrong ones among those taken.
        area: mean risk over the coverages.
    """

    coverage: Floats
    risk: Floats
    area: float


def wilson_interval(hits: int, count: int) -> tuple[float, float]:
    """Give the 95% interval of a share: `hits` of `count`, which is at least 1.

    Source:
        Wilson, "Probable Inference, the Law of Succession, and Statistical Inference" (1927).
    """
    if not 0 <= hits <= count or not count:
        raise ValueError(f"{hits} of {count}; needed: at least 1, and no more hits than that")
    share, z2 = hits / count, _Z_95**2
    middle = (share + z2 / (2 * count)) / (1 + z2 / count)
    half = _Z_95 * math.sqrt(share * (1 - share) / count + z2 / (4 * count**2)) / (1 + z2 / count)
    # At the ends the exact values are 0 and 1; rounding would miss them by a hair.
    low = 0.0 if hits == 0 else max(0.0, middle - half)
    return low, 1.0 if hits == count else min(1.0, middle + half)


def confusion(label: Array, best: Array) -> NDArray[np.int64]:
    """Count what was said of what.

    Args:
        label: (N,), 0 to 9.
        best: (N,), 0 to 9, or -1 for no answer.

    Returns:
        (10, 11): a row for each label, a column for each answer, the last for no answer.
    """
    said = np.where(best < 0, NO_ANSWER, best)
    counts = np.zeros((_DIGITS, _DIGITS + 1), np.int64)
    np.add.at(counts, (label, said), 1)
    return counts


def reliability(confidence: Array, correct: Array, bins: int = 15) -> Reliability:
    """Compare confidence and truth in bins of equal width.

    Args:
        confidence: (N,), 0 to 1; N at least 1.
        correct: (N,), bool.
        bins: how many. A confidence on an edge belongs to the bin below it.

    Source:
        Guo, Pleiss, Sun, Weinberger, "On Calibration of Modern Neural Networks" (ICML 2017).
    """
    sure, right = _scores(confidence), np.asarray(correct, np.float64)
    edges = np.linspace(0, 1, bins + 1)
    place = np.clip(np.searchsorted(edges, sure, side="left") - 1, 0, bins - 1)
    count = np.bincount(place, minlength=bins)
    of_bin = np.maximum(count, 1)
    mean = np.bincount(place, sure, bins) / of_bin
    share = np.bincount(place, right, bins) / of_bin
    ece = float((count * np.abs(mean - share)).sum() / len(sure))
    return Reliability(edges, count, mean, share, ece)


def nll(probabilities: Array, label: Array) -> float:
    """Give the mean negative log-likelihood of the labels, natural logarithm.

    Args:
        probabilities: (N, 10), N at least 1.
        label: (N,), 0 to 9.
    """
    of_label = np.asarray(probabilities, np.float64)[np.arange(len(label)), label]
    return float(-np.log(np.maximum(of_label, _SMALLEST)).mean())


def brier(probabilities: Array, label: Array) -> float:
    """Give the mean squared distance of the probabilities to the truth: 0 best, 2 worst.

    Args:
        probabilities: (N, 10), or (N, 11) where the last is "not a digit"; N at least 1.
        label: (N,), 0 to 9.

    Source:
        Brier, "Verification of Forecasts Expressed in Terms of Probability" (1950).
    """
    truth = np.eye(np.shape(probabilities)[1])[label]
    return float(((np.asarray(probabilities, np.float64) - truth) ** 2).sum(axis=1).mean())


def risk_coverage(score: Array, correct: Array) -> RiskCoverage:
    """Take the answers from the surest on, and see how many are wrong.

    Args:
        score: (N,), higher is surer; N at least 1.
        correct: (N,), bool.

    Source:
        Geifman, El-Yaniv, "Selective Classification for Deep Neural Networks" (2017).
    """
    values = _scores(score)
    order = np.argsort(-values, kind="stable")
    falling, wrong = values[order], ~np.asarray(correct, bool)[order]
    taken = np.arange(1, len(falling) + 1)
    last_of_run = np.flatnonzero(np.append(falling[1:] != falling[:-1], True))
    risk = (np.cumsum(wrong) / taken)[last_of_run]
    coverage = taken[last_of_run] / len(falling)
    area = float((risk * np.diff(coverage, prepend=0.0)).sum())
    return RiskCoverage(coverage, risk, area)


def auroc(positive: Array, negative: Array) -> float:
    """Give the probability that a positive scores higher than a negative; ties count half.

    Args:
        positive: (P,), P at least 1.
        negative: (N,), N at least 1.

    Source:
        Mann, Whitney (1947); Hanley, McNeil (1982).
    """
    above, below = _scores(positive), np.sort(_scores(negative))
    less = np.searchsorted(below, above, side="left")
    no_more = np.searchsorted(below, above, side="right")
    return float((less + no_more).sum() / (2 * len(above) * len(below)))


def fpr_at_tpr(positive: Array, negative: Array, tpr: float = 0.95) -> float:
    """Give the share of negatives taken at the highest threshold that takes `tpr` of positives.

    Args:
        positive: (P,), P at least 1.
        negative: (N,), N at least 1.
        tpr: above 0, at most 1.
    """
    falling = np.sort(_scores(positive))[::-1]
    threshold = falling[math.ceil(tpr * len(falling) - 1e-9) - 1]
    return float((_scores(negative) >= threshold).mean())


def mcnemar(only_first: int, only_second: int) -> float:
    """Compare two readers on the same pictures, with the exact two-sided binomial test.

    Args:
        only_first: how many pictures only the first reads right.
        only_second: how many only the second.

    Returns:
        Probability of a difference at least as large if both were equally good.

    Source:
        McNemar, "Note on the Sampling Error of the Difference between Correlated Proportions
        or Percentages" (1947).
    """
    n = only_first + only_second
    logs = math.lgamma(n + 1)
    tail = math.fsum(
        math.exp(logs - math.lgamma(i + 1) - math.lgamma(n - i + 1) - n * math.log(2))
        for i in range(min(only_first, only_second) + 1)
    )
    return min(1.0, 2 * tail)


def _scores(values: Array) -> Floats:
    scores = np.asarray(values, np.float64)
    if scores.ndim != 1 or not len(scores):
        raise ValueError(f"scores {scores.shape}; needed: (N,), N at least 1")
    return scores
