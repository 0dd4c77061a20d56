"""Logits in → probabilities out, and the temperature that makes them honest."""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

MIN_TEMPERATURE = 0.05
MAX_TEMPERATURE = 20.0
_GOLDEN = (math.sqrt(5.0) - 1.0) / 2.0
_TOLERANCE = 1e-5  # of log T: far below what a validation set can tell apart


def softmax(logits: NDArray[Any], temperature: float = 1.0) -> NDArray[np.float64]:
    """Turn logits into probabilities along the last axis.

    Args:
        logits: any real dtype, shape (..., classes), finite.
        temperature: positive; above 1 flattens, below 1 sharpens.

    Returns:
        float64, the shape of `logits`; sums to 1 along the last axis.

    Raises:
        ValueError: the temperature is not a positive number.
    """
    if not (temperature > 0 and math.isfinite(temperature)):
        raise ValueError(f"temperature {temperature}; needed: a positive number")
    scaled = np.asarray(logits, dtype=np.float64)
    # The maximum goes away before dividing, so that no temperature can overflow.
    powers = np.exp((scaled - scaled.max(axis=-1, keepdims=True)) / temperature)
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True))


def fit_temperature(logits: NDArray[Any], labels: NDArray[Any]) -> float:
    """Find the temperature under which the labels are likeliest.

    The likelihood is convex in 1 / T, so it has one valley in log T and a
    golden-section search cannot miss it. Perfectly separated data end at the
    lower bound: hold out data that the model has not learned by heart.

    Args:
        logits: shape (N, classes), finite; N at least 1. For the ten digits of an
            eleven-class model give `logits[:, :10]`.
        labels: shape (N,), integers from 0 to classes - 1.

    Returns:
        T, from 0.05 to 20.

    Raises:
        ValueError: the shapes do not fit, or a label is out of range.

    Source:
        Guo, Pleiss, Sun, Weinberger, "On Calibration of Modern Neural Networks"
        (ICML 2017), section 4.2.
    """
    scores, truth = np.asarray(logits, dtype=np.float64), np.asarray(labels)
    _check(scores, truth)
    low, high = math.log(MIN_TEMPERATURE), math.log(MAX_TEMPERATURE)
    while high - low > _TOLERANCE:
        left, right = high - _GOLDEN * (high - low), low + _GOLDEN * (high - low)
        if _loss(scores, truth, math.exp(left)) <= _loss(scores, truth, math.exp(right)):
            high = right
        else:
            low = left
    return math.exp((low + high) / 2)


def _check(scores: NDArray[np.float64], truth: NDArray[Any]) -> None:
    if scores.ndim != 2 or not scores.size or truth.shape != scores.shape[:1]:
        raise ValueError(
            f"logits {scores.shape} and labels {truth.shape}; needed: (N, classes) and (N,)"
        )
    if not np.isfinite(scores).all():
        raise ValueError("logits that are not finite")
    if truth.dtype.kind not in "iu" or truth.min() < 0 or truth.max() >= scores.shape[1]:
        raise ValueError(f"labels out of range; needed: integers from 0 to {scores.shape[1] - 1}")


def _loss(scores: NDArray[np.float64], truth: NDArray[Any], temperature: float) -> float:
    """Mean negative log likelihood, in nats."""
    scaled = (scores - scores.max(axis=1, keepdims=True)) / temperature
    chosen = scaled[np.arange(len(truth)), truth]
    return float(np.mean(np.log(np.exp(scaled).sum(axis=1)) - chosen))
