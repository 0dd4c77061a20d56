"""Files for the tests to decode, made by Pillow or, where it cannot, by hand."""

import io
import struct
import zlib
from typing import Any

import numpy as np
from PIL import Image as Pillow

from inkdigits.sample import Image

SEVEN = np.full((30, 20), 255, np.uint8)
SEVEN[5:8, 4:16] = SEVEN[5:26, 13:16] = 0


def encode(picture: Pillow.Image | Image, kind: str = "PNG", **options: Any) -> bytes:
    file = io.BytesIO()
    picture = picture if isinstance(picture, Pillow.Image) else Pillow.fromarray(picture)
    picture.save(file, kind, **options)
    return file.getvalue()


def write_png(rows: Image, depth: int, colour: int, key: tuple[int, ...] = ()) -> bytes:
    """Write a PNG of packed rows, for the kinds that Pillow cannot write."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content))
            + kind
            + content
            + struct.pack(">I", zlib.crc32(kind + content))
        )

    height, packed = rows.shape
    bits = depth * {0: 1, 2: 3, 4: 2, 6: 4}[colour]
    ihdr = struct.pack(">IIBBBBB", packed * 8 // bits, height, depth, colour, 0, 0, 0)
    body = zlib.compress(b"".join(b"\0" + row.tobytes() for row in rows))
    trns = chunk(b"tRNS", struct.pack(f">{len(key)}H", *key)) if key else b""
    signature = b"\x89PNG\r\n\x1a\n"
    return signature + chunk(b"IHDR", ihdr) + trns + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def shade(size: tuple[int, int] = (60, 40)) -> Pillow.Image:
    """Draw a picture that tells its sides apart: darker to the right, and more so to the bottom."""
    width, height = size
    ramp = np.add.outer(np.linspace(0, 150, height), np.linspace(0, 100, width))
    return Pillow.fromarray(255 - ramp.astype(np.uint8))


def heic(picture: Pillow.Image, **options: Any) -> bytes:
    import pillow_heif  # noqa: PLC0415  # of an extra

    file = io.BytesIO()
    pillow_heif.from_pillow(picture.convert("RGB")).save(file, **options)
    return file.getvalue()


def write_tiff(
    entries: list[tuple[int, int, int, bytes]], tail: bytes = b"", following: int = 0
) -> bytes:
    """Write a TIFF of one directory by hand.

    Args:
        entries: tag, type, count, and the four bytes of its value or place.
        tail: what follows the directory.
        following: where the next directory is said to lie.
    """
    rows = b"".join(struct.pack("<HHI", *entry[:3]) + entry[3] for entry in entries)
    head = b"II*\0" + struct.pack("<IH", 8, len(entries) & 0xFFFF)
    return head + rows + struct.pack("<I", following) + tail
