import pytest
from pydantic import BaseModel, ValidationError

from inkdigits.errors import BlankImage
from inkdigits.service.problems import problem_fields
from inkdigits.service.schemas import Answer
from inkdigits.service.schemas_batch import BatchBody, NumberBatchBody
from inkdigits.service.schemas_numbers import NumberAnswer

KINDS = [(BatchBody, Answer), (NumberBatchBody, NumberAnswer)]


@pytest.mark.parametrize(("batch", "single"), KINDS)
def test_answers_and_problems_carry_their_files_names(
    batch: type[BaseModel], single: type[BaseModel]
) -> None:
    answer = single.model_json_schema()["examples"][0]
    problem = problem_fields(BlankImage())
    body = {"results": [{"file": "a.png", **answer}, {"file": None, **problem}]}
    told = batch.model_validate(body, strict=False).model_dump(mode="json", exclude_unset=True)
    assert told == body


def test_an_answer_of_the_other_kind_is_none() -> None:
    answer = Answer.model_json_schema()["examples"][0]
    with pytest.raises(ValidationError):
        NumberBatchBody.model_validate({"results": [answer]})
