"""The bytes of a picture → what it will cost to read, found before it is read."""

from inkdigits.content import JPEG_SIGNATURE, PNG_SIGNATURE
from inkdigits.errors import ImageError
from inkdigits.files.formats import is_apart
from inkdigits.files.header import check_limits
from inkdigits.files.jpeg import read_jpeg
from inkdigits.files.limits import ImageLimits
from inkdigits.files.picture import Picture

QUICK_BYTES = 32 * 1024
QUICK_PIXELS = 200_000
"""Up to here a picture takes a millisecond or two, and a hop to a thread would not pay."""
APART_PIXELS = 4_000_000
"""What a picture of another format counts as: what its own process leaves of it, at most."""


def is_quick(data: Picture) -> bool:
    """Tell whether a picture can be read on the event loop without holding others up.

    Args:
        data: the encoded picture. Small in bytes is not yet quick: a PNG of zeros holds
            25 million px in 32 KiB. A `Page` of one never is.
    """
    return (
        isinstance(data, bytes) and len(data) <= QUICK_BYTES and count_pixels(data) <= QUICK_PIXELS
    )


def count_pixels(data: bytes) -> int:
    """Count the pixels that reading a picture has to walk.

    Args:
        data: the encoded picture.

    Returns:
        Width times height, of a JPEG times its scans; of other formats a guess; 0 for what
        cannot be read anyway, which `decode` will find out quickly.
    """
    if data.startswith(PNG_SIGNATURE):
        return int.from_bytes(data[16:20]) * int.from_bytes(data[20:24])
    if data.startswith(JPEG_SIGNATURE):
        try:
            header = read_jpeg(data)
        except ImageError:
            return 0
        return header.width * header.height * header.scans
    return APART_PIXELS * is_apart(data)


def count_allowed_pixels(data: bytes, limits: ImageLimits) -> int:
    """Count as `count_pixels` does; 0 for a picture beyond its limits, which is refused unread.

    Args:
        data: the encoded picture.
        limits: of one picture.
    """
    pixels = count_pixels(data)
    if data.startswith(PNG_SIGNATURE):
        return pixels if pixels <= limits.max_pixels else 0
    if pixels and data.startswith(JPEG_SIGNATURE):
        try:
            check_limits(read_jpeg(data), limits)
        except ImageError:
            return 0
    return pixels
