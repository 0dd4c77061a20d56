"""Bytes → the name of what they are, found from the content alone.

Neither the file name nor the sender's word is asked: a phone calls its HEIC
`.jpg`, and an error page arrives as `digit.png`.
"""

from typing import NamedTuple

from inkdigits.content import JPEG_SIGNATURE, PNG_SIGNATURE, name_content
from inkdigits.errors import BrokenImage, UnsupportedImage

ALLOWED = ("PNG", "JPEG")
"""MPO, which phones write, is a JPEG with more pictures behind the first: read as JPEG."""


class Format(NamedTuple):
    """What `name_content` says of it, the suffixes of its files, and the class that opens it."""

    said: str
    suffixes: str
    opener: str = ""


TABLE = {
    "PNG": Format("a PNG picture", ".png"),
    "JPEG": Format("a JPEG picture", ".jpe .jpeg .jfif .jpg .mpo"),
    "WEBP": Format("a WebP picture", ".webp", "PIL.WebPImagePlugin:WebPImageFile"),
    "BMP": Format("a BMP picture", ".bmp .dib", "PIL.BmpImagePlugin:BmpImageFile"),
    "GIF": Format("a GIF picture", ".gif", "PIL.GifImagePlugin:GifImageFile"),
    "TIFF": Format("a TIFF picture", ".tif .tiff", "PIL.TiffImagePlugin:TiffImageFile"),
    "PDF": Format("a PDF document", ".pdf"),
    "HEIC": Format("HEIC", ".heic .heif .hif", "pillow_heif:HeifImageFile"),
    "AVIF": Format("an AVIF picture", ".avif", "PIL.AvifImagePlugin:AvifImageFile"),
}
"""The classes are loaded when their format is met: each is a door that stays shut else."""
FORMATS = tuple(TABLE)
"""All that can be read. All but `ALLOWED` are decoded in a process of their own: see `apart`."""
_BY_NAME = {one.said: kind for kind, one in TABLE.items()}
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
    name = name_content(data)
    if (found := _BY_NAME.get(name)) in allowed:
        return found
    if not data:
        raise BrokenImage("the file is empty")
    if PNG_SIGNATURE.startswith(data) or JPEG_SIGNATURE.startswith(data):
        raise BrokenImage(f"the file is cut short after {len(data)} bytes")
    if data.startswith(PNG_SIGNATURE[:4]):
        raise BrokenImage("the PNG signature is damaged, as by a transfer in text mode")
    raise UnsupportedImage(name, allowed)


def is_paged(data: bytes) -> bool:
    """Tell whether this is of a format whose pages are read one by one."""
    return _BY_NAME.get(name_content(data)) in PAGED


def is_apart(data: bytes) -> bool:
    """Tell whether this is of a format that is decoded in a process of its own, if at all."""
    return _BY_NAME.get(name_content(data)) not in (None, *ALLOWED)
