from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from inkdigits.service.schemas import EXAMPLES

DIGIT, NUMBER = EXAMPLES


@pytest.mark.parametrize("example", EXAMPLES)
def test_the_examples_are_true(example: Any) -> None:
    kind = TypeAdapter(type(example))
    again = kind.validate_json(kind.dump_json(example), strict=True)
    assert again.to_dict() == example.to_dict()


def test_the_digits_of_the_example_are_its_number() -> None:
    assert NUMBER.to_dict()["number"] == "".join(one["digit"] for one in NUMBER.to_dict()["digits"])


WRONG_NUMBER = {"alternatives": [{"number": "1.2", "probability": 1.0}]}


@pytest.mark.parametrize(
    ("example", "wrong"),
    [
        (DIGIT, {"surprise": 1}),
        (DIGIT, {"not_a_digit": 1.1}),
        (DIGIT, {"probabilities": [0.1] * 9}),
        (DIGIT, {"alternatives": [{"digit": "77", "probability": 1.0}]}),
        (DIGIT, {"box": {"left": 1, "top": 1, "width": 1, "height": 1, "depth": 1}}),
        (NUMBER, WRONG_NUMBER),
        (NUMBER, {"reason": "tired"}),
        (NUMBER, {"confidence": 2}),
    ],
)
def test_what_nobody_described_is_refused(example: Any, wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError, match=next(iter(wrong))):
        TypeAdapter(type(example)).validate_python({**example.to_dict(), **wrong})
