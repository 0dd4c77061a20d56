import json
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from inkdigits.errors import BlankImage
from inkdigits.service.problems import problem_fields
from inkdigits.service.schemas import EXAMPLES
from inkdigits.service.schemas_batch import BatchBody, NumberBatchBody

KINDS = [*zip((BatchBody, NumberBatchBody), EXAMPLES, strict=True)]


@pytest.mark.parametrize(("batch", "example"), KINDS)
def test_answers_and_problems_carry_their_files_names(batch: type[BaseModel], example: Any) -> None:
    problem = problem_fields(BlankImage())
    answer = example.to_dict()
    body = {"results": [{"file": "a.png", **answer}, {"file": None, **problem}]}
    told = batch.model_validate_json(json.dumps(body)).model_dump(mode="json", exclude_unset=True)
    assert told == body


def test_an_answer_of_the_other_kind_is_none() -> None:
    with pytest.raises(ValidationError):
        NumberBatchBody.model_validate({"results": [EXAMPLES[0].to_dict()]})
