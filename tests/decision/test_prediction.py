"""A prediction is a plain value: it compares, cannot be changed, and travels."""

import dataclasses
import json
import pickle

import pytest

from inkdigits.decision.prediction import Alternative, Prediction
from inkdigits.sample import Box

PREDICTION = Prediction(
    digit="7",
    accepted=True,
    reason=None,
    confidence=0.91,
    probabilities=(*([0.01] * 7), 0.91, 0.01, 0.01),
    not_a_digit=0.0,
    alternatives=(Alternative("7", 0.91),),
    box=Box(1, 2, 3, 4),
)


def test_a_prediction_survives_pickling() -> None:
    assert pickle.loads(pickle.dumps(PREDICTION)) == PREDICTION  # noqa: S301 our own bytes


def test_a_prediction_cannot_be_changed() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        PREDICTION.digit = "1"


def test_a_prediction_becomes_json_with_plain_types() -> None:
    answer = json.loads(json.dumps(dataclasses.asdict(PREDICTION)))
    assert answer["alternatives"] == [{"digit": "7", "probability": 0.91}]
    assert answer["box"] == {"left": 1, "top": 2, "width": 3, "height": 4}
