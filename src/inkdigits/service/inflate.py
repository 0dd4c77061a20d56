"""A compressed body in, the same body plain out, never more than was allowed."""

import zlib

from inkdigits.errors import ImageTooLarge, InferenceError

WINDOWS = {"gzip": 31, "x-gzip": 31, "deflate": 15}
"""What zlib calls each coding. HTTP's `deflate` is zlib's own format (RFC 9110, 8.4.1.2)."""


def inflate(data: bytes, coding: str, max_bytes: int) -> bytes:
    """Undo the `Content-Encoding` of a request.

    Args:
        data: the body as it came.
        coding: the header's text; empty or "identity" for a plain body.
        max_bytes: of the plain body. Not one byte more is ever unpacked.

    Returns:
        The plain body.

    Raises:
        InferenceError: an unknown coding, or the body is not of that coding, is
            cut short, or goes on after its end.
        ImageTooLarge: the plain body would be larger than allowed.
    """
    name = coding.strip().lower()
    if name in ("", "identity"):
        return data
    if name not in WINDOWS:
        raise InferenceError(f"the content encoding {name[:40]!r}", "gzip, deflate or none")
    unpacker = zlib.decompressobj(WINDOWS[name])
    try:
        plain = unpacker.decompress(data, max_bytes + 1)
    except zlib.error:
        raise InferenceError(f"a body that is no {name}", "what its header says") from None
    if len(plain) > max_bytes:
        raise ImageTooLarge("size in bytes, unpacked,", len(plain), max_bytes)
    if not unpacker.eof or unpacker.unused_data:
        found = "goes on after its end" if unpacker.eof else "is cut short"
        raise InferenceError(f"a {name} body that {found}", "one whole stream")
    return plain
