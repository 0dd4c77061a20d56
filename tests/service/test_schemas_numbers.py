import pytest
from pydantic import ValidationError

from inkdigits.service.schemas_numbers import NumberAnswer


def test_the_example_is_an_answer() -> None:
    schema = NumberAnswer.model_json_schema()
    (example,) = schema["examples"]
    answer = NumberAnswer.model_validate(example, strict=True)
    assert answer.model_dump() == example
    assert answer.number == "".join(digit.digit for digit in answer.digits)


@pytest.mark.parametrize("wrong", [{"number": "1.2"}, {"reason": "tired"}, {"confidence": 2}])
def test_nothing_else_is(wrong: dict[str, object]) -> None:
    (example,) = NumberAnswer.model_json_schema()["examples"]
    broken = {**example, **wrong}
    if "number" in wrong:
        broken = {**example, "alternatives": [{"number": "1.2", "probability": 1.0}]}
    with pytest.raises(ValidationError):
        NumberAnswer.model_validate(broken)
