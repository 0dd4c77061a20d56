"""What a network answers is found by asking it."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.golden.draw_known import KNOWN, draw

from inkdigits.errors import BrokenModel, UnsupportedModel
from inkdigits.model.probe import Traits, find_input, probe

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


@dataclass
class Templates:
    """A network that reads digits drawn in one way, and sees nothing but that way."""

    scale: float
    dark_ink: bool
    sharpness: float = 20.0
    homogeneous: bool = False
    input_shape: tuple[int, ...] = (28, 28)

    def run(self, batch: Array) -> Array:
        values = batch / self.scale
        ink = (1 - values if self.dark_ink else values).reshape(len(batch), 784)
        if not self.homogeneous:
            ink = np.clip(ink, 0, 1) * (np.abs(ink - 0.5) < 1) * (ink.max(1, keepdims=True) > 0.5)
        return np.asarray(self.sharpness * ink @ templates(), np.float32)


def templates() -> Array:
    samples, digits = draw()
    flat = samples.reshape(-1, 784).astype(np.float32) / 255
    mean = np.stack([flat[digits == digit].mean(0) for digit in range(10)], 1)
    return np.asarray(mean / np.linalg.norm(mean, axis=0) / 10, np.float32)


def test_what_is_asked_is_what_this_project_draws() -> None:
    with np.load(KNOWN) as known:
        samples, digits = draw()
        assert np.abs(known["samples"].astype(int) - samples.astype(int)).max() <= 2
        assert (known["labels"] == digits).all()
    assert set(digits.tolist()) == set(range(10))


@pytest.mark.parametrize("scale", [1, 255])
@pytest.mark.parametrize("dark_ink", [False, True])
def test_scale_and_polarity_are_found(scale: int, dark_ink: bool) -> None:  # noqa: FBT001 a parameter
    found = find_input(Templates(scale, dark_ink), Traits(10, "logits"), "x")
    assert found[:2] == (scale, "dark_ink" if dark_ink else "light_ink")
    assert "known digits right" in found.found


def test_a_network_to_which_the_scale_means_nothing_gets_the_usual_one() -> None:
    network = Templates(1, dark_ink=False, homogeneous=True)
    assert find_input(network, Traits(10, "logits"), "x")[:2] == (1, "light_ink")


def test_the_likelier_of_two_scales_that_read_the_same() -> None:
    # With 0 to 1 it reads the same digits, but takes each for a tenth likely.
    network = Templates(255, dark_ink=False, homogeneous=True)
    assert find_input(network, Traits(10, "logits"), "x")[:2] == (255, "light_ink")


def test_a_network_that_reads_nothing_of_it_keeps_the_usual_one_and_says_so() -> None:
    for row in (np.zeros(10), np.arange(11)):
        found = find_input(Answers(row, (28, 28)), Traits(len(row), "logits"), "x")
        assert found[:2] == (1, "light_ink")
        assert found.found.startswith("not known: at best it reads")
