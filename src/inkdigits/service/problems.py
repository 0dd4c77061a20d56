"""Errors in, `application/problem+json` (RFC 9457) out: the one table of HTTP statuses."""

import json
import logging
import math
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, cast

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from inkdigits import errors
from inkdigits.errors import InkdigitsError

MEDIA_TYPE = "application/problem+json"
TYPE_PREFIX = "urn:inkdigits:problem:"
CODE_KEY = "inkdigits.code"
"""Of an ASGI scope: the code of the problem that was answered."""

PROBLEMS: dict[type[InkdigitsError], tuple[int, str]] = {
    errors.InkdigitsError: (500, "The server failed"),
    errors.ImageError: (422, "The picture cannot be read"),
    errors.BrokenImage: (422, "Not a readable picture"),
    errors.UnsupportedImage: (415, "Unsupported picture format"),
    errors.ImageTooLarge: (413, "Picture too large"),
    errors.BlankImage: (422, "Nothing is drawn"),
    errors.TooComplex: (422, "Too much in the picture"),
    errors.Mismatch: (422, "Not what is needed"),
    errors.SampleError: (422, "Not a sample"),
    errors.FileError: (500, "A file cannot be used"),
    errors.MissingFile: (500, "A file is missing"),
    errors.UnreadableFile: (500, "A file cannot be read"),
    errors.ModelError: (500, "A model failed"),
    errors.ModelNotFound: (404, "No such model"),
    errors.BrokenModel: (500, "A model is broken"),
    errors.UnsupportedModel: (500, "A model cannot be used"),
    errors.MissingExtra: (500, "A library is missing"),
    errors.DataError: (500, "Data are missing"),
    errors.TrainingError: (500, "Training failed"),
    errors.UploadError: (422, "Not an upload of one picture"),
    errors.ParameterError: (422, "Not a known parameter"),
    errors.InferenceError: (400, "Not a valid inference request"),
    errors.Unauthorized: (401, "A key is needed"),
    errors.TooManyRequests: (429, "Too many requests"),
    errors.BatchTooLarge: (413, "Batch too large"),
    errors.NotNow: (503, "Not now"),
    errors.Overloaded: (503, "Too busy"),
    errors.DeadlineExceeded: (504, "Out of time"),
    errors.Draining: (503, "About to stop"),
    errors.SlowUpload: (408, "Too slow"),
    errors.UnknownHost: (421, "Not this server"),
    errors.ServerError: (500, "The server cannot go on"),
    errors.SettingError: (500, "A setting is wrong"),
}

_EXAMPLES: tuple[InkdigitsError, ...] = (
    errors.BrokenImage("PNG: it is cut short"),
    errors.BlankImage(),
    errors.UnsupportedImage("a GIF picture", ("PNG", "JPEG")),
    errors.ImageTooLarge("longest side", 16_000, 12_000),
    errors.BatchTooLarge("pictures", 65, 64),
    errors.UploadError("the form holds nothing", ("the form field 'file'", "the request's body")),
    errors.ParameterError("modell", ("model", "allowed", "box")),
    errors.Mismatch("a box 90x90 at 20,0", "one inside the picture, which is 100x80 px"),
    errors.SampleError("values from 0 to 255", "finite values, 0 paper to 1 ink"),
    errors.InferenceError("sample of datatype 'FP16'", "FP32 or UINT8"),
    errors.ModelNotFound("rnn", "this server has no such model", "one of cnn, mlp"),
    errors.Unauthorized("the request shows no key", "the header `X-API-Key: KEY`"),
    errors.TooManyRequests(0.5),
    errors.UnknownHost("a request for another host", "a name that this server goes by"),
    errors.SlowUpload(4096, 10.0),
    errors.Overloaded(1.0),
    errors.Draining(1.0),
    errors.DeadlineExceeded(),
)
_log = logging.getLogger("inkdigits.service")
_UNEXPECTED = "something unexpected happened here; the server's log knows more"


class ProblemResponse(Response):
    """A problem document that leaves its code in the scope, for metrics and the log.

    Below `/v2` it has the member `error`, too, which the Open Inference Protocol asks for.
    """

    media_type = MEDIA_TYPE
    code = ""
    detail = ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with the document."""
        scope[CODE_KEY] = self.code
        if "v2" in scope.get("path", "").split("/"):
            error = f', "error": {json.dumps(self.detail)}}}'
            self.body = bytes(self.body)[:-1] + error.encode()
            self.headers["Content-Length"] = str(len(self.body))
        await super().__call__(scope, receive, send)


def problem(status: int, title: str, **members: Any) -> ProblemResponse:
    """Write one problem document.

    Args:
        status: HTTP status.
        title: the same sentence for every problem of this `code`.
        members: `code` and `detail`, and what else is worth knowing.

    Returns:
        The response. Its text is ASCII: what a client sent may hold lone surrogates.
    """
    return _respond(_document(status, title, members))


def code_of(status: HTTPStatus) -> str:
    """Name the problem that a status alone makes, as `bad-request`."""
    return status.phrase.lower().replace(" ", "-")


def problem_of(error: InkdigitsError, index: int | None = None) -> Response:
    """Write what went wrong, by the row that its class has in the table.

    Args:
        error: any of the tree.
        index: which of several pictures it is about, from 0; None where there is one.

    Returns:
        The problem, with the headers that say what to do about it.
    """
    fields = problem_fields(error)
    if index is not None:
        if fields["status"] != HTTPStatus.INTERNAL_SERVER_ERROR:
            fields["detail"] = f"picture {index}: {fields['detail']}"
        fields["index"] = index
    response = _respond(fields)
    response.headers.update(_headers_of(error))
    return response


def problem_fields(error: InkdigitsError) -> dict[str, Any]:
    """Lay out what went wrong, by the row that its class has in the table.

    Returns:
        A problem with `found` and `allowed` when the error has them. Of failures on
        this side (500) nothing but the code is told: paths are nobody's business.
    """
    status, title = PROBLEMS[type(error)]
    if status == HTTPStatus.INTERNAL_SERVER_ERROR:
        return _document(status, title, {"code": error.code, "detail": _UNEXPECTED})
    told: dict[str, Any] = {"code": error.code, "detail": str(error)}
    if (found := getattr(error, "found", None)) is not None:
        told["found"] = _text(found)
    if (allowed := getattr(error, "allowed", getattr(error, "needed", None))) is not None:
        told["allowed"] = [*map(_text, allowed if isinstance(allowed, tuple) else (allowed,))]
    return _document(status, title, told)


def _text(value: str | float) -> str:
    return f"{value:.10g}" if isinstance(value, float) else str(value)


def describe_problems(texts: Mapping[int, str]) -> dict[int | str, dict[str, Any]]:
    """Describe what may be answered instead of an answer, for OpenAPI.

    Args:
        texts: by status. Each problem whose code stands in a text, as `` `blank-image` ``, is
            shown as an example, as it is answered.
    """
    described: dict[int | str, dict[str, Any]] = {}
    for status, text in texts.items():
        named = [error for error in _EXAMPLES if f"`{error.code}`" in text]
        shown = {error.code: {"value": problem_fields(error)} for error in named}
        media = {"schema": {"$ref": "#/components/schemas/Problem"}, "examples": shown}
        described[status] = {"description": text, "content": {MEDIA_TYPE: media}}
    return described


def _document(status: int, title: str, members: dict[str, Any]) -> dict[str, Any]:
    return {"type": TYPE_PREFIX + members["code"], "title": title, "status": status, **members}


def _respond(document: dict[str, Any]) -> ProblemResponse:
    response = ProblemResponse(json.dumps(document), document["status"])
    response.code, response.detail = document["code"], document["detail"]
    return response


def unexpected() -> Response:
    """Write the problem of what nobody has foreseen. Says nothing of it: the log does."""
    return problem_of(InkdigitsError())


def _headers_of(error: InkdigitsError) -> dict[str, str]:
    if isinstance(error, errors.Unauthorized):
        return {"WWW-Authenticate": 'Bearer realm="inkdigits"'}
    if isinstance(error, errors.SlowUpload):
        return {"Connection": "close"}
    if (wait_s := getattr(error, "retry_after_s", None)) is not None:
        close = {"Connection": "close"} if isinstance(error, errors.Draining) else {}
        return {"Retry-After": str(max(1, math.ceil(wait_s))), **close}
    return {}


def install_problems(app: FastAPI) -> None:
    """Make every failure of `app` a problem document, expected or not."""
    app.add_exception_handler(InkdigitsError, _on_inkdigits_error)
    app.add_exception_handler(HTTPException, _on_http_exception)
    app.add_exception_handler(RequestValidationError, _on_validation_error)
    app.add_exception_handler(ClientDisconnect, _on_disconnect)
    app.add_exception_handler(Exception, _on_unexpected)


async def _on_inkdigits_error(_request: Request, error: Exception) -> Response:
    if PROBLEMS[type(cast("InkdigitsError", error))][0] == HTTPStatus.INTERNAL_SERVER_ERROR:
        _log.error("a request failed", exc_info=error)
    return problem_of(cast("InkdigitsError", error))


async def _on_http_exception(request: Request, raised: Exception) -> Response:
    error = cast("HTTPException", raised)
    status, detail = HTTPStatus(error.status_code), str(error.detail)
    if detail == status.phrase:
        detail = f"{request.method} {request.url.path}: {status.phrase.lower()}"
    response = problem(status, status.phrase, code=code_of(status), detail=detail)
    response.headers.update(error.headers or {})
    if response.headers.get("allow") == "GET":
        response.headers["allow"] = "GET, HEAD"  # which `AnyHead` makes of it
    return response


async def _on_validation_error(_request: Request, error: Exception) -> Response:
    faults = [
        f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}"
        for fault in cast("RequestValidationError", error).errors()
    ]
    return problem(422, "Not a valid request", code="bad-request", detail="; ".join(faults))


async def _on_disconnect(_request: Request, _error: Exception) -> Response:
    # Nobody is left to read this; it keeps a client that hangs up out of the error log.
    return problem(400, "Request cut short", code="cut-short", detail="the client went away")


async def _on_unexpected(_request: Request, _error: Exception) -> Response:
    return unexpected()
