import json
from dataclasses import asdict, replace

import pytest
from pydantic import TypeAdapter, ValidationError

from inkdigits.decision.number import (
    NumberPolicy,
    NumberPrediction,
    decide_number,
    join_lines,
    no_number,
    to_number,
)
from inkdigits.decision.prediction import Alternative, ModelName, Prediction
from inkdigits.model.card import Card
from inkdigits.sample import Box
from inkdigits.service.schemas import ModelsBody

BOX = Box(1, 2, 30, 40)
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
    model=ModelName("cnn", "1"),
)


def test_the_answer_is_exactly_that_of_the_contract() -> None:
    assert PREDICTION.to_dict() == {
        "digit": "7",
        "accepted": True,
        "reason": None,
        "confidence": 0.9987123,
        "probabilities": [0.0, 0.0006, 0.0, 0.0, 0.0, 0.0, 0.0, 0.9987, 0.0, 0.0007],
        "not_a_digit": 0.0001,
        "alternatives": [
            {"digit": "7", "probability": 0.9987},
            {"digit": "9", "probability": 0.0007},
        ],
        "box": {"left": 12, "top": 9, "width": 80, "height": 130},
        "hint": None,
        "page": None,
        "model": {"name": "cnn", "version": "1"},
    }


@pytest.mark.parametrize(
    "prediction",
    [
        PREDICTION,
        replace(PREDICTION, accepted=False, reason="unsure", box=None),
        replace(PREDICTION, accepted=None, reason="not_calibrated"),
        replace(PREDICTION, digit=None, accepted=False, reason="not_as_expected"),
        replace(PREDICTION, digit=None, accepted=False, reason="not_a_digit"),
        replace(
            PREDICTION, digit=None, accepted=False, reason="not_a_digit", hint="several_digits"
        ),
    ],
)
def test_every_answer_is_as_its_schema_says(prediction: Prediction) -> None:
    fields = prediction.to_dict()
    said = TypeAdapter(Prediction).validate_json(json.dumps(fields), strict=True)
    assert said.to_dict() == fields


SURE = {"12": 0.95, "17": 0.05}


@pytest.mark.parametrize("least", [0.9, None])
@pytest.mark.parametrize("other", [{"3,4": 0.9, "3.4": 0.1}, {"8": 0.5, "3": 0.5}, None])
def test_every_number_is_as_its_schema_says(
    other: dict[str, float] | None, least: float | None
) -> None:
    policy = NumberPolicy((1.0,), min_confidence=least)
    lines = [
        replace(
            decide_number(texts, policy, lambda text: [BOX, None][: len(to_number(text))]), box=BOX
        )
        if texts
        else no_number("not_a_digit")
        for texts in (SURE, other)
    ]
    names = {"model": ModelName("cnn", "1"), "line_reader": ModelName("line", "8")}
    fields = replace(join_lines(lines), **names).to_dict()
    said = TypeAdapter(NumberPrediction).validate_json(json.dumps(fields), strict=True)
    assert said.to_dict() == fields
    assert list(fields) == [
        *("number", "text", "accepted", "reason", "confidence", "digits", "alternatives"),
        *("lines", "page", "model", "line_reader"),
    ]
    assert fields["line_reader"] == {"name": "line", "version": "8"}
    assert fields["lines"][0]["box"] == {"left": 1, "top": 2, "width": 30, "height": 40}
    assert fields["digits"][0] == {
        "digit": "1",
        "confidence": 0.999999,
        "box": {"left": 1, "top": 2, "width": 30, "height": 40},
        "alternatives": [{"digit": "1", "probability": 0.999999}],
    }


def test_a_card_is_as_its_schema_says() -> None:
    body = ModelsBody(default="cnn", features=[], models=[CARD], line_reader=ModelName("line", "8"))
    fields = json.loads(body.model_dump_json())
    assert fields["models"][0] == json.loads(json.dumps(asdict(CARD)))
    assert fields["models"][0]["scores"] == {"mnist": 0.995}
    assert fields["line_reader"] == {"name": "line", "version": "8"}
    assert ModelsBody.model_validate_json(json.dumps(fields), strict=True) == body
    fields["models"][0]["surprise"] = 1
    with pytest.raises(ValidationError, match="surprise"):
        ModelsBody.model_validate_json(json.dumps(fields))
