"""A request in, the bytes of its one picture out, whatever way it was sent."""

from starlette.requests import Request

from inkdigits.errors import UploadError
from inkdigits.service.forms import BrokenForm, Part, read_form

FIELDS = ("file", "uploaded_image")
"""Names of the form field: ours, and the classic exercise's."""
ALLOWED = (*(f"the form field {name!r}" for name in FIELDS), "the request's body")
_SHOWN_NAMES, _SHOWN_LETTERS = 4, 40


async def read_upload(request: Request) -> bytes:
    """Take the picture out of a request.

    A `multipart/form-data` body is taken apart; any other body is the picture itself,
    whatever its content type says: the content decides the format, never the client's word.

    Args:
        request: its body not read yet, bounded by `BodyLimit`.

    Returns:
        The encoded picture, perhaps empty, not looked at.

    Raises:
        UploadError: no file in the form, several, or a form that is damaged.
        ImageTooLarge: the body grew above its limit.
    """
    content_type = request.headers.get("content-type", "")
    if content_type.partition(";")[0].strip().lower() != "multipart/form-data":
        return await request.body()
    try:
        parts = await read_form(content_type, request.stream())
    except BrokenForm as error:
        raise UploadError(f"the form cannot be read: {error}", ALLOWED) from error
    return bytes(_the_file(parts).data)


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
