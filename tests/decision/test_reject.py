"""What is accepted and why not, by hand and for any logits."""

import json
from dataclasses import asdict
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from inkdigits.decision.reject import MAX_ALTERNATIVES, MIN_ALTERNATIVE, Policy, decide
from inkdigits.sample import Box

POLICY = Policy(temperature=1.0, min_confidence=0.8, max_not_a_digit=0.5)


def logits_of(best: int, probability: float, not_a_digit: float | None = None) -> NDArray[Any]:
    """Logits whose softmax over the ten digits gives `best` that probability."""
    digits = np.full(10, (1 - probability) / 9)
    digits[best] = probability
    if not_a_digit is None:
        return np.log(digits)
    return np.log([*(digits * (1 - not_a_digit)), not_a_digit])


def test_sure() -> None:
    answer = decide(logits_of(7, 0.991), POLICY, Box(1, 2, 3, 4))
    assert (answer.digit, answer.accepted, answer.reason) == ("7", True, None)
    assert answer.confidence == pytest.approx(0.991)
    assert answer.not_a_digit == 0.0
    assert answer.box == Box(1, 2, 3, 4)
    assert [a.digit for a in answer.alternatives] == ["7", "0", "1", "2", "3"]


def test_unsure_still_names_the_best_digit() -> None:
    answer = decide(logits_of(4, 0.7), POLICY)
    assert (answer.digit, answer.accepted, answer.reason) == ("4", False, "unsure")
    assert answer.box is None


def test_not_a_digit_keeps_the_confidence_among_the_ten() -> None:
    answer = decide(logits_of(3, 0.95, not_a_digit=0.6), POLICY)
    assert (answer.digit, answer.accepted, answer.reason) == (None, False, "not_a_digit")
    assert answer.confidence == pytest.approx(0.95)
    assert answer.not_a_digit == pytest.approx(0.6)
    assert answer.alternatives[0].digit == "3"


def test_eleven_classes_and_a_digit() -> None:
    answer = decide(logits_of(3, 0.95, not_a_digit=0.1), POLICY)
    assert (answer.digit, answer.accepted) == ("3", True)
    assert len(answer.probabilities) == 10


def test_not_a_digit_goes_before_unsure() -> None:
    assert decide(logits_of(3, 0.3, not_a_digit=0.9), POLICY).reason == "not_a_digit"


def test_values_on_a_threshold_are_accepted() -> None:
    even = np.zeros(11)
    said = decide(even, Policy(1, 0, 1))
    on_it = Policy(1.0, said.confidence * (1 - said.not_a_digit), 1 / 11 + 1e-12)
    assert decide(even, on_it).accepted


def test_alternatives_leave_out_what_would_read_as_zero() -> None:
    answer = decide(logits_of(1, 0.9999), POLICY)
    assert [a.digit for a in answer.alternatives] == ["1"]


def test_temperature_flattens() -> None:
    hot = Policy(temperature=4.0, min_confidence=0.8)
    assert decide(logits_of(5, 0.95), hot).reason == "unsure"


rows = arrays(np.float32, st.sampled_from([10, 11]), elements=st.floats(-200, 200, width=32))
policies = st.builds(Policy, st.floats(0.05, 20), st.floats(0, 1), st.floats(0, 1))


@given(rows, policies)
def test_every_answer_keeps_its_promises(row: NDArray[Any], policy: Policy) -> None:
    answer = decide(row, policy)
    assert answer.accepted == (answer.reason is None)
    assert (answer.digit is None) == (answer.reason == "not_a_digit")
    assert sum(answer.probabilities) == pytest.approx(1)
    assert answer.confidence == max(answer.probabilities) == answer.alternatives[0].probability
    assert 0 <= answer.not_a_digit <= 1
    assert 1 <= len(answer.alternatives) <= MAX_ALTERNATIVES
    chances = [a.probability for a in answer.alternatives]
    assert chances == sorted(chances, reverse=True)
    assert min(chances) >= MIN_ALTERNATIVE
    json.dumps(asdict(answer))  # plain Python numbers: NumPy's would fail here


@pytest.mark.parametrize("row", [np.zeros(9), np.zeros(12), np.zeros((1, 10)), np.full(10, np.nan)])
def test_what_is_no_row_is_refused(row: NDArray[Any]) -> None:
    with pytest.raises(ValueError, match="needed"):
        decide(row, POLICY)


@pytest.mark.parametrize(
    "values",
    [(0, 0.5, 0.5), (-1, 0.5, 0.5), (float("inf"), 0.5, 0.5), (1, 1.1, 0.5), (1, 0.5, -0.1)],
)
def test_a_policy_that_makes_no_sense_is_refused(values: Any) -> None:
    with pytest.raises(ValueError, match="needed"):
        Policy(*values)


def test_a_digit_that_may_be_none_is_unsure_however_clear_among_the_ten() -> None:
    logits = np.zeros(11)
    logits[3], logits[10] = 12.0, 12.0
    said = decide(logits, Policy(1.0, 0.9, 0.95))
    assert said.confidence > 0.99
    assert said.not_a_digit == pytest.approx(0.5, abs=0.01)
    assert (said.digit, said.accepted, said.reason) == ("3", False, "unsure")
