"""The model that every format fills: layouts, probabilities to logits, long batches."""

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass

import numpy as np
import pytest
from numpy.typing import NDArray

from inkdigits.errors import BrokenModel, SampleError, UnsupportedModel
from inkdigits.model.base import LoadedModel, as_input, find_layout, shorten
from inkdigits.model.card import Card

Array = NDArray[np.float32]


@dataclass
class Formula:
    """A network that is a formula."""

    input_shape: tuple[int, ...]
    formula: Callable[[Array], Array]

    def run(self, batch: Array) -> Array:
        assert batch.shape[1:] == self.input_shape
        return self.formula(batch.reshape(len(batch), -1))


def loaded(output: str, formula: Callable[[Array], Array]) -> LoadedModel:
    card = Card("f", "0", 10, (28, 28, 1), output, "0" * 64)
    return LoadedModel(card, Formula((28, 28, 1), formula), "f.onnx")


def first_ten(flat: Array) -> Array:
    return flat[:, :10]


@pytest.mark.parametrize("count", [0, 1, 512, 513, 1100])
def test_logits_come_through_in_order_whatever_the_length(count: int) -> None:
    samples = np.random.default_rng(0).random((count, 28, 28), dtype=np.float32)
    logits = loaded("logits", first_ten).logits(samples)
    assert logits.dtype == np.float32
    assert np.array_equal(logits, samples[:, 0, :10])


@pytest.mark.parametrize(
    ("scale", "polarity", "paper", "ink"),
    [
        (1, "light_ink", 0, 1),
        (1, "dark_ink", 1, 0),
        (255, "light_ink", 0, 255),
        (255, "dark_ink", 255, 0),
    ],
)
def test_samples_are_laid_out_as_a_file_wants_them(
    scale: int, polarity: str, paper: float, ink: float
) -> None:
    values = as_input(np.array([[0, 1]], np.float32), scale, polarity)
    assert values.dtype == np.float32
    assert values.tolist() == [[paper, ink]]


def test_probabilities_become_their_logarithms_and_zero_stays_finite() -> None:
    answer = np.array([[0.75, 0.25] + [0] * 8], dtype=np.float32)
    logits = loaded("probabilities", lambda _: answer).logits(np.zeros((1, 28, 28), np.float32))
    assert np.isfinite(logits).all()
    assert np.allclose(np.exp(logits), answer)
    assert logits.dtype == np.float32


@pytest.mark.parametrize(
    "answer", [np.zeros((1, 9)), np.zeros((2, 10)), np.full((1, 10), np.nan), np.zeros(10)]
)
def test_an_answer_that_is_none_names_the_file(answer: Array) -> None:
    with pytest.raises(BrokenModel, match=r"f\.onnx"):
        loaded("logits", lambda _: answer).logits(np.zeros((1, 28, 28), np.float32))


def test_what_is_no_sample_is_refused() -> None:
    with pytest.raises(SampleError):
        loaded("logits", first_ten).logits(np.full((1, 28, 28), 255, np.float32))


@pytest.mark.parametrize(
    ("shape", "layout"),
    [
        ((784,), (784,)),
        ((None,), (784,)),
        ((28, 28), (28, 28)),
        ((28, 28, 1), (28, 28, 1)),
        ((1, 28, 28), (1, 28, 28)),
        (("h", "w", 1), (28, 28, 1)),
        ((1, None, None), (1, 28, 28)),
        ((None, None, 3), None),
        ((32, 32), None),
        ((28, 28, 3), None),
        ((), None),
        ((1, 28, 28, 1), None),
    ],
)
def test_the_layout_is_found(shape: tuple[object, ...], layout: tuple[int, ...] | None) -> None:
    with pytest.raises(UnsupportedModel, match="of shape") if layout is None else nullcontext():
        assert find_layout([("N", *shape)], 1, "x") == layout


@pytest.mark.parametrize(
    ("shapes", "outputs", "found"),
    [
        ([()], 1, r"an input of shape \(\)"),
        ([("N", 784)], 2, "1 inputs and 2 outputs"),
        ([("N", 784)] * 2, 1, "2 inputs and 1 outputs"),
    ],
)
def test_anything_but_one_input_and_one_output_is_refused(
    shapes: list[tuple[object, ...]], outputs: int, found: str
) -> None:
    with pytest.raises(UnsupportedModel, match=found):
        find_layout(shapes, outputs, "x")


def test_a_foreign_error_becomes_one_short_line() -> None:
    assert shorten(ValueError("first\nsecond")) == "first"
    assert shorten(ValueError("")) == "ValueError"
    assert len(shorten(ValueError("x" * 5000))) < 250
