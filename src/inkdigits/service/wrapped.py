"""A body in, the picture that it wraps out: JSON, a data URL or Base64, as sketchpads send them.

No picture file begins like any of these, so the content decides, as everywhere.
"""

import binascii
import re

import orjson

from inkdigits.errors import UploadError

MEMBER = "image"
"""The one member of a JSON object that holds a picture."""
PICTURE_BEGINS = (b"\x89", b"\xff")
"""Of PNG and JPEG: most bodies are looked at no further."""
_NEEDED = (f'JSON, {{"{MEMBER}": "data:image/png;base64,..."}}', "a data URL", "Base64")
_BASE64 = re.compile(rb"\s*[A-Za-z0-9+/_-]{64}")  # more of it than any picture file begins with
_MAX_VALUES = 64  # of JSON: each takes a hundred bytes of memory, and one is asked for
_STEP = 64 * 1024  # letters that are decoded while other threads wait: a quarter of a ms


def unwrap(body: bytes) -> bytes:
    """Take a picture out of the text that it was sent as.

    Base64 may be of the usual or of the URL-safe alphabet, with line breaks, and without padding.

    Args:
        body: of a request, bounded already.

    Returns:
        The picture's own bytes, not looked at; the body itself where it wraps none.

    Raises:
        UploadError: JSON without a picture, with anything else, or damaged; damaged Base64.
    """
    if body.startswith(PICTURE_BEGINS):
        return body
    head = body[:128].lstrip()
    if head.startswith((b"{", b'"')):
        return _decode(_from_json(body).encode())
    return _decode(body) if _is_data_url(head) or _BASE64.match(body) else body


def _from_json(body: bytes) -> str:
    if sum(map(body.count, (b",", b"[", b"{"))) > _MAX_VALUES:
        raise UploadError("the JSON holds many values, as samples that go to /v2 do", _NEEDED)
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise UploadError(f"the JSON cannot be read: {error}", _NEEDED) from None
    if isinstance(value, dict):
        if others := [name[:40] for name in value if name != MEMBER]:
            found = f"the JSON has the member {others[0]!r} (what is asked stands in the address)"
            raise UploadError(found, _NEEDED)
        value = value.get(MEMBER)
    if not isinstance(value, str):
        raise UploadError(f"the JSON has no text in {MEMBER!r}", _NEEDED)
    return value


def _is_data_url(text: bytes) -> bool:
    return text[:5].lower() == b"data:"


def _decode(text: bytes) -> bytes:
    text = text.strip()
    if _is_data_url(text):
        kind, comma, text = text.partition(b",")
        if not comma or not kind.lower().endswith(b";base64"):
            raise UploadError("a data URL that is not Base64", _NEEDED)
    letters = text.translate(bytes.maketrans(b"-_", b"+/"), b"\r\n").rstrip(b"=")
    padded = letters + b"=" * (-len(letters) % 4)
    steps = [padded[at : at + _STEP] for at in range(0, len(padded), _STEP)]
    try:
        return b"".join(binascii.a2b_base64(step, strict_mode=True) for step in steps)
    except binascii.Error as error:
        raise UploadError(f"the Base64 is damaged: {error}", _NEEDED) from None
