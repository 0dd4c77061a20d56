"""A picture → image: within limits, upright, opaque, 8 bit."""

from collections.abc import Callable
from io import BytesIO

import numpy as np
from PIL import Image as Pillow
from PIL import ImageChops
from PIL.JpegImagePlugin import JpegImageFile

from inkdigits.budget import GivenUp, never
from inkdigits.errors import BrokenImage, ImageTooLarge
from inkdigits.files.apart import decode_apart
from inkdigits.files.formats import ALLOWED, PAGED, find_format, is_paged
from inkdigits.files.header import ORIENTATION_TAG, UPRIGHT, Header, check_limits
from inkdigits.files.jpeg import read_jpeg
from inkdigits.files.limits import MIB, ImageLimits
from inkdigits.files.pages import check_page
from inkdigits.files.picture import Page, Picture, take
from inkdigits.files.png import load_png, read_png
from inkdigits.files.settle import Wanted, find_part, settle
from inkdigits.outcome import is_shortage
from inkdigits.sample import Box, Image

DRAFT_SIDE = 1_000
"""Px of the longest side that are always kept: one digit loses nothing at this size."""
_MAX_REASON = 120
_LEAST_BYTES = 32 * MIB  # what there must be for a failure to be the picture's own


def decode(picture: Picture, limits: ImageLimits = ImageLimits()) -> Image:
    """Decode one picture. As `decode_scaled`, without the scale."""
    return decode_scaled(picture, limits)[0]


def decode_scaled(
    picture: Picture,
    limits: ImageLimits = ImageLimits(),
    draft_side: int = DRAFT_SIDE,
    box: Box | None = None,
    given_up: GivenUp = never,
) -> tuple[Image, int]:
    """Decode one picture, and say how much smaller it became.

    The format is found from the content. Only the first picture of an MPO or an
    animation is read, and of a TIFF or PDF the page that is asked for. Transparency is
    composited so that the ink shows. 16 bit become 8. A picture whose longest side is at
    least twice `draft_side` is decoded at 1/2, 1/4 or 1/8, so that no less than that is
    left of it: what comes after this costs no more than of a picture of twice that side.

    Args:
        picture: the bytes of a whole file, what else `TAKEN` names, or a `Page` of it.
        limits: what the picture may cost; checked from the header, before pixels exist.
        draft_side: px of the longest side that are enough.
        box: the part that is wanted, px of the upright upload: its longest side counts then, as
            long as no more px are decoded than a PNG may have.
        given_up: tells whether nobody waits for it any more.

    Returns:
        The image, uint8, (H, W) grey or (H, W, 3) RGB, C-contiguous, upright; and how
        many px of the upload one px of it is wide: 1, 2, 4 or 8.

    Raises:
        BrokenImage: empty, cut short or damaged.
        UnsupportedImage: a format that is not allowed, or a kind that nobody draws in.
        ImageTooLarge: the bytes, a side, the pixels, the proportions or the scans.
        Mismatch: nothing that can be taken, there is no such page, or the box leaves it.
        MissingFile, UnreadableFile: a path leads nowhere.
        MissingExtra: the library of this format is not installed.
        MemoryError: there is no memory for it just now.
        DeadlineExceeded: it was given up.
    """
    given, page = (picture.picture, picture.number) if isinstance(picture, Page) else (picture, 1)
    data = given if isinstance(given, bytes) else take(given, limits)
    wanted = Wanted(draft_side, box, limits.max_pixels)
    if not isinstance(data, bytes):
        check_page(page, 1)
        orientation = data.getexif().get(ORIENTATION_TAG, UPRIGHT)
        header = Header(data.mode, *data.size, b"", orientation=orientation)
        return _read_part(header, wanted, lambda scale: settle(data, scale))
    kind = _find_kind(data, limits)
    if kind not in ALLOWED:
        return decode_apart(data, kind, page, limits, wanted, given_up=given_up)[:2]
    check_page(page, 1)
    header = read_png(data) if kind == "PNG" else read_jpeg(data)
    check_limits(header, limits)
    if kind == "JPEG":
        return _read_part(header, wanted, lambda scale: _decode_jpeg(header, scale))
    return _read_part(header, wanted, lambda scale: settle(load_png(header), scale, header.depth))


def count_pages(picture: Picture, limits: ImageLimits = ImageLimits()) -> int:
    """Count the pages of a TIFF or PDF; anything else is one.

    Args and errors are those of `decode_scaled`; a file object is read to its end.
    """
    data = picture if isinstance(picture, bytes) else take(picture, limits)
    if isinstance(data, bytes) and (kind := _find_kind(data, limits)) in PAGED:
        return decode_apart(data, kind, None, limits, Wanted(1, None, 0))[2]
    return 1


def _find_kind(data: bytes, limits: ImageLimits) -> str:
    max_bytes = limits.max_document_bytes if is_paged(data) else limits.max_bytes
    if len(data) > max_bytes:
        raise ImageTooLarge("size in bytes", len(data), max_bytes)
    return find_format(data, limits.formats)


def _read_part(header: Header, wanted: Wanted, read: Callable[[int], Image]) -> tuple[Image, int]:
    part = find_part((header.width, header.height), header.orientation, wanted)
    try:
        return part.cut(read(part.scale)), part.scale
    except Exception as error:  # noqa: BLE001  (Pillow raises over ten kinds on damaged files)
        reason = f"{error}"[:_MAX_REASON] or type(error).__name__
        is_short = is_shortage(error)
    if is_short or not _has_memory(header):  # libjpeg says of either that the data are broken
        raise MemoryError(f"no memory for a picture of {header.width} by {header.height} px")
    # Raised where it has no other as its context: that one's frames hold all the pixels.
    raise BrokenImage(f"{header.format}: {reason}")


def _has_memory(header: Header) -> bool:
    """Tell whether a picture's coefficients and a bit more could be had, by asking for them."""
    try:
        np.empty(_LEAST_BYTES + 2 * header.coefficients, np.uint8)
    except MemoryError:
        return False
    return True


def _decode_jpeg(header: Header, scale: int) -> Image:
    picture: Pillow.Image = JpegImageFile(BytesIO(header.body))
    picture.draft(None, (max(1, header.width // scale), max(1, header.height // scale)))
    picture.load()
    if picture.mode == "CMYK":
        # Pillow takes all CMYK for Adobe's, which is stored inverted.
        picture = picture if header.adobe else ImageChops.invert(picture)
        picture = picture.convert("RGB")
    return np.array(picture)
