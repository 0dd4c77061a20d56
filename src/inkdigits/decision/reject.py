"""One row of logits and a policy in → a prediction out."""

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inkdigits.decision.prediction import Alternative, Hint, ModelName, Prediction, Reason
from inkdigits.sample import CLASSES, Box

MAX_ALTERNATIVES = 5
MIN_ALTERNATIVE = 0.0005  # shown with three decimals, less would read as 0.000
LEAST_EXPECTED = 0.5
"""Probability of what is expected: with less, the reader holds something else likelier."""
LEAST_SHARE = 1e-7
"""Of each outcome: a network in 8 bit cannot know it better, and nothing is ever quite certain."""
_DIGITS = len(CLASSES)
_ALL = range(_DIGITS)
_NO_DIGIT = ("not_a_digit", "not_as_expected")


@dataclass(frozen=True, slots=True)
class Policy:
    """When an answer is believed. The card of a model carries the fitted values.

    Attributes:
        temperature: logits are divided by it; positive.
        min_confidence: below it an answer is "unsure", 0 to 1. None: nobody has fitted it, so that
            nothing can be said to be sure enough.
        max_not_a_digit: a not-a-digit probability above it is refused, 0 to 1. None as above; a
            model of ten classes needs none.
    """

    temperature: float = 1.0
    min_confidence: float | None = 0.5
    max_not_a_digit: float | None = 0.5

    def __post_init__(self) -> None:
        """Refuse values that would accept or refuse everything without a word."""
        if not 0 < self.temperature < float("inf"):
            raise ValueError(f"temperature {self.temperature}; needed: a positive number")
        for name in ("min_confidence", "max_not_a_digit"):
            value = getattr(self, name)
            if value is not None and not 0 <= value <= 1:
                raise ValueError(f"{name} {value}; needed: 0 to 1, or None where it is not fitted")


def decide(
    logits: NDArray[Any],
    policy: Policy,
    box: Box | None = None,
    allowed: Collection[str] = CLASSES,
    model: ModelName | None = None,
) -> Prediction:
    """Say what one glyph is, and whether to believe it.

    A digit that is not allowed has probability 0, and what it had is shared out among the other
    outcomes. Where the model clearly sees such a digit, not all of it is: the rest goes to
    "not a digit", for then it is none of those that may be there.

    Args:
        logits: one row of a model's answer, shape (10,), or (11,) with "not a digit" last.
        policy: temperature and thresholds.
        box: where the glyph lies in the picture, passed on.
        allowed: the digits that may be there, at least one.
        model: whose answer it is, passed on.

    Raises:
        ValueError: another shape, logits that are not finite, or no digits that are allowed.
    """
    row: list[float] = np.asarray(logits).tolist()  # for eleven numbers, faster than arrays
    if np.ndim(logits) != 1 or len(row) - _DIGITS not in (0, 1) or not math.isfinite(sum(row)):
        raise ValueError(f"logits {np.shape(logits)}; needed: (10,) or (11,), finite")
    shares, elsewhere = _softmax(row, policy.temperature), 0.0
    if allowed is not CLASSES:
        shares, elsewhere = _keep_allowed(shares, allowed)
    probabilities, none = shares[:_DIGITS], math.fsum(shares[_DIGITS:])
    possible = [digit for digit in _ALL if allowed is CLASSES or CLASSES[digit] in allowed]
    order = sorted(possible, key=lambda digit: -row[digit])  # where probabilities are all the least
    best = probabilities[order[0]]
    reason = "not_as_expected" if elsewhere > best else _reason(best, none, policy)
    is_none = none > best if reason == "not_calibrated" else reason in _NO_DIGIT
    return Prediction(
        digit=None if is_none else CLASSES[order[0]],
        accepted=None if reason == "not_calibrated" else reason is None,
        reason=reason,
        confidence=none + elsewhere if is_none else best,
        probabilities=tuple(probabilities),
        not_a_digit=none + elsewhere,
        alternatives=_alternatives(order, probabilities),
        box=box,
        model=model,
    )


def call_none(said: Prediction, share: float, hint: Hint) -> Prediction:
    """Say that a picture shows no single digit after all: the others share what `share` leaves.

    Args:
        said: of the picture, as if it showed one.
        share: probability that it does not, 0 to 1; what was said of that counts, if it is more.
        hint: what it shows.
    """
    none = min(max(said.not_a_digit, share, LEAST_SHARE), 1 - _DIGITS * LEAST_SHARE)
    least = [LEAST_SHARE * (one > 0) for one in said.probabilities]
    left = (1 - none - math.fsum(least)) / math.fsum(said.probabilities)
    probabilities = tuple(
        low + left * one for low, one in zip(least, said.probabilities, strict=True)
    )
    return replace(
        said,
        digit=None,
        accepted=False,
        reason="not_a_digit",
        confidence=none,
        probabilities=probabilities,
        not_a_digit=none,
        alternatives=_alternatives([int(one.digit) for one in said.alternatives], probabilities),
        hint=hint,
    )


def _alternatives(order: Sequence[int], probabilities: Sequence[float]) -> tuple[Alternative, ...]:
    likely = [digit for digit in order if probabilities[digit] >= MIN_ALTERNATIVE] or order[:1]
    return tuple(
        Alternative(CLASSES[digit], probabilities[digit]) for digit in likely[:MAX_ALTERNATIVES]
    )


def _softmax(row: list[float], temperature: float) -> list[float]:
    """As `calibration.softmax`, for one row, and none of them less than `LEAST_SHARE`."""
    top = max(row)
    powers = [math.exp((value - top) / temperature) for value in row]
    scale = (1 - len(row) * LEAST_SHARE) / math.fsum(powers)
    return [LEAST_SHARE + scale * power for power in powers]


def _keep_allowed(shares: list[float], allowed: Collection[str]) -> tuple[list[float], float]:
    """Leave the digits that are allowed; the second is the share of none of the outcomes left."""
    if not allowed or not set(allowed) <= set(CLASSES):
        raise ValueError(f"the digits {allowed!r}; needed: some of {''.join(CLASSES)}")
    kept = [
        share if place == _DIGITS or CLASSES[place] in allowed else 0.0
        for place, share in enumerate(shares)
    ]
    mass = max(math.fsum(kept) + LEAST_SHARE, LEAST_EXPECTED)
    return [share / mass for share in kept], 1 - math.fsum(kept) / mass


def _reason(best: float, none: float, policy: Policy) -> Reason | None:
    least, most = policy.min_confidence, policy.max_not_a_digit
    if least is None or (most is None and none > 0):
        return "not_calibrated"
    if most is not None and none > most:
        return "not_a_digit"
    return "unsure" if best < least else None
