"""PNG bytes → its header, without the chunks that no pixel needs; and from there its pixels.

Source: W3C, "Portable Network Graphics (PNG) Specification (Third Edition)".
"""

import struct
import zlib
from collections.abc import Iterator
from io import BytesIO

from PIL import Image as Pillow
from PIL.PngImagePlugin import PngImageFile
from zlib_ng import zlib_ng

from inkdigits.content import PNG_SIGNATURE
from inkdigits.errors import BrokenImage, UnsupportedImage
from inkdigits.files.formats import ALLOWED
from inkdigits.files.header import UPRIGHT, Header, find_orientation

_KEPT = frozenset((b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"))
_DEPTHS = {0: (1, 2, 4, 8, 16), 2: (8, 16), 3: (1, 2, 4, 8), 4: (8, 16), 6: (8, 16)}
_INDEXED = 3
_PLAIN = {0: "L", 2: "RGB", 6: "RGBA"}
_MAX_CHUNKS = 65_536  # 8 MiB of the smallest usual IDAT, 1 KiB, are 8,192
_MAX_SIDE = 2**31 - 1
_AT_ONCE = 1024 * 1024
"""Bytes: a drawing. Of more, a second copy would be felt."""
_BLOCK = 65_535  # bytes of a stored block at most
_ZLIB_HEAD = b"\x78\x01"


def read_png(data: bytes) -> Header:
    """Read the header of a PNG and check every chunk that carries pixels.

    Args:
        data: a whole file that starts with the PNG signature.

    Returns:
        The header, with the content of IDAT alone where that is plain; else its body has only
        IHDR, PLTE, tRNS, IDAT and IEND left. Of an animated PNG that is the still picture.

    Raises:
        BrokenImage: the file is cut short, or a checksum or the header is wrong.
        UnsupportedImage: Apple's private PNG.
    """
    kept: list[tuple[bytes, int, int]] = []
    orientation, seen = UPRIGHT, set[bytes]()
    for kind, start, end in _chunks(data):
        if kind == b"eXIf":
            orientation = find_orientation(data[start:end])
        if kind not in _KEPT or (kind != b"IDAT" and kind in seen):
            continue
        seen.add(kind)
        if zlib.crc32(data[start - 4 : end]) != int.from_bytes(data[end : end + 4]):
            raise BrokenImage(f"the PNG is damaged: the checksum of {kind.decode()} is wrong")
        kept.append((kind, start, end))
    if b"IDAT" not in seen:
        raise BrokenImage("the PNG holds no pixels")
    _, start, end = kept[0]
    width, height, depth, mode = _read_ihdr(data[start:end], seen)
    if mode:
        body = b"".join(data[start:end] for kind, start, end in kept if kind == b"IDAT")
    else:
        body = b"".join((PNG_SIGNATURE, *(data[start - 8 : end + 4] for _, start, end in kept)))
    return Header("PNG", width, height, body, depth, orientation, plain=mode)


def load_png(header: Header) -> Pillow.Image:
    """Decode the pixels; scales and colours are as in the file.

    Raises:
        OSError, ValueError, SyntaxError and others of Pillow, `zlib_ng.error`: they are damaged.
    """
    if not header.plain:
        # The plugin's own class: `Image.open` would guess the format and warn of big pictures.
        picture: Pillow.Image = PngImageFile(BytesIO(header.body))
        picture.load()
        return picture
    size = header.width, header.height
    return Pillow.frombytes(header.plain, size, _inflated(header), "zip", header.plain)


def _inflated(header: Header) -> bytes:
    """Inflate a small picture at once; Pillow, which goes row by row, takes twice as long.

    Returns:
        A zlib stream of the same content, stored instead of deflated, since Pillow unfilters
        only what it inflates. That of a large picture is left as it is.
    """
    length = header.height * (1 + header.width * len(header.plain))
    if length > _AT_ONCE or len(header.body) >= length:
        return header.body
    whole = zlib_ng.decompressobj().decompress(header.body, length)
    blocks = [_ZLIB_HEAD]
    for start in range(0, len(whole), _BLOCK):
        block = whole[start : start + _BLOCK]
        is_last, count = start + _BLOCK >= len(whole), len(block)
        blocks += struct.pack("<BHH", is_last, count, 0xFFFF - count), block
    return b"".join(blocks)


def _chunks(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Give each chunk's kind and where its content starts and ends, IHDR to IEND."""
    position = len(PNG_SIGNATURE)
    for number in range(_MAX_CHUNKS):
        head = data[position : position + 8]
        length, kind = struct.unpack(">I4s", head) if len(head) == 8 else (0, b"")
        start, end = position + 8, position + 8 + length
        if end + 4 > len(data):
            raise BrokenImage(f"the PNG is cut short after {len(data):,} bytes")
        if number == 0 and kind == b"CgBI":
            raise UnsupportedImage("Apple's private variant of PNG", ALLOWED)
        if number == 0 and kind != b"IHDR":
            raise BrokenImage("the PNG does not begin with its header")
        yield kind, start, end
        if kind == b"IEND":
            return
        position = end + 4
    raise BrokenImage(f"the PNG has more than {_MAX_CHUNKS:,} chunks")


def _read_ihdr(content: bytes, seen: set[bytes]) -> tuple[int, int, int, str]:
    """Give width, height, bits per channel, and the mode of plain pixels, "" for others."""
    if len(content) != 13:
        raise BrokenImage("the PNG's header has a wrong length")
    width, height, depth, colour, packing, filtering, interlace = struct.unpack(">IIBBBBB", content)
    if not (0 < width <= _MAX_SIDE and 0 < height <= _MAX_SIDE):
        raise BrokenImage(f"the PNG's size is {width} by {height} px")
    if depth not in _DEPTHS.get(colour, ()) or packing or filtering or interlace > 1:
        raise BrokenImage("the PNG's header names a kind of pixels that does not exist")
    if colour == _INDEXED and b"PLTE" not in seen:
        raise BrokenImage("the PNG lacks its palette")
    is_plain = depth == 8 and not interlace and b"tRNS" not in seen
    return width, height, depth, _PLAIN.get(colour, "") if is_plain else ""
