"""What a prediction gives to JSON, to a table and to a person."""

import json
from dataclasses import replace

import numpy as np

from inkdigits.decision.fields import fields_of
from inkdigits.decision.number import NumberLine, NumberPrediction
from inkdigits.decision.prediction import Alternative, ModelName, Prediction
from inkdigits.sample import Box

_YES, _NO = True, False
SEVEN = Prediction(
    "7", _YES, None, 0.91234567, (0.0,) * 10, 0.0, (Alternative("7", 0.9),), Box(1, 2, 3, 4)
)
LINE = NumberLine("42", "4,2", _NO, "unsure", 0.5, (), (), Box(1, 2, 3, 4))
NUMBER = NumberPrediction("42", "4,2", _NO, "unsure", 0.5, (), (), (LINE,))


def test_fields_are_ready_for_json() -> None:
    signed = replace(SEVEN, model=ModelName("cnn", "3"))
    assert signed.to_dict() == fields_of(signed) == json.loads(json.dumps(signed.to_dict()))
    assert signed.to_dict()["model"] == {"name": "cnn", "version": "3"}
    assert SEVEN.to_dict()["model"] is None
    assert NUMBER.to_dict() == fields_of(NUMBER) == json.loads(json.dumps(NUMBER.to_dict()))


def test_probabilities_keep_seven_digits_whoever_computed_them() -> None:
    said = Alternative("7", np.float64(0.123456789))
    assert repr(fields_of(said)["probability"]) == "0.1234568"


def test_who_read_it_makes_no_other_prediction_of_it() -> None:
    assert replace(SEVEN, model=ModelName("cnn", "3")) == SEVEN


def test_a_row_has_one_value_a_column() -> None:
    row = {
        "digit": "7",
        "accepted": True,
        "reason": None,
        "confidence": SEVEN.to_dict()["confidence"],
    }
    assert SEVEN.to_row() == row
    assert NUMBER.to_row() == {
        "number": "42",
        "text": "4,2",
        "accepted": False,
        "reason": "unsure",
        "confidence": 0.5,
    }


def test_people_see_a_short_line() -> None:
    assert repr(SEVEN).startswith("<Prediction '7' ")
    assert repr(SEVEN).endswith(" accepted>")
    assert repr(NUMBER).startswith("<NumberPrediction '4,2' ")
    assert repr(NUMBER).endswith(" unsure>")
    assert len(repr(SEVEN)) < 40
