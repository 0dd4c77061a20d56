import numpy as np
import pytest

from inkdigits.decision.calibration import softmax
from inkdigits.decision.reject import Policy
from inkdigits.training.scores import Validation, fit_policy, score


def _validation(classes: int = 11, count: int = 2000, wrong: float = 0.02) -> Validation:
    """Digits said with varying sureness, some of them wrong; the last class where there is one."""
    rng = np.random.default_rng(5)
    labels = rng.integers(0, classes, count)
    said = np.where(rng.random(count) < wrong, (labels + 1) % 10, labels)
    logits = rng.normal(0, 1, (count, classes))
    logits[np.arange(count), said] += rng.uniform(2, 12, count) / (1 + (said != labels))
    source = np.where(labels == 10, "composed", "mnist")
    return Validation(logits.astype(np.float32), labels, source)


def test_the_policy_keeps_its_promises_on_what_it_was_fitted_on(recipe) -> None:
    validation, wanted = _validation(), recipe(target_error=0.004, share_refused=0.01)
    policy = fit_policy(validation, wanted)
    scores = score(validation, policy)
    assert 0 < scores["validation/digits/error_among_accepted"] <= 0.004
    assert 0 < scores["validation/digits/refused"] <= 0.01
    assert scores["validation/digits/accepted"] > 0.3


def test_sureness_that_is_not_deserved_is_tempered(recipe) -> None:
    honest = _validation(classes=10, wrong=0.0)
    rng = np.random.default_rng(6)
    random_labels = np.where(rng.random(2000) < 0.3, rng.integers(0, 10, 2000), honest.labels)
    boaster = Validation(honest.logits, random_labels, honest.source)
    wanted = recipe(classes=10)
    assert fit_policy(boaster, wanted).temperature > 2 * fit_policy(honest, wanted).temperature


def test_scores_can_be_checked_with_a_pencil() -> None:
    sure, unsure = 9.0, 0.1
    logits = np.zeros((6, 11), np.float32)
    for row, (place, height) in enumerate(
        [(3, sure), (4, sure), (5, unsure), (10, sure), (10, sure), (7, sure)]
    ):
        logits[row, place] = height
    labels = np.array([3, 9, 5, 10, 2, 10])
    source = np.array(["mnist", "mnist", "strokes", "negatives", "strokes", "negatives"])
    scores = score(Validation(logits, labels, source), Policy(1.0, 0.5, 0.5))
    assert scores == {
        "validation/mnist/accuracy": 0.5,
        "validation/strokes/accuracy": 0.5,
        "validation/negatives/refused": 0.5,
        "validation/digits/accuracy": 0.5,
        "validation/digits/accepted": 0.5,
        "validation/digits/error_among_accepted": 0.5,
        "validation/digits/refused": 0.25,
        "validation/not_a_digit/accepted": 0.5,
    }


def test_ten_classes_refuse_nothing(recipe) -> None:
    policy = fit_policy(_validation(classes=10), recipe(classes=10))
    assert policy.max_not_a_digit == 1.0
    scores = score(_validation(classes=10), policy)
    assert scores["validation/digits/refused"] == 0
    assert "validation/not_a_digit/accepted" not in scores


def test_nothing_below_one_half_is_ever_accepted(recipe) -> None:
    faultless = _validation(classes=10, wrong=0.0)
    policy = fit_policy(faultless, recipe(classes=10, target_error=0.5))
    lowest = softmax(faultless.logits, policy.temperature).max(axis=1).min()
    assert policy.min_confidence == pytest.approx(max(0.5, lowest))
