"""Bytes → what the file's header promises: format, size, orientation, cost.

Read without any image library, so that limits are checked before one of them
touches a stranger's bytes.
"""

import struct
from contextlib import suppress
from dataclasses import dataclass

from inkdigits.errors import ImageTooLarge
from inkdigits.files.limits import ImageLimits

UPRIGHT, ORIENTATION_TAG = 1, 0x0112
_SHORT = 3
_MAX_SCAN_PIXELS = 600_000_000  # each scan of a progressive JPEG walks all pixels again: ~1 s


@dataclass(frozen=True, slots=True)
class Header:
    """What a file says of itself.

    Attributes:
        format: of `FORMATS`.
        width: px as stored, before orientation.
        height: px as stored, before orientation.
        body: the file without the parts that no pixel needs (texts, profiles,
            thumbnails, animations), which are where decoders get hurt.
        depth: bits per channel.
        orientation: EXIF's 1 to 8; 1 is upright.
        scans: how many times a JPEG walks its pixels; 1 if it is not progressive.
        coefficients: that a JPEG holds of all channels, 2 bytes each: all of them are in memory
            at a time if it has several scans. 0 for a PNG.
        adobe: a JPEG's Adobe marker, which says that CMYK is stored inverted.
        plain: what the pixels of a PNG are, in Pillow's words (L, RGB or RGBA), where they are only
            to be inflated and unfiltered, as paint programs write them: of 8 bit, not interlaced.
            Then the body is that of the zlib stream alone; "" for all others.
    """

    format: str
    width: int
    height: int
    body: bytes
    depth: int = 8
    orientation: int = UPRIGHT
    scans: int = 1
    coefficients: int = 0
    adobe: bool = False
    plain: str = ""


def check_limits(header: Header, limits: ImageLimits) -> None:
    """Refuse a picture that would cost too much.

    Raises:
        ImageTooLarge: a side, the proportions, the pixels or a JPEG's scans.
    """
    longest, shortest = max(header.width, header.height), min(header.width, header.height)
    pixels = header.width * header.height
    max_pixels = limits.max_jpeg_pixels if header.format == "JPEG" else limits.max_pixels
    # `draft` shrinks a JPEG while decoding, but not what is kept from scan to scan.
    kept = header.coefficients if header.scans > 1 else 0
    for what, found, allowed in (
        ("longest side in px", longest, limits.max_side),
        ("number of pixels", pixels, max_pixels),
        ("longest side over its shortest", longest / shortest, limits.max_aspect),
        ("number of pixels times scans", pixels * header.scans, _MAX_SCAN_PIXELS),
        ("number of coefficients, in several scans", kept, limits.max_coefficients),
    ):
        if found > allowed:
            raise ImageTooLarge(what, found, allowed)


def find_orientation(exif: bytes) -> int:
    """Find the orientation in EXIF data, a TIFF directory.

    Args:
        exif: the TIFF bytes, without JPEG's leading `Exif` and two zeros.

    Returns:
        1 to 8. Damaged or missing EXIF is upright: it says nothing of the pixels.

    Source:
        CIPA DC-008 (EXIF 2.32), 4.6.4, tag 0x0112. Pillow's reader is not asked
        because it warns, and warnings cannot be silenced safely among threads.
    """
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(exif[:4])
    if order is None:
        return UPRIGHT
    with suppress(struct.error):
        (start,) = struct.unpack_from(order + "I", exif, 4)
        (count,) = struct.unpack_from(order + "H", exif, start)
        for index in range(count):
            entry = struct.unpack_from(order + "HHIH", exif, start + 2 + 12 * index)
            if entry[:3] == (ORIENTATION_TAG, _SHORT, 1):
                return entry[3] if 1 <= entry[3] <= 8 else UPRIGHT
    return UPRIGHT
