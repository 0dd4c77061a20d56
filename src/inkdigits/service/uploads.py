"""A request in, the bytes of its pictures out, whatever way they were sent."""

from functools import partial
from typing import TYPE_CHECKING

from starlette.requests import ClientDisconnect, Request

from inkdigits.errors import BatchTooLarge, UploadError
from inkdigits.service.forms import MAX_PARTS, BrokenForm, Part, read_form
from inkdigits.service.query import OPTIONS
from inkdigits.service.wrapped import PICTURE_BEGINS, unwrap

if TYPE_CHECKING:
    from inkdigits.engine.engine import Engine

FIELDS = ("file", "uploaded_image")
"""Names of the form field: ours, and the classic exercise's."""
ALLOWED = (*(f"the form field {name!r}" for name in FIELDS), "the request's body")
QUICK_BYTES = 32 * 1024
"""Text up to here is parsed on the event loop: a quarter of a ms. Bytes of a picture always are."""
SEVERAL = ("files of the form field 'file'",)
_SHOWN_NAMES, _SHOWN_LETTERS = 4, 40


async def read_upload(request: Request) -> bytes:
    """Take the picture out of a request.

    A `multipart/form-data` body is taken apart; any other body is the picture itself, or text
    that holds it (`unwrap`), whatever its content type says: the content decides, never the
    client's word.

    Args:
        request: its body not read yet, bounded by `BodyLimit`.

    Returns:
        The encoded picture, perhaps empty, not looked at.

    Raises:
        UploadError: no file in the form, several, or a form or text that is damaged.
        ImageTooLarge: the body grew above its limit.
    """
    if not _is_form(request):
        body = await read_body(request)
        if len(body) <= QUICK_BYTES or body.startswith(PICTURE_BEGINS):
            return unwrap(body)
        engine: Engine = request.app.state.engine
        return await engine.unpack(partial(unwrap, body))
    try:
        parts = await read_form(_content_type(request), request.stream())
    except BrokenForm as error:
        raise UploadError(f"the form cannot be read: {error}", ALLOWED) from error
    _refuse_options(parts, ALLOWED)
    return bytes(_the_file(parts).data)


async def read_uploads(request: Request, most: int) -> list[Part]:
    """Take several pictures out of a form.

    Args:
        request: its body not read yet, bounded by `BodyLimit`.
        most: how many pictures there may be.

    Returns:
        The parts of the form that are files, in its order, at least one.

    Raises:
        UploadError: no form, no file in it, or a form that is damaged.
        BatchTooLarge: more pictures than that, or more bytes than allowed.
    """
    what = f"1 to {most} pictures"
    if not _is_form(request):
        raise UploadError("the request is no form", SEVERAL, what)
    try:
        # One more than allowed, so that it is counted and said.
        parts = await read_form(_content_type(request), request.stream(), most + 1 + MAX_PARTS)
    except BrokenForm as error:
        raise UploadError(f"the form cannot be read: {error}", SEVERAL, what) from error
    _refuse_options(parts, SEVERAL)
    files = [part for part in parts if part.name in FIELDS and part.is_file]
    if not files:
        raise UploadError("the form holds no such file", SEVERAL, what)
    if len(files) > most:
        raise BatchTooLarge("pictures", len(files), most)
    return files


async def read_body(request: Request) -> bytes:
    """Take a whole body, as `request.body()` does, which costs a small one five times as much.

    Raises:
        ClientDisconnect: the client left before its end.
    """
    pieces: list[bytes] = []
    while True:
        message = await request.receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        pieces.append(message.get("body", b""))
        if not message.get("more_body", False):
            return pieces[0] if len(pieces) == 1 else b"".join(pieces)


def _content_type(request: Request) -> str:
    return request.headers.get("content-type", "")


def _is_form(request: Request) -> bool:
    kind = _content_type(request).partition(";")[0]
    return kind.strip().lower() == "multipart/form-data"


def _refuse_options(parts: list[Part], allowed: tuple[str, ...]) -> None:
    for name in (part.name for part in parts if part.name in OPTIONS):
        found = f"the form field {name!r}, which stands in the address, as ?{name}=..."
        raise UploadError(found, allowed)


def _the_file(parts: list[Part]) -> Part:
    ours = [part for part in parts if part.name in FIELDS]
    uploads = [part for part in ours if part.is_file]
    if len(uploads) == 1:
        return uploads[0]
    if uploads:
        raise UploadError(f"the form holds {len(uploads)} files", ALLOWED)
    if ours:
        raise UploadError(f"the form field {ours[0].name!r} is text, not a file", ALLOWED)
    names = [repr(part.name[:_SHOWN_LETTERS]) for part in parts[:_SHOWN_NAMES]]
    raise UploadError(f"the form holds {', '.join(names) or 'nothing'}", ALLOWED)
