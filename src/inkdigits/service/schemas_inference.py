"""The Open Inference Protocol, described: its requests and answers, and what may be refused.

FastAPI makes the rest from signatures. These addresses parse their own bodies, and each stands
for two: with the model's version and without.
"""

from typing import Annotated, Any

from fastapi import Depends, Path
from pydantic import BaseModel, ConfigDict, Field, JsonValue
from pydantic.config import JsonDict

from inkdigits.sample import SAMPLE_SHAPES
from inkdigits.service.infer_models import INPUTS, LENGTH_HEADER, OUTPUTS
from inkdigits.service.problems import describe_problems
from inkdigits.service.schemas import PROBLEMS, Wire

# A whole PNG, so that the example can be tried out: it shows a 7.
SEVEN = (
    "iVBORw0KGgoAAAANSUhEUgAAABwAAAAcAQAAAABaduI5AAAAQklEQVR42mP8z8DwkYmBgYEBnfjPyMHAxMDwB8JlYfx/"
    "Ai4LZTH8/y//ASr2XwEm+88BJvvjP0z2J9zkT1AWIxZ7AYZxE+Qp4phNAAAAAElFTkSuQmCC"
)
_REQUEST: JsonDict = {
    "id": "42",
    "inputs": [{"name": "image", "shape": [1], "datatype": "BYTES", "data": [SEVEN]}],
}
_ANSWER: JsonDict = {
    "model_name": "digits",
    "model_version": "1",
    "id": "42",
    "outputs": [{"name": "digit", "datatype": "BYTES", "shape": [1], "data": ["7"]}],
}

Parameters = dict[str, JsonValue]


class _Read(BaseModel):
    """Fields that we do not know are the client's own business."""

    model_config = ConfigDict(frozen=True, strict=True)


class RequestInput(_Read):
    """One tensor that a client sends."""

    # Described here, checked in `infer_request.py`, which says more of what is wrong.
    name: str = Field(description="Any: the datatype tells pictures from samples.")
    shape: list[Annotated[int, Field(ge=0, lt=2**31)]] = Field(
        min_length=1, max_length=4, description=f"Of pictures (N,); of samples {SAMPLE_SHAPES}."
    )
    datatype: str = Field(
        json_schema_extra={"enum": [kind for kinds in INPUTS.values() for kind in kinds]}
    )
    parameters: Parameters = Field(default_factory=dict)
    data: Any = Field(None, description="Flat or nested; of BYTES, Base64. Or binary, behind.")


class RequestOutput(_Read):
    """One tensor that a client wants."""

    name: str = Field(json_schema_extra={"enum": [*OUTPUTS]})
    parameters: Parameters = Field(default_factory=dict)


class RequestBody(_Read):
    """What a client asks."""

    model_config = ConfigDict(json_schema_extra={"examples": [_REQUEST]})

    id: str | None = Field(None, max_length=1024)
    parameters: Parameters = Field(default_factory=dict)
    inputs: list[RequestInput] = Field(min_length=1, max_length=16)
    outputs: list[RequestOutput] = Field(default_factory=list, max_length=16)


class AnswerOutput(Wire):
    """One tensor of an answer."""

    name: str
    datatype: str
    shape: list[int]
    parameters: dict[str, int] | None = None
    data: list[str] | list[float] | list[bool] | None = None


class AnswerBody(Wire):
    """What a model answers."""

    model_config = ConfigDict(json_schema_extra={"examples": [_ANSWER]})

    model_name: str
    model_version: str
    id: str | None = None
    outputs: list[AnswerOutput]


class ServerHealth(Wire):
    """How the server is. Answered by both addresses, whatever a client looks for."""

    live: bool
    ready: bool


class ModelHealth(Wire):
    """Whether a model answers."""

    name: str
    ready: bool


class ServerBody(Wire):
    """Which server this is."""

    name: str
    version: str
    extensions: list[str]


_BINARY = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}

Name = Annotated[
    str,
    Path(
        description="`digits` (the default), `numbers` (all digits), or a name of `GET /models`.",
        examples=["digits"],
    ),
]
Version = Annotated[str, Path(description="The version in the model's metadata.")]


async def take_version(version: Version) -> str:
    """Describe the model's version in the address."""
    return version


VERSIONED = [Depends(take_version)]
UNKNOWN = describe_problems({404: "`model-not-found`: no such model, or not in this version."})
UNREADY = describe_problems({503: "Starting, draining, or a model fails on a known picture."})
FIXED = describe_problems({403: "Always: models are chosen when the server starts."})
INFER: dict[int | str, dict[str, Any]] = {
    200: {"model": AnswerBody, "description": "What was read.", "content": _BINARY},
    **PROBLEMS,
    **UNKNOWN,
    **describe_problems(
        {
            400: "`bad-inference`: the request does not hold together.",
            413: "`image-too-large`, `batch-too-large`: bytes (unpacked, too), pixels, a side.",
            422: "`broken-image`, `blank-image`, `bad-sample`; `index` says which picture. "
            "`bad-parameter`: the query holds anything.",
        }
    ),
}
INFER_BODY: dict[str, Any] = {
    "parameters": [
        {
            "name": LENGTH_HEADER,
            "in": "header",
            "required": False,
            "description": "Bytes of the JSON, where binary tensors follow it. 0: one picture.",
            "schema": {"type": "integer", "minimum": 0},
        }
    ],
    "requestBody": {
        "required": True,
        "description": "Plain, or compressed as gzip or deflate.",
        "content": {
            "application/json": {"schema": {"$ref": "#/components/schemas/RequestBody"}},
            **_BINARY,
        },
    },
}
