"""What readers held of rows whose text is known → the policy that weighs them and says when."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from inkdigits.decision.number import (
    Held,
    NumberPolicy,
    decide_number,
    rank_texts,
    to_number,
)
from inkdigits.decision.thresholds import fit_min_confidence

_STEPS = (0.25, 0.1, 0.04)  # by which the logarithms of the weights are moved, coarse to fine
_LEAST = 1e-4  # the probability of a number that no reader thought of


@dataclass(frozen=True, slots=True, eq=False)
class ReadRow:
    """One row, read: what is written, with its separators, and what the readers hold of it."""

    label: str
    held: Held


@dataclass(frozen=True, slots=True)
class Judged:
    """What a policy makes of a row.

    Attributes:
        confidence: of the best number, 0 to 1.
        separators: how likely its likeliest text is, given the number, 0 to 1.
        right: whether that is the number.
        text_right: whether its separators are right, too.
    """

    confidence: float
    separators: float
    right: bool
    text_right: bool


def fit_number_policy(
    rows: Sequence[ReadRow], target_error: float, separators_error: float = 0.1
) -> NumberPolicy:
    """Weigh the readers so that what is written is likeliest, and find the thresholds.

    Args:
        rows: of writers whom no reader has learned from; at least one, all by the same readers.
        target_error: share of wrong numbers among the accepted that is allowed, 0 to 1.
        separators_error: share of wrong separators, among the accepted numbers that are right.

    Returns:
        The policy. Its weights hold the temperature, which is 1.

    Raises:
        ValueError: there are no rows, or a share is out of range.
    """
    if not rows:
        raise ValueError("no rows; needed: at least one")
    policy = NumberPolicy(_fit_weights(rows), min_separators=0.0)
    judged = [judge(row, policy) for row in rows]
    sure = np.array([one.confidence for one in judged])
    low = fit_min_confidence(sure, np.array([one.right for one in judged]), target_error)
    given = [one for one in judged if one.right and one.confidence >= low]
    shares = np.array([one.separators for one in given])
    whole = np.array([one.text_right for one in given])
    apart = fit_min_confidence(shares, whole, separators_error) if given else 1.0
    return replace(policy, min_confidence=low, min_separators=apart)


def judge(row: ReadRow, policy: NumberPolicy) -> Judged:
    """Decide a row whose text is known, and see whether that is right."""
    ranked = rank_texts(row.held, policy)
    if not ranked:
        return Judged(0.0, 0.0, right=False, text_right=False)
    line = decide_number(ranked, policy, lambda text: [None] * len(to_number(text)))
    share = min(ranked[line.text or ""] / line.confidence, 1.0)
    right = line.number == to_number(row.label)
    return Judged(line.confidence, share, right=right, text_right=line.text == row.label)


def _fit_weights(rows: Sequence[ReadRow]) -> tuple[float, float]:
    """Climb to the weights under which the labels are likeliest, one at a time."""
    logs = np.zeros(2)
    best = _loss(rows, logs)
    for step in _STEPS:
        better = True
        while better:
            better = False
            for place in range(len(logs)):
                for move in (step, -step):
                    other = logs.copy()
                    other[place] += move
                    loss = _loss(rows, other)
                    if loss < best:
                        logs, best, better = other, loss, True
    lattice, line = np.exp(logs)
    return round(float(lattice), 3), round(float(line), 3)


def _loss(rows: Sequence[ReadRow], logs: NDArray[np.float64]) -> float:
    """Mean negative log likelihood of the labels' numbers, in nats."""
    lattice, line = np.exp(logs)
    policy = NumberPolicy((float(lattice), float(line)))
    shares = [_share(row, policy) for row in rows]
    return float(-np.log(np.maximum(shares, _LEAST)).mean())


def _share(row: ReadRow, policy: NumberPolicy) -> float:
    wanted, ranked = to_number(row.label), rank_texts(row.held, policy)
    return sum(share for text, share in ranked.items() if to_number(text) == wanted)
