"""One row of logits and a policy in → a prediction out."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inkdigits.decision.prediction import Alternative, Prediction, Reason
from inkdigits.sample import CLASSES, Box

MAX_ALTERNATIVES = 5
MIN_ALTERNATIVE = 0.0005  # shown with three decimals, less would read as 0.000
_DIGITS = len(CLASSES)


@dataclass(frozen=True, slots=True)
class Policy:
    """When an answer is believed. The card of a model carries the fitted values.

    Attributes:
        temperature: logits are divided by it; positive.
        min_confidence: below it an answer is "unsure", 0 to 1. Held against it is the probability
            that there is a digit and that it is this one: confidence times (1 - not a digit).
        max_not_a_digit: a not-a-digit probability above it is refused, 0 to 1.
    """

    temperature: float = 1.0
    min_confidence: float = 0.5
    max_not_a_digit: float = 0.5

    def __post_init__(self) -> None:
        """Refuse values that would accept or refuse everything without a word."""
        if not 0 < self.temperature < float("inf"):
            raise ValueError(f"temperature {self.temperature}; needed: a positive number")
        for name in ("min_confidence", "max_not_a_digit"):
            if not 0 <= getattr(self, name) <= 1:
                raise ValueError(f"{name} {getattr(self, name)}; needed: 0 to 1")


def decide(logits: NDArray[Any], policy: Policy, box: Box | None = None) -> Prediction:
    """Say what one glyph is, and whether to believe it.

    Args:
        logits: one row of a model's answer, shape (10,), or (11,) with "not a digit" last.
        policy: temperature and thresholds.
        box: where the glyph lies in the picture, passed on.

    Returns:
        The prediction. Confidence is the probability of the best digit among the ten,
        whatever the eleventh class says, so that the two questions stay apart.

    Raises:
        ValueError: another shape, or logits that are not finite.
    """
    row: list[float] = np.asarray(logits).tolist()  # for eleven numbers, faster than arrays
    if np.ndim(logits) != 1 or len(row) not in (_DIGITS, _DIGITS + 1) or not _all_finite(row):
        raise ValueError(f"logits {np.shape(logits)}; needed: (10,) or (11,), finite")
    probabilities = _softmax(row[:_DIGITS], policy.temperature)
    not_a_digit = _softmax(row, policy.temperature)[_DIGITS] if len(row) > _DIGITS else 0.0
    order = sorted(range(_DIGITS), key=lambda digit: -probabilities[digit])
    confidence = probabilities[order[0]]
    reason = _reason(confidence, not_a_digit, policy)
    return Prediction(
        digit=None if reason == "not_a_digit" else CLASSES[order[0]],
        accepted=reason is None,
        reason=reason,
        confidence=confidence,
        probabilities=tuple(probabilities),
        not_a_digit=not_a_digit,
        alternatives=tuple(
            Alternative(CLASSES[digit], probabilities[digit])
            for digit in order[:MAX_ALTERNATIVES]
            if probabilities[digit] >= MIN_ALTERNATIVE
        ),
        box=box,
    )


def _all_finite(row: list[float]) -> bool:
    return all(map(math.isfinite, row))


def _softmax(row: list[float], temperature: float) -> list[float]:
    """As `calibration.softmax`, for one row."""
    top = max(row)
    powers = [math.exp((value - top) / temperature) for value in row]
    total = math.fsum(powers)
    return [power / total for power in powers]


def _reason(confidence: float, not_a_digit: float, policy: Policy) -> Reason | None:
    if not_a_digit > policy.max_not_a_digit:
        return "not_a_digit"
    return "unsure" if confidence * (1 - not_a_digit) < policy.min_confidence else None
