"""What a network answers is found by asking it."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from inkdigits.errors import BrokenModel, UnsupportedModel
from inkdigits.model.probe import probe

Array = NDArray[np.float32]


@dataclass
class Answers:
    """A network that answers the same for every sample."""

    row: Any
    input_shape: tuple[int, ...] = (784,)

    def run(self, batch: Array) -> Array:
        assert batch.shape[1:] == self.input_shape
        return np.tile(np.asarray(self.row, np.float32), (len(batch), 1))


@pytest.mark.parametrize("classes", [10, 11])
def test_probabilities_and_logits_are_told_apart(classes: int) -> None:
    even = np.full(classes, 1 / classes)
    assert probe(Answers(even), "x") == (classes, "probabilities")
    assert probe(Answers(even, (28, 28, 1)), "x") == (classes, "probabilities")
    assert probe(Answers(even * 2), "x") == (classes, "logits")
    negative = even.copy()
    negative[:2] += [-1, 1]  # sums to 1 still
    assert probe(Answers(negative), "x") == (classes, "logits")


@pytest.mark.parametrize("row", [np.zeros(9), np.zeros(12), np.zeros(1), np.zeros((1, 1, 10))])
def test_other_answers_are_refused(row: Array) -> None:
    with pytest.raises(UnsupportedModel, match="answer of shape"):
        probe(Answers(row), "x")


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_answers_that_are_no_numbers_are_broken(bad: float) -> None:
    with pytest.raises(BrokenModel, match="no finite numbers"):
        probe(Answers([bad, *[0.0] * 9]), "x")


def test_a_network_that_fails_is_one_error() -> None:
    with pytest.raises(BrokenModel, match="fails when asked"):
        probe(Answers(["a word"] * 10), "x")
