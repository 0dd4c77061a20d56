"""What a model says of the validation samples → temperature, thresholds and scores for its card."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inkdigits.decision.calibration import fit_temperature, softmax
from inkdigits.decision.reject import Policy
from inkdigits.decision.thresholds import fit_max_not_a_digit, fit_min_confidence
from inkdigits.sample import CLASSES, Logits
from inkdigits.training.recipes import Recipe

_Floats = NDArray[np.float64]
_DIGITS = len(CLASSES)
_LEAST_CONFIDENCE = 0.5
"""Below it, another answer may be likelier: never accepted, however good validation was."""


@dataclass(frozen=True, slots=True, eq=False)
class Validation:
    """A model's answers to the validation samples.

    Attributes:
        logits: float32 (N, 10 or 11).
        labels: (N,), 0 to 9, or 10 for "not a digit".
        source: (N,), the name of what each sample was made from.
    """

    logits: Logits
    labels: NDArray[Any]
    source: NDArray[Any]


def fit_policy(validation: Validation, recipe: Recipe) -> Policy:
    """Fit temperature and thresholds.

    The temperature is fitted on the ten digits' logits of the samples that show a digit;
    then the not-a-digit threshold on these; then, on those not refused, the lowest product of
    confidence and the probability that this is a digit.

    Args:
        validation: at least one sample shows a digit.
        recipe: target error and share of refused digits.
    """
    shows_digit = validation.labels < _DIGITS
    logits, labels = validation.logits[shows_digit], validation.labels[shows_digit]
    temperature = fit_temperature(logits[:, :_DIGITS], labels)
    sure, odd = _shares(logits, temperature)
    max_odd = fit_max_not_a_digit(odd, recipe.share_refused) if recipe.classes > _DIGITS else 1.0
    kept = odd <= max_odd
    right = logits[kept, :_DIGITS].argmax(axis=1) == labels[kept]
    least = fit_min_confidence(sure[kept], right, recipe.target_error)
    return Policy(temperature, max(least, _LEAST_CONFIDENCE), max_odd)


def score(validation: Validation, policy: Policy) -> dict[str, float]:
    """Say how good a model is on the validation samples.

    Returns:
        Shares, by what they are of. Of each source the digits' `accuracy` (best digit right),
        and of what is no digit the share `refused`; of all digits the share `accepted`, the
        `error_among_accepted` and the share `refused` as no digit; of all that is no digit
        the share `accepted`.
    """
    best = validation.logits[:, :_DIGITS].argmax(axis=1)
    sure, odd = _shares(validation.logits, policy.temperature)
    # What is not fitted becomes NaN here, and accepts and refuses nothing.
    least, most = np.array((policy.min_confidence, policy.max_not_a_digit), np.float64)
    refused = odd > most
    accepted = ~refused & (sure >= least)
    right, digit = best == validation.labels, validation.labels < _DIGITS
    parts: dict[str, NDArray[np.bool_]] = {}
    for name in np.unique(validation.source):
        here = validation.source == name
        parts[f"validation/{name}/accuracy"] = right[here & digit]
        parts[f"validation/{name}/refused"] = refused[here & ~digit]
    parts["validation/digits/accuracy"] = right[digit]
    parts["validation/digits/accepted"] = accepted[digit]
    parts["validation/digits/error_among_accepted"] = ~right[digit & accepted]
    parts["validation/digits/refused"] = refused[digit]
    parts["validation/not_a_digit/accepted"] = accepted[~digit]
    return {name: round(float(part.mean()), 6) for name, part in parts.items() if len(part)}


def cross_score(validation: Validation, recipe: Recipe) -> dict[str, float]:
    """Say how good the fit is: each half is scored with what was fitted on the other half."""
    columns = (validation.logits, validation.labels, validation.source)
    even, odd = (Validation(*(one[start::2] for one in columns)) for start in (0, 1))
    first = score(even, fit_policy(odd, recipe))
    second = score(odd, fit_policy(even, recipe))
    return {name: (first[name] + second[name]) / 2 for name in first.keys() & second.keys()}


def _shares(logits: Logits, temperature: float) -> tuple[_Floats, _Floats]:
    """Give the probabilities of the best digit and of "not a digit", which ten classes lack."""
    shares = softmax(logits, temperature)
    return shares[:, :_DIGITS].max(axis=1), shares[:, _DIGITS:].sum(axis=1)
