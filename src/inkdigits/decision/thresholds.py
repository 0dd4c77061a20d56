"""Validation scores in → the thresholds that a card carries."""

from typing import Any

import numpy as np
from numpy.typing import NDArray


def fit_min_confidence(
    confidence: NDArray[Any], correct: NDArray[Any], target_error: float
) -> float:
    """Find the lowest confidence from which predictions can be accepted.

    Args:
        confidence: shape (N,), 0 to 1, of predictions on validation data; N at least 1.
        correct: shape (N,), bool: was the prediction right?
        target_error: share of wrong ones among the accepted that is allowed, 0 to 1.

    Returns:
        The lowest of the given confidences at which accepting that much and more
        keeps the target; 1.0 where none does.

    Raises:
        ValueError: the shapes do not fit, or a value is out of range.
    """
    scores = _check_scores(confidence)
    right = np.asarray(correct, dtype=bool)
    if right.shape != scores.shape:
        raise ValueError(f"correct {right.shape}; needed: {scores.shape}")
    _check_share(target_error)
    order = np.argsort(-scores, kind="stable")
    falling = scores[order]
    error = np.cumsum(~right[order]) / np.arange(1, len(falling) + 1)
    # Equal confidences are accepted together: only the last of each run is a choice.
    last_of_run = np.append(falling[1:] != falling[:-1], True)
    allowed = np.flatnonzero(last_of_run & (error <= target_error))
    return float(falling[allowed[-1]]) if len(allowed) else 1.0


def fit_max_not_a_digit(not_a_digit_of_digits: NDArray[Any], share_refused: float) -> float:
    """Find the not-a-digit probability above which a picture is refused.

    Args:
        not_a_digit_of_digits: shape (N,), 0 to 1: what the model says of pictures
            that do show a digit; N at least 1.
        share_refused: share of those that may be refused, 0 to 1.

    Returns:
        The lowest threshold of which at most that share lies above.

    Raises:
        ValueError: nothing was given, or a value is out of range.
    """
    scores = _check_scores(not_a_digit_of_digits)
    _check_share(share_refused)
    return float(np.quantile(scores, 1.0 - share_refused, method="higher"))


def _check_scores(values: NDArray[Any]) -> NDArray[np.float64]:
    scores = np.asarray(values, dtype=np.float64)
    if scores.ndim != 1 or not len(scores):
        raise ValueError(f"scores {scores.shape}; needed: (N,), N at least 1")
    if not ((scores >= 0) & (scores <= 1)).all():
        raise ValueError("scores out of range; needed: 0 to 1")
    return scores


def _check_share(share: float) -> None:
    if not 0 <= share <= 1:
        raise ValueError(f"a share of {share}; needed: 0 to 1")
