"""Bytes → the name of what they are, found from the content alone.

Neither the file name nor the sender's word is asked: a phone calls its HEIC
`.jpg`, and an error page arrives as `digit.png`.
"""

from inkdigits.content import JPEG_SIGNATURE, PNG_SIGNATURE, name_content
from inkdigits.errors import BrokenImage, UnsupportedImage

ALLOWED = ("PNG", "JPEG")
"""MPO, which phones write, is a JPEG with more pictures behind the first: read as JPEG."""
_OTHERS = {
    "a WebP picture": "WEBP",
    "a BMP picture": "BMP",
    "a GIF picture": "GIF",
    "a TIFF picture": "TIFF",
    "a PDF document": "PDF",
    "HEIC": "HEIC",
    "an AVIF picture": "AVIF",
}
FORMATS = (*ALLOWED, *_OTHERS.values())
"""All that can be read. The others are decoded in a process of their own: see `apart`."""
PAGED = ("TIFF", "PDF")
"""Those whose pages are read one by one. Of the others it is the first picture."""


def find_format(data: bytes, allowed: tuple[str, ...] = ALLOWED) -> str:
    """Tell the formats that are read apart, and name anything else.

    Args:
        data: a whole file.
        allowed: what may be read of `FORMATS`, PNG and JPEG among them.

    Returns:
        "PNG", "JPEG" or another of `allowed`.

    Raises:
        BrokenImage: `data` is empty, or only the damaged start of a PNG or JPEG.
        UnsupportedImage: the content is something else; says what, and what is allowed.
    """
    if data.startswith(PNG_SIGNATURE):
        return "PNG"
    if data.startswith(JPEG_SIGNATURE):
        return "JPEG"
    if not data:
        raise BrokenImage("the file is empty")
    if PNG_SIGNATURE.startswith(data) or JPEG_SIGNATURE.startswith(data):
        raise BrokenImage(f"the file is cut short after {len(data)} bytes")
    if data.startswith(PNG_SIGNATURE[:4]):
        raise BrokenImage("the PNG signature is damaged, as by a transfer in text mode")
    name = name_content(data)
    if (found := _OTHERS.get(name)) in allowed:
        return found
    raise UnsupportedImage(name, allowed)


def is_paged(data: bytes) -> bool:
    """Tell whether this is of a format whose pages are read one by one."""
    return data[:1] in (b"I", b"M", b"%") and _OTHERS.get(name_content(data)) in PAGED


def is_apart(data: bytes) -> bool:
    """Tell whether this is of a format that is decoded in a process of its own, if at all."""
    return data[:3] not in (PNG_SIGNATURE[:3], JPEG_SIGNATURE) and name_content(data) in _OTHERS
