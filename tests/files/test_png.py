"""A PNG's header and what is left of the file."""

import struct
import zlib

import pytest

from inkdigits.errors import BrokenImage, UnsupportedImage
from inkdigits.files.png import read_png

SIGNATURE = b"\x89PNG\r\n\x1a\n"


def chunk(kind: bytes, content: bytes = b"") -> bytes:
    sum_ = struct.pack(">I", zlib.crc32(kind + content))
    return struct.pack(">I", len(content)) + kind + content + sum_


def ihdr(*, size: tuple[int, int] = (2, 3), kind: tuple[int, int] = (8, 0)) -> bytes:
    return chunk(b"IHDR", struct.pack(">IIBBBBB", *size, *kind, 0, 0, 0))


IDAT = chunk(b"IDAT", zlib.compress(bytes(9)))
IEND = chunk(b"IEND")


def test_the_header_tells_size_depth_and_orientation() -> None:
    exif = b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0"
    header = read_png(SIGNATURE + ihdr(kind=(16, 0)) + IDAT + chunk(b"eXIf", exif) + IEND)
    assert (header.format, header.width, header.height) == ("PNG", 2, 3)
    assert (header.depth, header.orientation) == (16, 6)


def test_only_what_pixels_need_is_left() -> None:
    needed = SIGNATURE + ihdr(kind=(16, 0)) + IDAT + IEND
    bomb = chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(10_000_000)))
    animation = chunk(b"acTL", b"nonsense")
    damaged = chunk(b"tEXt", b"a\0b")[:-1] + b"?"
    full = needed.replace(IDAT, bomb + animation + damaged + IDAT) + b"more behind the end"
    assert read_png(full).body == needed


def test_of_plain_pixels_their_stream_is_left() -> None:
    content = zlib.compress(bytes(9))
    halves = chunk(b"IDAT", content[:4]) + chunk(b"tEXt", b"a\0b") + chunk(b"IDAT", content[4:])
    header = read_png(SIGNATURE + ihdr() + halves + IEND)
    assert (header.plain, header.body) == ("L", content)


@pytest.mark.parametrize(
    ("head", "more"),
    [
        (ihdr(kind=(4, 0)), b""),
        (ihdr(kind=(8, 4)), b""),
        (ihdr(kind=(8, 3)), chunk(b"PLTE", bytes(3))),
        (ihdr(), chunk(b"tRNS", bytes(2))),
        (ihdr()[:-5] + b"\1" + ihdr()[-4:], b""),
    ],
)
def test_other_pixels_are_not_plain(head: bytes, more: bytes) -> None:
    kind, content = head[4:8], head[8:-4]
    header = read_png(SIGNATURE + chunk(kind, content) + more + IDAT + IEND)
    assert header.plain == ""
    assert header.body


@pytest.mark.parametrize("length", range(8, len(SIGNATURE + ihdr() + IDAT + IEND)))
def test_a_cut_anywhere_is_broken(length: int) -> None:
    with pytest.raises(BrokenImage, match="cut short"):
        read_png((SIGNATURE + ihdr() + IDAT + IEND)[:length])


@pytest.mark.parametrize(
    ("chunks", "reason"),
    [
        (IDAT + IEND, "begin"),
        (ihdr() + IEND, "no pixels"),
        (ihdr()[:-1] + b"?" + IDAT + IEND, "checksum of IHDR"),
        (ihdr() + IDAT[:-1] + b"?" + IEND, "checksum of IDAT"),
        (ihdr(size=(0, 3)) + IDAT + IEND, "size is 0"),
        (ihdr(size=(2**31, 3)) + IDAT + IEND, "size is 2147483648"),
        (ihdr(kind=(3, 0)) + IDAT + IEND, "does not exist"),
        (ihdr(kind=(8, 5)) + IDAT + IEND, "does not exist"),
        (ihdr(kind=(8, 3)) + IDAT + IEND, "palette"),
        (chunk(b"IHDR", bytes(12)) + IDAT + IEND, "wrong length"),
        (ihdr() + 65_536 * chunk(b"IDAT"), "chunks"),
    ],
)
def test_what_is_wrong_is_named(chunks: bytes, reason: str) -> None:
    with pytest.raises(BrokenImage, match=reason):
        read_png(SIGNATURE + chunks)


def test_apples_private_variant_is_unsupported() -> None:
    with pytest.raises(UnsupportedImage, match="Apple"):
        read_png(SIGNATURE + chunk(b"CgBI", bytes(4)) + ihdr() + IDAT + IEND)
