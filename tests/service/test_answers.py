from dataclasses import replace

import pytest

from inkdigits.decision.prediction import Alternative, Prediction
from inkdigits.model.card import Card
from inkdigits.sample import Box
from inkdigits.service.answers import answer_fields, card_fields
from inkdigits.service.schemas import Answer, ModelBody

CARD = Card("cnn", "1", 11, (28, 28), "logits", "0" * 64, scores={"mnist": 0.995})
PREDICTION = Prediction(
    digit="7",
    accepted=True,
    reason=None,
    confidence=0.99871234567,
    probabilities=(0.0, 0.0006, 0.0, 0.0, 0.0, 0.0, 0.0, 0.9987, 0.0, 0.0007),
    not_a_digit=0.0001,
    alternatives=(Alternative("7", 0.9987), Alternative("9", 0.0007)),
    box=Box(12, 9, 80, 130),
)


def test_the_answer_is_exactly_that_of_the_contract() -> None:
    assert answer_fields(PREDICTION, CARD) == {
        "digit": "7",
        "accepted": True,
        "reason": None,
        "confidence": 0.998712,
        "probabilities": [0.0, 0.0006, 0.0, 0.0, 0.0, 0.0, 0.0, 0.9987, 0.0, 0.0007],
        "not_a_digit": 0.0001,
        "alternatives": [
            {"digit": "7", "probability": 0.9987},
            {"digit": "9", "probability": 0.0007},
        ],
        "box": {"left": 12, "top": 9, "width": 80, "height": 130},
        "model": {"name": "cnn", "version": "1"},
    }


@pytest.mark.parametrize(
    "prediction",
    [
        PREDICTION,
        replace(PREDICTION, accepted=False, reason="unsure", box=None),
        replace(PREDICTION, digit=None, accepted=False, reason="not_a_digit"),
    ],
)
def test_every_answer_is_as_its_schema_says(prediction: Prediction) -> None:
    fields = answer_fields(prediction, CARD)
    assert Answer.model_validate(fields, strict=True).model_dump() == fields


def test_a_card_is_as_its_schema_says() -> None:
    fields = card_fields(CARD)
    assert ModelBody.model_validate(fields, strict=True).model_dump() == fields
    assert fields["scores"] == {"mnist": 0.995}
