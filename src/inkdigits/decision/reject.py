"""One row of logits and a policy in → a prediction out."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inkdigits.decision.calibration import softmax
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
    row = np.asarray(logits, dtype=np.float64)
    if row.shape not in ((_DIGITS,), (_DIGITS + 1,)) or not np.isfinite(row).all():
        raise ValueError(f"logits {row.shape}; needed: (10,) or (11,), finite")
    probabilities = softmax(row[:_DIGITS], policy.temperature)
    not_a_digit = float(softmax(row, policy.temperature)[_DIGITS]) if len(row) > _DIGITS else 0.0
    best = int(probabilities.argmax())
    reason = _reason(float(probabilities[best]), not_a_digit, policy)
    return Prediction(
        digit=None if reason == "not_a_digit" else CLASSES[best],
        accepted=reason is None,
        reason=reason,
        confidence=float(probabilities[best]),
        probabilities=tuple(probabilities.tolist()),
        not_a_digit=not_a_digit,
        alternatives=_alternatives(probabilities),
        box=box,
    )


def _reason(confidence: float, not_a_digit: float, policy: Policy) -> Reason | None:
    if not_a_digit > policy.max_not_a_digit:
        return "not_a_digit"
    return "unsure" if confidence * (1 - not_a_digit) < policy.min_confidence else None


def _alternatives(probabilities: NDArray[np.float64]) -> tuple[Alternative, ...]:
    order = np.argsort(-probabilities, kind="stable")[:MAX_ALTERNATIVES]
    return tuple(
        Alternative(CLASSES[i], float(probabilities[i]))
        for i in order
        if probabilities[i] >= MIN_ALTERNATIVE
    )
