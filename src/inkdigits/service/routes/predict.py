"""`POST /predict`: a picture in, the digit out."""

from typing import TYPE_CHECKING, Any

from fastapi import FastAPI, Request

from inkdigits.decision.expected import expect
from inkdigits.decision.prediction import Prediction
from inkdigits.engine.cost import is_quick
from inkdigits.service.lean import JsonAnswer, add_lean
from inkdigits.service.leaving import unless_left
from inkdigits.service.query import Allowed, ModelName, PageNumber, Part, name_page
from inkdigits.service.schemas import PROBLEMS
from inkdigits.service.schemas_inference import SEVEN
from inkdigits.service.uploads import FIELDS, read_upload
from inkdigits.service.wrapped import MEMBER

if TYPE_CHECKING:
    from inkdigits.engine.engine import Engine

_PICTURE = {"type": "string", "format": "binary"}
_FORM = {
    "type": "object",
    "properties": dict.fromkeys(FIELDS, _PICTURE),
    "minProperties": 1,
    "maxProperties": 1,
}
_TEXT = {
    "type": "string",
    "description": "A data URL, as `canvas.toDataURL()` gives it, or Base64 alone, of either "
    "alphabet. The text counts for the size, not what it holds.",
}
_JSON = {
    "type": "object",
    "properties": {MEMBER: _TEXT},
    "required": [MEMBER],
    "additionalProperties": False,
    "example": {MEMBER: f"data:image/png;base64,{SEVEN}"},
}
BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "One PNG or JPEG, as a form's file, as the body itself, or as text.",
        "content": {
            "multipart/form-data": {"schema": _FORM},
            **{f"image/{name}": {"schema": _PICTURE} for name in ("png", "jpeg")},
            "application/octet-stream": {"schema": _PICTURE},
            "application/json": {"schema": _JSON},
            "text/plain": {"schema": {**_TEXT, "example": f"data:image/png;base64,{SEVEN}"}},
        },
    }
}
"""The ways in which one picture may come, for OpenAPI."""


async def predict(
    request: Request,
    *,
    allowed: Allowed = None,
    box: Part = None,
    page: PageNumber = None,
    model: ModelName = None,
) -> JsonAnswer:
    """Read the one handwritten digit in a picture."""
    engine: Engine = request.app.state.engine
    engine.choose(model)
    expected = expect(allowed=allowed, box=box)
    data = name_page(await read_upload(request), page)
    reading = engine.predict_digit(data, model, expected)
    prediction = await (reading if is_quick(data) else unless_left(request, reading))
    return JsonAnswer(prediction.to_dict())


def install(app: FastAPI) -> None:
    """Let an application answer it. Should come first, for it is asked for most."""
    add_lean(
        app,
        "/predict",
        predict,
        tags=["predict"],
        response_model=Prediction,
        responses=PROBLEMS,
        openapi_extra=BODY,
    )
