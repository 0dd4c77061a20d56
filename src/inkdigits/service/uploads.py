"""A request in, the bytes of its one picture out, whatever way it was sent."""

from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request

from inkdigits.errors import UploadError
from inkdigits.service.limits import MAX_FIELD_BYTES, MAX_FIELDS, MAX_FILES

FIELDS = ("file", "uploaded_image")
"""Names of the form field: ours, and the classic exercise's."""
ALLOWED = (*(f"the form field {name!r}" for name in FIELDS), "the request's body")


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
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "multipart/form-data":
        return await request.body()
    limits = {"max_files": MAX_FILES, "max_fields": MAX_FIELDS, "max_part_size": MAX_FIELD_BYTES}
    try:
        async with request.form(**limits) as form:
            return await _the_file(form).read()
    except HTTPException as error:
        raise UploadError(f"the form cannot be read: {error.detail}", ALLOWED) from error
    except UnicodeError as error:
        # The client chooses the charset; some of Python's codecs raise more than LookupError.
        raise UploadError("the form cannot be read: its charset fails", ALLOWED) from error


def _the_file(form: FormData) -> UploadFile:
    items = form.multi_items()
    uploads = [value for name, value in items if name in FIELDS and isinstance(value, UploadFile)]
    if len(uploads) == 1:
        return uploads[0]
    if uploads:
        raise UploadError(f"the form holds {len(uploads)} files", ALLOWED)
    texts = [name for name, value in items if name in FIELDS and isinstance(value, str)]
    if texts:
        raise UploadError(f"the form field {texts[0]!r} is text without a file name", ALLOWED)
    found = ", ".join(repr(name[:40]) for name, _ in items[:MAX_FILES]) or "no complete field"
    raise UploadError(f"the form holds {found}", ALLOWED)
