"""Thresholds: pencil-sized cases, and the promise they make, for any scores."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inkdigits.decision.thresholds import fit_max_not_a_digit, fit_min_confidence

# Few different values, so that ties are common.
shares = st.integers(0, 20).map(lambda value: value / 20)
answers = st.lists(st.tuples(shares, st.booleans()), min_size=1, max_size=40)


@pytest.mark.parametrize(
    ("target", "expected"),
    [(0.0, 0.8), (0.25, 0.6), (0.3, 0.6), (0.4, 0.5), (1.0, 0.5)],
)
def test_min_confidence_by_hand(target: float, expected: float) -> None:
    confidence = np.array([0.6, 0.9, 0.7, 0.5, 0.8])
    correct = np.array([True, True, False, False, True])
    assert fit_min_confidence(confidence, correct, target) == expected


def test_equal_confidences_are_accepted_together() -> None:
    confidence, correct = np.array([0.9, 0.7, 0.7]), np.array([True, True, False])
    assert fit_min_confidence(confidence, correct, 0.0) == 0.9


def test_nothing_good_enough_gives_one() -> None:
    assert fit_min_confidence(np.array([0.9, 0.8]), np.array([False, True]), 0.1) == 1.0


@given(answers, shares)
def test_min_confidence_keeps_the_target_and_no_lower_choice_does(
    pairs: list[tuple[float, bool]], target: float
) -> None:
    confidence = np.array([score for score, _ in pairs])
    correct = np.array([right for _, right in pairs])
    threshold = fit_min_confidence(confidence, correct, target)

    def error(at: float) -> float:
        return float(np.mean(~correct[confidence >= at]))

    if threshold < 1:
        assert error(threshold) <= target
    assert all(error(lower) > target for lower in confidence[confidence < threshold])


@given(st.lists(shares, min_size=1, max_size=40), shares)
def test_max_not_a_digit_refuses_no_more_than_its_share(values: Any, share: float) -> None:
    scores = np.array(values)
    threshold = fit_max_not_a_digit(scores, share)
    assert np.mean(scores > threshold) <= share
    assert threshold in scores


def test_max_not_a_digit_by_hand() -> None:
    scores = np.arange(101) / 100
    assert fit_max_not_a_digit(scores, 0.0) == 1.0
    assert fit_max_not_a_digit(scores, 0.05) == 0.95
    assert fit_max_not_a_digit(scores, 1.0) == 0.0


@pytest.mark.parametrize("scores", [[], [1.5], [-0.1], [float("nan")], [[0.5]]])
def test_scores_that_are_none_are_refused(scores: Any) -> None:
    with pytest.raises(ValueError, match="scores"):
        fit_max_not_a_digit(np.array(scores), 0.1)
    with pytest.raises(ValueError, match="scores"):
        fit_min_confidence(np.array(scores), np.ones(np.shape(scores), bool), 0.1)


def test_a_share_and_the_shapes_are_checked() -> None:
    with pytest.raises(ValueError, match="share"):
        fit_max_not_a_digit(np.array([0.5]), 1.1)
    with pytest.raises(ValueError, match="share"):
        fit_min_confidence(np.array([0.5]), np.array([True]), -0.1)
    with pytest.raises(ValueError, match="correct"):
        fit_min_confidence(np.array([0.5]), np.array([True, True]), 0.1)
