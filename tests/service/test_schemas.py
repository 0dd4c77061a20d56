import pytest
from pydantic import BaseModel, ValidationError

from inkdigits.service.schemas import Answer
from inkdigits.service.schemas_numbers import NumberAnswer


@pytest.mark.parametrize("model", [Answer, NumberAnswer])
def test_the_examples_are_true(model: type[BaseModel]) -> None:
    examples = model.model_json_schema()["examples"]
    assert examples
    for example in examples:
        assert model.model_validate(example).model_dump(mode="json") == example


def test_a_field_that_nobody_described_is_refused() -> None:
    example = Answer.model_json_schema()["examples"][0]
    with pytest.raises(ValidationError, match="surprise"):
        Answer.model_validate({**example, "surprise": 1})
