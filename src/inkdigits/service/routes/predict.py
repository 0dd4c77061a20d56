"""`POST /predict`: a picture in, the digit out."""

from typing import TYPE_CHECKING, Annotated, Any

from fastapi import FastAPI, Query, Request

from inkdigits.service.answers import answer_fields
from inkdigits.service.lean import JsonAnswer, add_lean
from inkdigits.service.schemas import PROBLEMS, Answer
from inkdigits.service.uploads import FIELDS, read_upload

if TYPE_CHECKING:
    from inkdigits.engine.engine import Engine

_PICTURE = {"type": "string", "format": "binary"}
_FORM = {
    "type": "object",
    "properties": dict.fromkeys(FIELDS, _PICTURE),
    "minProperties": 1,
    "maxProperties": 1,
}
BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "One PNG or JPEG, as a form's file or as the body itself.",
        "content": {
            "multipart/form-data": {"schema": _FORM},
            **{f"image/{name}": {"schema": _PICTURE} for name in ("png", "jpeg")},
            "application/octet-stream": {"schema": _PICTURE},
        },
    }
}
"""The ways in which one picture may come, for OpenAPI."""
ModelName = Annotated[
    str | None,
    Query(description="A name from `GET /models`. Default: the first.", examples=["cnn"]),
]
"""Which model is asked, of all that read digits."""


async def predict(
    request: Request,
    *,
    model: ModelName = None,
) -> JsonAnswer:
    """Read the one handwritten digit in a picture."""
    engine: Engine = request.app.state.engine
    reader = engine.choose(model)
    prediction = await engine.predict_digit(await read_upload(request), model)
    return JsonAnswer(answer_fields(prediction, reader.model.card))


def install(app: FastAPI) -> None:
    """Let an application answer it. Should come first, for it is asked for most."""
    described: dict[str, Any] = {"response_model": Answer, "responses": PROBLEMS}
    add_lean(app, "/predict", predict, tags=["predict"], openapi_extra=BODY, **described)
