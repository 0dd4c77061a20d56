"""The header of a PNG → its pixels, as Pillow holds them."""

import struct
from io import BytesIO

from PIL import Image as Pillow
from PIL.PngImagePlugin import PngImageFile
from zlib_ng import zlib_ng

from inkdigits.files.header import Header, Plain

_AT_ONCE = 1024 * 1024
"""Bytes: a drawing. Of more, a second copy would be felt."""
_BLOCK = 65_535  # bytes of a stored block at most
_ZLIB_HEAD = b"\x78\x01"


def load_png(header: Header) -> Pillow.Image:
    """Decode the pixels; scales and colours are as in the file.

    Raises:
        OSError, ValueError, SyntaxError and others of Pillow, `zlib_ng.error`: they are damaged.
    """
    if header.plain is None:
        # The plugin's own class: `Image.open` would guess the format and warn of big pictures.
        picture: Pillow.Image = PngImageFile(BytesIO(header.body))
        picture.load()
        return picture
    size, mode = (header.width, header.height), header.plain.mode
    return Pillow.frombytes(mode, size, _inflated(header.plain, size), "zip", mode)


def _inflated(plain: Plain, size: tuple[int, int]) -> bytes:
    """Inflate a small picture at once; Pillow, which goes row by row, takes twice as long.

    Returns:
        A zlib stream of the same content, stored instead of deflated, since Pillow unfilters
        only what it inflates. That of a large picture is left as it is.
    """
    length = size[1] * (1 + size[0] * len(plain.mode))
    if length > _AT_ONCE or len(plain.stream) >= length:
        return plain.stream
    whole = zlib_ng.decompressobj().decompress(plain.stream, length)
    blocks = [_ZLIB_HEAD]
    for start in range(0, len(whole), _BLOCK):
        block = whole[start : start + _BLOCK]
        is_last, count = start + _BLOCK >= len(whole), len(block)
        blocks += struct.pack("<BHH", is_last, count, 0xFFFF - count), block
    return b"".join(blocks)
