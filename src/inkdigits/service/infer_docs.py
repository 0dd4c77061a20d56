"""Nothing in, the parts of OpenAPI out that the addresses of the protocol share.

FastAPI makes the rest from signatures. These addresses parse their own bodies, and each stands
for two: with the model's version and without.
"""

from typing import Annotated, Any

from fastapi import Depends, Path

from inkdigits.service.infer_request import LENGTH_HEADER
from inkdigits.service.problems import describe_problems
from inkdigits.service.schemas_inference import AnswerBody

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
    **UNKNOWN,
    **describe_problems(
        {
            400: "`bad-inference`: the request does not hold together.",
            413: "`image-too-large`, `batch-too-large`: bytes (unpacked, too), pixels, a side.",
            415: "`unsupported-image`: neither PNG nor JPEG, going by the content.",
            422: "`broken-image`, `blank-image`, `bad-sample`; `index` says which picture. "
            "`bad-parameter`: the query holds anything.",
            503: "`overloaded`, `draining`: come again after the seconds of `Retry-After`.",
            504: "`deadline-exceeded`: it took too long.",
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
