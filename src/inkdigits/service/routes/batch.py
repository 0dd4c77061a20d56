"""`POST /predict/batch`: several pictures in, a digit or a problem for each out."""

from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse

from inkdigits.errors import InkdigitsError
from inkdigits.service.answers import answer_fields
from inkdigits.service.limits import BATCH_PATH
from inkdigits.service.problems import problem_fields
from inkdigits.service.routes.predict import ModelName
from inkdigits.service.schemas import PROBLEMS, BatchBody
from inkdigits.service.uploads import read_uploads

if TYPE_CHECKING:
    from inkdigits.engine.engine import Engine

_FILES = {"type": "array", "items": {"type": "string", "format": "binary"}, "minItems": 1}
_FORM = {"type": "object", "properties": {"file": _FILES}, "required": ["file"]}
_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "Up to 64 PNG or JPEG files, all of them in the form field `file`.",
        "content": {"multipart/form-data": {"schema": _FORM}},
    }
}
_PROBLEMS = {status: about for status, about in PROBLEMS.items() if status != 415}

router = APIRouter(tags=["predict"])


@router.post(BATCH_PATH, response_model=BatchBody, responses=_PROBLEMS, openapi_extra=_BODY)
async def predict_batch(
    request: Request,
    model: ModelName = None,
) -> JSONResponse:
    """Read the one handwritten digit in each of several pictures.

    The answer is 200 even when no picture could be read: each has its own result.
    """
    engine: Engine = request.app.state.engine
    card = engine.choose(model).model.card
    pictures = await read_uploads(request, engine.limits.batch)
    results = [
        problem_fields(result)
        if isinstance(result, InkdigitsError)
        else answer_fields(result, card)
        for result in await engine.predict_batch(pictures, model)
    ]
    return JSONResponse({"results": results})
