"""The wire, described: pydantic models of what no dataclass describes, for OpenAPI and clients.

Predictions and cards are described by their own dataclasses: `Prediction`, `NumberPrediction`,
`Card`.
"""

from dataclasses import replace
from typing import Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from inkdigits.decision.number import NumberPolicy, decide_number, join_lines
from inkdigits.decision.prediction import ModelName
from inkdigits.decision.reject import Policy, decide
from inkdigits.model.card import Card
from inkdigits.sample import Box
from inkdigits.service.problems import describe_problems


class Wire(BaseModel):
    """What goes over the wire: nothing but the fields it has."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ModelsBody(Wire):
    """The models that this server answers with."""

    model_config = ConfigDict(json_schema_serialization_defaults_required=True)

    default: str
    features: list[str] = Field(
        description="What else can be asked for: `explain` at `/explain`, and so on.",
        examples=[["explain"]],
    )
    models: list[Card]
    line_reader: ModelName = Field(description="What reads whole lines, for numbers.")


class HealthBody(Wire):
    """How the server is."""

    status: Literal["live", "ready"]


class Problem(BaseModel):
    """What went wrong (RFC 9457). `code` is stable; `detail` is for people."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    found: str = Field("", description="What was found, if it can be named; numbers as text.")
    allowed: list[str] = Field([], description="What is allowed instead; numbers as text.")


PROBLEMS = describe_problems(
    {
        404: "`model-not-found`: no such model; the detail lists the known ones.",
        413: "`image-too-large`, `batch-too-large`: bytes, pixels, a side, the proportions.",
        415: "`unsupported-image`: neither PNG nor JPEG, going by the content.",
        422: "`broken-image`, `blank-image`, `too-complex`; `bad-upload`: no file, or several, or "
        "damaged text; `bad-parameter`: unknown, or given twice; `mismatch`, `bad-request`: a "
        "wrong value.",
        503: "`overloaded`, `draining`: come again after the seconds of `Retry-After`.",
        504: "`deadline-exceeded`: it took too long.",
    }
)
"""What a request with pictures may be answered instead of an answer, for OpenAPI."""
REFUSED = describe_problems({422: "`bad-parameter`: the query holds what is not known here."})
"""The same for a request that asks for nothing but what there is."""


_LOGITS = np.array([-1.7, 5.4, -0.4, -1.0, -0.3, -1.0, -1.2, 12.8, -1.7, 5.2, 3.5])
_TEXTS, _PLACES = {"4,7": 0.9952, "4,1": 0.0012}, (Box(12, 9, 30, 48), Box(58, 10, 26, 46))
_LINE = replace(
    decide_number(_TEXTS, NumberPolicy((0.5, 0.5)), lambda _text: _PLACES), box=Box(12, 9, 72, 52)
)
_MODEL, _LINE_READER = ModelName("cnn", "1"), ModelName("line", "8")
EXAMPLES = (
    decide(_LOGITS, Policy(), Box(12, 9, 80, 130), model=_MODEL),
    replace(join_lines([_LINE]), model=_MODEL, line_reader=_LINE_READER),
)
"""One answer of each kind, for OpenAPI, made of what the networks could say."""
