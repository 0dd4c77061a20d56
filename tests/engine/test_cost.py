import io

import pytest
from PIL import Image

from inkdigits.engine.cost import (
    APART_PIXELS,
    QUICK_BYTES,
    count_allowed_pixels,
    count_pixels,
    is_quick,
)
from inkdigits.files.limits import ImageLimits
from tests.tiny import encoded, png


def _jpeg(side: int, *, progressive: bool = False) -> bytes:
    stream = io.BytesIO()
    Image.new("L", (side, side)).save(stream, "JPEG", progressive=progressive)
    return stream.getvalue()


def test_pixels_are_counted_without_decoding() -> None:
    assert count_pixels(encoded(Image.new("L", (300, 20)))) == 6000
    assert count_pixels(_jpeg(64)) == 64 * 64


@pytest.mark.parametrize("data", [b"GIF89a", b"II*\0", b"%PDF-1.7", b"BM"])
def test_what_another_process_decodes_is_never_quick(data: bytes) -> None:
    assert count_pixels(data) == count_allowed_pixels(data, ImageLimits()) == APART_PIXELS
    assert not is_quick(data)


def test_each_scan_of_a_jpeg_walks_all_pixels() -> None:
    assert count_pixels(_jpeg(64, progressive=True)) > 2 * 64 * 64


@pytest.mark.parametrize(
    "data", [b"", b"8BPS", b"\x89PNG", b"\x89PNG\r\n\x1a\n", b"\xff\xd8", b"\xff\xd8\xff\xd9"]
)
def test_what_cannot_be_read_costs_nothing(data: bytes) -> None:
    assert count_pixels(data) == 0
    assert is_quick(data)


@pytest.mark.parametrize(
    ("data", "quick"),
    [
        (png("7"), True),
        (_jpeg(200), True),
        (bytes(QUICK_BYTES), True),
        (bytes(QUICK_BYTES + 1), False),
        (encoded(Image.new("L", (1000, 1000))), False),
        (_jpeg(1000), False),
        (_jpeg(300, progressive=True), False),
    ],
    ids=[
        *("a drawing", "a JPEG", "at the limit", "above it"),
        *("many pixels of a PNG", "many pixels of a JPEG", "many scans"),
    ],
)
def test_only_small_pictures_are_quick(data: bytes, *, quick: bool) -> None:
    assert len(data) <= QUICK_BYTES + 1
    assert is_quick(data) is quick


@pytest.mark.parametrize("data", [encoded(Image.new("L", (64, 64))), _jpeg(64)])
def test_a_picture_beyond_its_limits_counts_for_nothing(data: bytes) -> None:
    fits, exceeds = ImageLimits(), ImageLimits(max_pixels=4_000, max_jpeg_pixels=4_000)
    assert count_allowed_pixels(data, fits) == 64 * 64
    assert count_allowed_pixels(data, exceeds) == 0
    assert count_allowed_pixels(b"8BPS", fits) == 0
