"""`POST /predict/batch`, `/numbers/batch`: several pictures in, an answer or problem each out."""

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse

from inkdigits.decision.expected import expect
from inkdigits.errors import InkdigitsError
from inkdigits.service.infer_answer import Read
from inkdigits.service.leaving import unless_left
from inkdigits.service.limits import BATCH_PATHS
from inkdigits.service.problems import problem_fields
from inkdigits.service.query import Allowed, KnownModel, Part
from inkdigits.service.routes.numbers import Expectation
from inkdigits.service.schemas import PROBLEMS
from inkdigits.service.schemas_batch import BatchBody, NumberBatchBody
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
_PREDICT, _NUMBERS = BATCH_PATHS

router = APIRouter(tags=["predict"])


@router.post(_PREDICT, response_model=BatchBody, responses=_PROBLEMS, openapi_extra=_BODY)
async def predict_batch(
    request: Request, model: KnownModel, allowed: Allowed = None, box: Part = None
) -> JSONResponse:
    """Read the one handwritten digit in each of several pictures.

    The answer is 200 even when no picture could be read: each has its own result.
    """
    engine: Engine = request.app.state.engine
    read = partial(engine.predict_batch, model=model, expected=expect(allowed=allowed, box=box))
    return await _answer(request, read)


@router.post(_NUMBERS, response_model=NumberBatchBody, responses=_PROBLEMS, openapi_extra=_BODY)
async def read_numbers_batch(
    request: Request, model: KnownModel, expected: Expectation
) -> JSONResponse:
    """Read the handwritten number in each of several pictures.

    What is expected, is of each line of each picture. The answer is 200 even when no picture could
    be read: each has its own result.
    """
    engine: Engine = request.app.state.engine
    read = partial(engine.predict_numbers, expected=expected, model=model)
    return await _answer(request, read)


async def _answer(
    request: Request,
    read: Callable[[Sequence[bytes]], Awaitable[Sequence[Read | InkdigitsError]]],
) -> JSONResponse:
    """Lay out what was made of each picture, beside the name of its file."""
    engine: Engine = request.app.state.engine
    parts = await read_uploads(request, engine.limits.batch)
    names = [part.file or None for part in parts]
    results = [
        problem_fields(one) if isinstance(one, InkdigitsError) else one.to_dict()
        for one in await unless_left(request, read([bytes(part.data) for part in parts]))
    ]
    named = [{"file": name, **one} for name, one in zip(names, results, strict=True)]
    return JSONResponse({"results": named})
