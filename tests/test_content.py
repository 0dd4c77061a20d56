"""What the first bytes say: one table for pictures and for models."""

import pytest

from inkdigits.content import UNKNOWN, name_content


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"\x89PNG\r\n\x1a\n" + bytes(20), "a PNG picture"),
        (b"\xff\xd8\xff\xe0" + bytes(20), "a JPEG picture"),
        (b"\0\0\0\x18ftypheic\0\0\0\0", "HEIC"),
        (b"\0\0\0\x18ftypmif1\0\0\0\0avif", "an AVIF picture"),
        (b"\0\0\0\x18ftypisom\0\0\0\0", "a video or HEIC file"),
        (b"RIFF\0\0\0\0WEBP", "a WebP picture"),
        (b"P6\n8 8\n", "a PNM picture"),
        (b"version https://git-lfs.github.com/spec/v1\n", "a Git LFS pointer"),
        (b'\n{"class_name": "Sequential"}', "JSON text"),
        ("ein Märchen ".encode() * 200, "text"),
        (b"\x08\x08\x12\x07pytorch", UNKNOWN),
    ],
)
def test_content_is_named(data: bytes, name: str) -> None:
    assert name_content(data).startswith(name)
