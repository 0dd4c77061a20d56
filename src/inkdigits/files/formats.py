"""Bytes → the name of what they are, found from the content alone.

Neither the file name nor the sender's word is asked: a phone calls its HEIC
`.jpg`, and an error page arrives as `digit.png`.
"""

from inkdigits.errors import BrokenImage, UnsupportedImage

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
JPEG_SIGNATURE = b"\xff\xd8\xff"
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

_MAGIC = (
    (b"GIF8", "a GIF picture"),
    (b"BM", "a BMP picture"),
    (b"II*\0", "a TIFF picture"),
    (b"MM\0*", "a TIFF picture"),
    (b"II+\0", "a BigTIFF picture"),
    (b"MM\0+", "a BigTIFF picture"),
    (b"\0\0\1\0", "an ICO picture"),
    (b"8BPS", "a Photoshop picture"),
    (b"\0\0\0\x0cJXL ", "a JPEG XL picture"),
    (b"\xff\x0a", "a JPEG XL picture"),
    (b"\0\0\0\x0cjP", "a JPEG 2000 picture"),
    (b"\xff\x4f\xff\x51", "a JPEG 2000 picture"),
    (b"\x8aMNG", "an MNG animation"),
    (b"%PDF", "a PDF document"),
    (b"PK\x03\x04", "a ZIP archive"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\x93NUMPY", "a NumPy array"),
)
_BRANDS = {
    **dict.fromkeys((b"avif", b"avis"), "an AVIF picture"),
    **dict.fromkeys((b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1"), "HEIC"),
}
_TEXT_HEAD = 512  # a text betrays itself this early


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
    name = _name(data)
    if (found := _OTHERS.get(name)) in allowed:
        return found
    raise UnsupportedImage(name, allowed)


def is_paged(data: bytes) -> bool:
    """Tell whether this is of a format whose pages are read one by one."""
    return data[:1] in (b"I", b"M", b"%") and _OTHERS.get(_name(data)) in PAGED


def is_apart(data: bytes) -> bool:
    """Tell whether this is of a format that is decoded in a process of its own, if at all."""
    return data[:3] not in (PNG_SIGNATURE[:3], JPEG_SIGNATURE) and _name(data) in _OTHERS


def _name(data: bytes) -> str:
    for magic, name in _MAGIC:
        if data.startswith(magic):
            return name
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "a WebP picture"
    if data[4:8] == b"ftyp":
        if data[8:12] == b"mif1" and b"avif" in data[16 : data[3]]:  # either, as its list says
            return "an AVIF picture"
        return _BRANDS.get(data[8:12], "a video or HEIC file")
    return _name_text(data[:_TEXT_HEAD])


def _name_text(head: bytes) -> str:
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if text.startswith(b"data:image/"):
        return "a data URL, not the picture's own bytes"
    if b"<svg" in text:
        return "an SVG drawing"
    if text.startswith((b"<!doctype html", b"<html")):
        return "an HTML page"
    if text[:1] == b"p" and text[1:2] in b"123456" and text[2:3].isspace():
        return "a PNM picture"
    controls = sum(byte < ord(" ") and byte not in b"\t\n\r\f" for byte in head)
    return "of an unknown format" if controls else "text"
