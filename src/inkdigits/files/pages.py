"""Bytes of a file that is neither PNG nor JPEG → one of its pages, as Pillow holds it.

Runs in a process of its own (`apart`), which bounds its time and memory. Each format is opened by
its plugin's own class: `Image.open` would guess, and so try them all.
"""

from dataclasses import replace
from io import BytesIO
from itertools import count
from math import ceil
from pkgutil import resolve_name
from typing import Any

from PIL import Image as Pillow

from inkdigits.errors import ImageTooLarge, Mismatch, UnsupportedImage
from inkdigits.files.formats import ALLOWED, TABLE
from inkdigits.files.header import Header, check_limits
from inkdigits.files.limits import ImageLimits

PDF_DPI = 200
"""Px per inch that a PDF's pages are drawn at: what a scan of handwriting usually has."""
_POINTS_PER_INCH = 72
_SUBFILE, _COMPRESSION = 254, 259  # tags of TIFF
_THUMBNAIL_OR_MASK = 1 | 4
_COMPRESSIONS = (1, 2, 3, 4, 5, 7, 8, 32773, 32946)
"""None, three of faxes, LZW, JPEG, Deflate, PackBits, Deflate again: what scanners write."""
_WIDE_MODES = ("I", "F")
"""Of 2 or 4 bytes a px. They, and WebP with its two canvases, take twice the memory of others."""


def open_page(
    data: bytes, kind: str, page: int | None, limits: ImageLimits
) -> tuple[Pillow.Image | None, int]:
    """Decode one page.

    Args:
        data: the whole file.
        kind: of `FORMATS`, neither PNG nor JPEG.
        page: from 1; None: only count them.
        limits: checked from the header, before pixels exist.

    Returns:
        The page with its pixels, None for none; and how many pages there are. Of GIF, WebP,
        HEIC and AVIF that is one: their first picture.

    Raises:
        ImageTooLarge: the picture, or the number of pages.
        Mismatch: there is no such page.
        UnsupportedImage: a TIFF of a rare compression.
        Exception: whatever the libraries raise on damaged files.
    """
    if kind == "PDF":
        return _open_pdf(data, page, limits)
    picture = resolve_name(TABLE[kind].opener)(BytesIO(data))
    frames = _tiff_pages(picture, limits) if kind == "TIFF" else [picture.tell()]
    if page is None:
        return None, len(frames)
    check_page(page, len(frames))
    picture.seek(frames[page - 1])
    if kind == "TIFF" and (found := picture.tag_v2.get(_COMPRESSION, 1)) not in _COMPRESSIONS:
        raise UnsupportedImage(f"a TIFF of compression {found}", ALLOWED)
    loaded: Pillow.Image = picture
    if kind == "WEBP" or loaded.mode[0] in _WIDE_MODES:
        limits = replace(limits, max_pixels=limits.max_pixels // 2)
    check_limits(Header(kind, loaded.width, loaded.height, b""), limits)
    loaded.load()
    return loaded, len(frames)


def check_page(page: int, pages: int) -> None:
    """Make sure that there is such a page.

    Raises:
        Mismatch: there is none.
    """
    if not 1 <= page <= pages:
        raise Mismatch(f"page {page}", f"1 to {pages}" if pages > 1 else "1, for there is no other")


def _open_pdf(
    data: bytes, page: int | None, limits: ImageLimits
) -> tuple[Pillow.Image | None, int]:
    from pypdfium2 import PdfDocument  # noqa: PLC0415  # of the extra `pdf`

    document = PdfDocument(data)
    _check_count(len(document), limits)
    if page is None:
        return None, len(document)
    check_page(page, len(document))
    scale, sheet = PDF_DPI / _POINTS_PER_INCH, document[page - 1]
    width, height = (max(1, ceil(side * scale)) for side in sheet.get_size())
    check_limits(Header("PDF", width, height, b""), limits)
    return sheet.render(scale=scale).to_pil(), len(document)


def _tiff_pages(picture: Any, limits: ImageLimits) -> list[int]:
    """Number a TIFF's pictures that are pages, from 0: a thumbnail or a mask is none."""
    pages: list[int] = []
    for frame in count():
        try:
            picture.seek(frame)
        except EOFError:
            return pages or [0]
        if not picture.tag_v2.get(_SUBFILE, 0) & _THUMBNAIL_OR_MASK:
            pages.append(frame)
        _check_count(len(pages), limits)
    raise AssertionError


def _check_count(pages: int, limits: ImageLimits) -> None:
    if pages > limits.max_pages:
        raise ImageTooLarge("number of pages", pages, limits.max_pages)
