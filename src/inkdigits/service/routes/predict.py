"""`POST /predict`: a picture in, the digit out."""

from functools import partial
from typing import Annotated, Any

from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter, Query, Request
from starlette.responses import JSONResponse

from inkdigits.decision.prediction import Prediction
from inkdigits.errors import ModelNotFound
from inkdigits.reader import Reader
from inkdigits.service.answers import answer_fields
from inkdigits.service.schemas import Answer, Problem
from inkdigits.service.uploads import FIELDS, read_upload

INLINE_BYTES = 32 * 1024
"""Bodies up to here are read on the event loop: the hop to a thread costs more than they do."""
INLINE_PIXELS = 1_000_000
"""A PNG of zeros holds 25 million px in 32 KiB: small in bytes is not yet quick."""

_PICTURE = {"type": "string", "format": "binary"}
_FORM = {
    "type": "object",
    "properties": dict.fromkeys(FIELDS, _PICTURE),
    "minProperties": 1,
    "maxProperties": 1,
}
_BODY: dict[str, Any] = {
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
_PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {"description": text, "content": {"application/problem+json": {"schema": schema}}}
    for schema in ({"$ref": f"#/components/schemas/{Problem.__name__}"},)
    for status, text in (
        (404, "`model-not-found`: no such model; the detail lists the known ones."),
        (413, "`image-too-large`: bytes, pixels, a side or the proportions."),
        (415, "`unsupported-image`: neither PNG nor JPEG, going by the content."),
        (422, "`broken-image`, `blank-image`, or `bad-upload`: no file, or several."),
    )
}

router = APIRouter(tags=["predict"])


@router.post("/predict", response_model=Answer, responses=_PROBLEMS, openapi_extra=_BODY)
async def predict(
    request: Request,
    model: Annotated[
        str | None,
        Query(description="A name from `GET /models`. Default: the first.", examples=["cnn"]),
    ] = None,
) -> JSONResponse:
    """Read the one handwritten digit in a picture."""
    reader = choose_reader(request.app.state.readers, model)
    data = await read_upload(request)
    prediction = await _read(reader, data, request.app.state.threads)
    return JSONResponse(answer_fields(prediction, reader.model.card))


def choose_reader(readers: dict[str, Reader], name: str | None) -> Reader:
    """Find the reader that a request asks for.

    Args:
        readers: by name, the default one first.
        name: from the query, or None for the default one.

    Returns:
        The reader.

    Raises:
        ModelNotFound: there is none of this name; lists those there are.
    """
    if name is None and readers:
        return next(iter(readers.values()))
    if name in readers:
        return readers[name]
    raise ModelNotFound(str(name), "this server has no such model", f"one of {', '.join(readers)}")


async def _read(reader: Reader, data: bytes, threads: CapacityLimiter) -> Prediction:
    if is_quick(data):
        return reader.predict_digit(data)
    return await to_thread.run_sync(partial(reader.predict_digit, data), limiter=threads)


def is_quick(data: bytes) -> bool:
    """Tell whether a picture can be read on the event loop without holding others up.

    Args:
        data: the encoded picture. A PNG has its width and height in bytes 16 to 24.

    Returns:
        False whenever it may take longer than a millisecond or so.
    """
    width, height = int.from_bytes(data[16:20]), int.from_bytes(data[20:24])
    is_png = data.startswith(b"\x89PNG")
    return len(data) <= INLINE_BYTES and (not is_png or width * height <= INLINE_PIXELS)
