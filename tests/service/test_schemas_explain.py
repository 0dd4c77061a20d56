import json

import pytest
from pydantic import ValidationError

from inkdigits.explanation import explain
from inkdigits.model.loading import load_model
from inkdigits.reader import Reader
from inkdigits.service.explain_answer import explanation_fields
from inkdigits.service.schemas_explain import ExplanationBody
from tests.tiny import png


def test_it_describes_what_is_answered_and_nothing_else(tiny_model) -> None:
    reader = Reader(load_model(tiny_model))
    fields = explanation_fields(explain(png("8"), reader))
    ExplanationBody.model_validate_json(json.dumps(fields), strict=True)
    short = {**fields, "occlusion": fields["occlusion"][:27]}
    for wrong in (short, {**fields, "more": 1}):
        with pytest.raises(ValidationError):
            ExplanationBody.model_validate(wrong)
