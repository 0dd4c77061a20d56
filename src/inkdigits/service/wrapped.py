"""A body in, the picture that it wraps out: JSON, a data URL or Base64, as sketchpads send them.

No picture file begins like any of these, so the content decides, as everywhere.
"""

import binascii
import re

import orjson

from inkdigits.errors import UploadError

MEMBER = "image"
"""The one member of a JSON object that holds a picture."""
NEEDED = (f'JSON, {{"{MEMBER}": "data:image/png;base64,..."}}', "a data URL", "Base64")
PICTURE_BEGINS = (b"\x89", b"\xff")
"""Of PNG and JPEG: most bodies are looked at no further."""
_HEAD_BYTES = 64
_TEXT_HEAD = re.compile(rb"[A-Za-z0-9+/_-]{%d}" % _HEAD_BYTES)
"""No picture file begins with so many letters of Base64."""
_MAX_VALUES = 64
"""Of a JSON text. Parsed, each takes up to a hundred bytes of memory, and one is asked for."""
_STEP = 64 * 1024
"""Letters of Base64 that are decoded without letting other threads go on: a quarter of a ms."""
_ALPHABET = bytes.maketrans(b"-_", b"+/")


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
    head = body[:_HEAD_BYTES].lstrip()
    if head[:1] in (b"{", b'"'):
        return _decode(_from_json(body).encode())
    if _is_data_url(head) or _TEXT_HEAD.match(body.lstrip()[:_HEAD_BYTES]):
        return _decode(body)
    return body


def _from_json(body: bytes) -> str:
    if sum(map(body.count, (b",", b"[", b"{"))) > _MAX_VALUES:
        raise UploadError("the JSON holds many values", NEEDED)
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise UploadError(f"the JSON cannot be read: {error}", NEEDED) from None
    if isinstance(value, dict):
        if others := [repr(name[:40]) for name in value if name != MEMBER]:
            found = f"the JSON has the member {others[0]} (what else is asked goes into the query)"
            raise UploadError(found, NEEDED)
        value = value.get(MEMBER)
    if not isinstance(value, str):
        raise UploadError(f"the JSON has no text in {MEMBER!r}", NEEDED)
    return value


def _is_data_url(text: bytes) -> bool:
    return text[:5].lower() == b"data:"


def _decode(text: bytes) -> bytes:
    text = text.strip()
    if _is_data_url(text):
        kind, comma, text = text.partition(b",")
        if not comma or not kind.lower().endswith(b";base64"):
            raise UploadError("a data URL that is not Base64", NEEDED)
    letters = text.translate(_ALPHABET, b"\r\n").rstrip(b"=")
    padded = letters + b"=" * (-len(letters) % 4)
    try:
        steps = range(0, len(padded), _STEP)
        pieces = [binascii.a2b_base64(padded[at : at + _STEP], strict_mode=True) for at in steps]
    except binascii.Error as error:
        raise UploadError(f"the Base64 is damaged: {error}", NEEDED) from None
    return b"".join(pieces)
