"""JPEG bytes → its header, and the same picture without the segments that no pixel needs.

Source: ITU-T T.81, "Digital compression and coding of continuous-tone still images", annex B.
"""

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from inkdigits.errors import BrokenImage, ImageTooLarge, UnsupportedImage
from inkdigits.files.formats import ALLOWED
from inkdigits.files.header import UPRIGHT, Header, find_orientation

# A marker is 0xFF and a code; FF00 is an escaped pixel byte, FF01, FFD0…FFD8 stand alone.
_MARKER = re.compile(rb"\xff([\x02-\xcf\xd9-\xfe])")
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_READABLE_FRAMES = (0xC0, 0xC1, 0xC2, 0xC9, 0xCA)
_PROGRESSIVE = (0xC2, 0xCA)
_EOI, _SOS, _APP0, _APP1, _ADOBE, _COMMENT = 0xD9, 0xDA, 0xE0, 0xE1, 0xEE, 0xFE
_DROPPED = (frozenset(range(_APP0, 0xF0)) - {_APP0, _ADOBE}) | {_COMMENT}
_CHANNELS = (1, 3, 4)
_MAX_SEGMENTS = 10_000
_MAX_SCANS = 100  # encoders write about ten


@dataclass(slots=True)
class _Found:
    """What the segments have told so far."""

    kept: list[bytes] = field(default_factory=list)
    width: int = 0  # as all of the frame, 0 until it was met
    height: int = 0
    channels: int = 0
    coefficients: int = 0
    progressive: bool = False
    orientation: int = UPRIGHT
    scans: int = 0
    adobe: bool = False


def read_jpeg(data: bytes) -> Header:
    """Read the header of a JPEG or of the first picture of an MPO, and count its scans.

    Args:
        data: a whole file that starts with the JPEG signature.

    Returns:
        The header; its body has no EXIF, profiles, comments or thumbnails left.

    Raises:
        BrokenImage: the file is cut short or has no usable frame.
        UnsupportedImage: lossless, hierarchical or 12-bit JPEG, or an odd number of channels.
        ImageTooLarge: more scans than any encoder writes.
    """
    found = _Found(kept=[data[:2]])
    for code, start, end in _segments(data):
        if code == _SOS:
            if not found.scans:
                found.kept.append(data[start - 4 :])
            found.scans += 1
            if found.scans > _MAX_SCANS:
                raise ImageTooLarge("number of scans", found.scans, _MAX_SCANS)
            # A sequential JPEG with all channels in one scan has no other.
            if not found.progressive and found.channels == data[start] > 0:
                break
        else:
            _take(found, code, data[start:end])
            if not found.scans and code not in _DROPPED:
                found.kept.append(data[start - 4 : end])
    if not (found.width and found.scans):
        raise BrokenImage("the JPEG is cut short before its pixels")
    head = {
        name: getattr(found, name) for name in ("orientation", "scans", "coefficients", "adobe")
    }
    return Header("JPEG", found.width, found.height, b"".join(found.kept), **head)


def _segments(data: bytes) -> Iterator[tuple[int, int, int]]:
    """Give each segment's code and where its content starts and ends, as far as EOI."""
    position = 2
    for _ in range(_MAX_SEGMENTS):
        marker = _MARKER.search(data, position)
        if marker is None or marker[1][0] == _EOI:
            return
        start = marker.end() + 2
        end = start - 2 + int.from_bytes(data[start - 2 : start])
        if end < start or end > len(data):
            raise BrokenImage(f"the JPEG is cut short or damaged at byte {marker.start():,}")
        yield marker[1][0], start, end
        position = end
    raise BrokenImage(f"the JPEG has more than {_MAX_SEGMENTS:,} segments")


def _take(found: _Found, code: int, content: bytes) -> None:
    if code in _FRAMES:
        if found.width:
            raise BrokenImage("the JPEG has two frames")
        _take_frame(found, code, content)
    elif code == _APP1 and content.startswith(b"Exif\0\0"):
        found.orientation = find_orientation(content[6:])
    elif code == _ADOBE and content.startswith(b"Adobe"):
        found.adobe = True


def _take_frame(found: _Found, code: int, content: bytes) -> None:
    try:
        depth, height, width, channels = struct.unpack_from(">BHHB", content)
    except struct.error:
        raise BrokenImage("the JPEG's frame header is cut short") from None
    if code not in _READABLE_FRAMES or depth != 8 or channels not in _CHANNELS:
        raise UnsupportedImage(
            f"a JPEG of {depth} bit, {channels} channels, kind {code:X}", ALLOWED
        )
    if not (width and height):
        raise BrokenImage(f"the JPEG's size is {width} by {height} px")
    found.width, found.height, found.channels = width, height, channels
    found.coefficients = _count_coefficients(width, height, content[7::3][:channels])
    found.progressive = code in _PROGRESSIVE


def _count_coefficients(width: int, height: int, samplings: bytes) -> int:
    """Count what all blocks of all channels hold; A.2 says how channels share the pixels."""
    across = [max(1, sampling >> 4) for sampling in samplings]
    down = [max(1, sampling & 15) for sampling in samplings]
    units = -(-width // (8 * max(across, default=1))) * -(-height // (8 * max(down, default=1)))
    return 64 * units * sum(wide * high for wide, high in zip(across, down, strict=True))
