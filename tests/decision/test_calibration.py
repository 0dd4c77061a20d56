"""Softmax and temperature, against laws and against data with a known temperature."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from inkdigits.decision.calibration import (
    MAX_TEMPERATURE,
    MIN_TEMPERATURE,
    fit_temperature,
    softmax,
)

rows = arrays(
    np.float32, st.tuples(st.integers(1, 5), st.just(10)), elements=st.floats(-1e4, 1e4, width=32)
)
temperatures = st.floats(0.05, 20)


@given(rows, temperatures)
def test_softmax_sums_to_one_and_keeps_the_order(logits: NDArray[Any], temperature: float) -> None:
    probabilities = softmax(logits, temperature)
    assert np.allclose(probabilities.sum(axis=-1), 1)
    assert (probabilities >= 0).all()
    best = probabilities[np.arange(len(logits)), logits.argmax(axis=-1)]
    assert (best == probabilities.max(axis=-1)).all()


@given(rows, temperatures, st.floats(-100, 100))
def test_softmax_does_not_see_a_common_shift(
    logits: NDArray[Any], temperature: float, shift: float
) -> None:
    moved = softmax(logits.astype(np.float64) + shift, temperature)
    assert np.allclose(moved, softmax(logits, temperature), atol=1e-6)


def test_softmax_of_a_known_row() -> None:
    assert np.allclose(softmax(np.log([1, 2, 5])), [0.125, 0.25, 0.625])
    assert np.allclose(softmax(np.log([1, 4]), 2), [1 / 3, 2 / 3])


@pytest.mark.parametrize("temperature", [0, -1, float("nan"), float("inf")])
def test_softmax_refuses_no_temperature(temperature: float) -> None:
    with pytest.raises(ValueError, match="temperature"):
        softmax(np.zeros(10), temperature)


@pytest.mark.parametrize("true_temperature", [0.3, 1.0, 4.0])
def test_fit_finds_the_temperature_that_the_labels_were_drawn_with(true_temperature: float) -> None:
    rng = np.random.default_rng(7)
    logits = rng.normal(0, 2 * true_temperature, (20_000, 10))
    chances = softmax(logits, true_temperature).cumsum(axis=1)
    labels = (rng.random((len(logits), 1)) > chances).sum(axis=1)
    assert fit_temperature(logits, labels) == pytest.approx(true_temperature, rel=0.05)


def test_fit_ends_at_the_bounds_for_separated_and_for_hopeless_data() -> None:
    logits, labels = np.eye(10) * 5, np.arange(10)
    assert fit_temperature(logits, labels) == pytest.approx(MIN_TEMPERATURE, rel=1e-3)
    assert fit_temperature(logits, (labels + 1) % 10) == pytest.approx(MAX_TEMPERATURE, rel=1e-3)


@pytest.mark.parametrize(
    ("logits", "labels", "message"),
    [
        (np.zeros((0, 10)), np.zeros(0, int), "needed"),
        (np.zeros(10), np.zeros(10, int), "needed"),
        (np.zeros((2, 10)), np.zeros(3, int), "needed"),
        (np.full((2, 10), np.nan), np.zeros(2, int), "finite"),
        (np.zeros((2, 10)), np.array([0, 10]), "0 to 9"),
        (np.zeros((2, 10)), np.array([0, -1]), "0 to 9"),
        (np.zeros((2, 10)), np.array([0.0, 1.0]), "integers"),
    ],
)
def test_fit_refuses_what_does_not_fit(
    logits: NDArray[Any], labels: NDArray[Any], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        fit_temperature(logits, labels)
