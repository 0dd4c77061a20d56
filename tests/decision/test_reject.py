"""What is accepted and why not, by hand and for any logits."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from inkdigits.decision.prediction import Alternative
from inkdigits.decision.reject import (
    LEAST_SHARE,
    MAX_ALTERNATIVES,
    MIN_ALTERNATIVE,
    Policy,
    call_none,
    decide,
)
from inkdigits.sample import CLASSES, Box

POLICY = Policy(temperature=1.0, min_confidence=0.8, max_not_a_digit=0.5)


def logits_of(best: int, probability: float, not_a_digit: float | None = None) -> NDArray[Any]:
    """Logits that give `best` that probability, if there is a digit at all."""
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


def test_where_there_is_no_digit_the_confidence_is_that_there_is_none() -> None:
    answer = decide(logits_of(3, 0.95, not_a_digit=0.6), POLICY)
    assert (answer.digit, answer.accepted, answer.reason) == (None, False, "not_a_digit")
    assert answer.confidence == answer.not_a_digit == pytest.approx(0.6)
    assert answer.alternatives[0] == Alternative("3", answer.probabilities[3])
    assert answer.probabilities[3] == pytest.approx(0.95 * 0.4)


def test_eleven_classes_and_a_digit() -> None:
    answer = decide(logits_of(3, 0.95, not_a_digit=0.1), POLICY)
    assert (answer.digit, answer.accepted) == ("3", True)
    assert len(answer.probabilities) == 10


def test_not_a_digit_goes_before_unsure() -> None:
    assert decide(logits_of(3, 0.3, not_a_digit=0.9), POLICY).reason == "not_a_digit"


def test_values_on_a_threshold_are_accepted() -> None:
    even = np.zeros(11)
    said = decide(even, Policy(1, 0, 1))
    on_it = Policy(1.0, said.confidence, said.not_a_digit)
    assert decide(even, on_it).accepted


def test_alternatives_leave_out_what_would_read_as_zero() -> None:
    answer = decide(logits_of(1, 0.9999), POLICY)
    assert [a.digit for a in answer.alternatives] == ["1"]


def test_temperature_flattens() -> None:
    hot = Policy(temperature=4.0, min_confidence=0.8)
    assert decide(logits_of(5, 0.95), hot).reason == "unsure"


rows = arrays(np.float32, st.sampled_from([10, 11]), elements=st.floats(-200, 200, width=32))
shares = st.none() | st.floats(0, 1)
policies = st.builds(Policy, st.floats(0.05, 20), shares, shares)
somes = st.sets(st.sampled_from(CLASSES), min_size=1).map("".join)


@given(rows, policies, st.just(CLASSES) | somes, st.none() | st.floats(0, 1))
def test_every_answer_keeps_its_promises(
    row: NDArray[Any], policy: Policy, allowed: Sequence[str], several: float | None
) -> None:
    answer = decide(row, policy, allowed=allowed)
    if several is not None:
        answer = call_none(answer, several, "several_digits")
    assert answer.accepted == {None: True, "not_calibrated": None}.get(answer.reason, False)
    best = max(answer.probabilities)
    assert answer.confidence == (answer.not_a_digit if answer.digit is None else best)
    assert sum(answer.probabilities) + answer.not_a_digit == pytest.approx(1, abs=1e-9)
    certain = len(row) == 10 and allowed is CLASSES and several is None  # knows no other outcome
    assert certain or 0 < answer.not_a_digit < 1
    for digit, share in zip(CLASSES, answer.probabilities, strict=True):
        assert 0 < share < 1 if digit in allowed else share == 0
    assert answer.digit is None or answer.digit in allowed
    assert 1 <= len(answer.alternatives) <= MAX_ALTERNATIVES
    chances = [a.probability for a in answer.alternatives]
    assert chances == sorted(chances, reverse=True)
    assert chances[0] == best
    assert min([1, *chances[1:]]) >= MIN_ALTERNATIVE
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
    assert said.confidence == pytest.approx(0.5, abs=0.01)
    assert said.not_a_digit == pytest.approx(0.5, abs=0.01)
    assert (said.digit, said.accepted, said.reason) == ("3", False, "unsure")


def test_nothing_is_certain_even_where_a_float_would_say_so() -> None:
    said = decide(np.array([*([-100.0] * 9), 100.0, -100.0]), POLICY)
    assert said.confidence == pytest.approx(0.999999, abs=1e-9)
    assert said.not_a_digit == said.probabilities[0] == pytest.approx(LEAST_SHARE)


def test_without_fitted_thresholds_nobody_says_whether_to_accept() -> None:
    clear, none = logits_of(7, 0.999, not_a_digit=0.001), logits_of(7, 0.9, not_a_digit=0.7)
    for policy in (Policy(1, None, None), Policy(1, None, 0.9), Policy(1, 0.9, None)):
        said = decide(clear, policy)
        assert (said.digit, said.accepted, said.reason) == ("7", None, "not_calibrated")
        assert decide(none, policy).digit is None  # likelier than any digit
    of_ten = decide(logits_of(7, 0.999), Policy(1, 0.9, None))  # which cannot say "not a digit"
    assert (of_ten.digit, of_ten.accepted) == ("7", True)


def test_what_is_not_allowed_leaves_its_share_to_what_is() -> None:
    said = decide(logits_of(1, 0.6), POLICY, allowed="0123")
    assert (said.digit, said.accepted, said.reason) == ("1", True, None)
    assert said.confidence == pytest.approx(0.6 / (0.6 + 3 * 0.4 / 9))
    assert [one.digit for one in said.alternatives] == ["1", "0", "2", "3"]


@pytest.mark.parametrize("not_a_digit", [None, 0.001])
def test_a_digit_that_is_clearly_another_is_no_allowed_one(not_a_digit: float | None) -> None:
    said = decide(logits_of(7, 0.99, not_a_digit), POLICY, allowed=("0", "1"))
    assert (said.digit, said.accepted, said.reason) == (None, False, "not_as_expected")
    assert said.confidence > 0.98
    doubtful = decide(logits_of(7, 0.7, not_a_digit), POLICY, allowed="012345689")
    assert (doubtful.digit, doubtful.accepted) == ("0", False) or doubtful.digit is None


@pytest.mark.parametrize("allowed", ["", "12x", ["12"]])
def test_what_is_no_set_of_digits_is_not_allowed(allowed: Sequence[str]) -> None:
    with pytest.raises(ValueError, match="needed: some of 0123456789"):
        decide(np.zeros(10), POLICY, allowed=allowed)


def test_several_digits_are_no_digit_with_the_rest_shared_as_before() -> None:
    one = decide(logits_of(3, 0.95, not_a_digit=0.1), POLICY)
    said = call_none(one, 0.8, "several_digits")
    assert (said.digit, said.accepted, said.reason) == (None, False, "not_a_digit")
    assert (said.confidence, said.hint) == (0.8, "several_digits")
    assert said.probabilities[3] == pytest.approx(0.95 * 0.2, abs=1e-5)
    assert call_none(one, 0.05, "several_digits").not_a_digit == pytest.approx(0.1)
