"""What the content is, whatever the file is called."""

import io

import pytest
from PIL import Image as Pillow

from inkdigits.errors import BrokenImage, UnsupportedImage
from inkdigits.files.formats import find_format


def _encode(kind: str) -> bytes:
    file = io.BytesIO()
    Pillow.new("RGB", (8, 8)).save(file, kind)
    return file.getvalue()


@pytest.mark.parametrize(("kind", "found"), [("PNG", "PNG"), ("JPEG", "JPEG"), ("MPO", "JPEG")])
def test_allowed_formats_are_told_apart(kind: str, found: str) -> None:
    assert find_format(_encode(kind)) == found


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (_encode("GIF"), "GIF"),
        (_encode("BMP"), "BMP"),
        (_encode("WEBP"), "WebP"),
        (_encode("TIFF"), "TIFF"),
        (_encode("PPM"), "PNM"),
        (_encode("ICO"), "ICO"),
        (b"\0\0\0\x18ftypheic\0\0\0\0", "HEIC"),
        (b"\0\0\0\x18ftypavif\0\0\0\0", "AVIF"),
        (b"%PDF-1.7\n", "PDF"),
        (b"<!DOCTYPE html><title>404</title>", "HTML"),
        (b"\xef\xbb\xbf\n <html>", "HTML"),
        (b"<?xml version='1.0'?><svg/>", "SVG"),
        (b"data:image/png;base64,iVBOR", "data URL"),
        ("sieben è seven".encode(), "text"),
        (b"\x01\x02\x03\x04", "unknown"),
    ],
)
def test_other_formats_are_named(data: bytes, name: str) -> None:
    with pytest.raises(UnsupportedImage, match=name) as caught:
        find_format(data)
    assert caught.value.allowed == ("PNG", "JPEG")


@pytest.mark.parametrize(
    "data", [b"", b"\x89", b"\x89PNG\r\n", b"\xff\xd8", b"\x89PNG\n\x1a\n...."]
)
def test_the_damaged_start_of_an_allowed_format_is_broken(data: bytes) -> None:
    with pytest.raises(BrokenImage):
        find_format(data)
