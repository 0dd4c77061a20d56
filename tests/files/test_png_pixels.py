"""Pixels of a PNG, as Pillow itself decodes them, whichever way they go."""

import io
import tracemalloc
import zlib

import numpy as np
import pytest
from PIL import Image as Pillow

from inkdigits.files.header import Header
from inkdigits.files.png import load_png, read_png

SIZES = ((1, 1), (28, 28), (172, 161), (301, 7), (600, 500))  # the last is inflated row by row


def picture(mode: str, size: tuple[int, int]) -> Pillow.Image:
    """Strokes on paper beside grain, so that rows are filtered in all ways."""
    channels, (width, height) = len(mode), size
    pixels = np.full((height, width, channels), 255, np.uint8)
    pixels[height // 3 :, : width // 2] = np.arange(width // 2)[:, None] % 7
    grain = np.random.default_rng(0).integers(0, 255, pixels[height // 2 :].shape)
    pixels[height // 2 :] = grain
    return Pillow.fromarray(pixels[:, :, 0] if channels == 1 else pixels)


def encode(shown: Pillow.Image, **options: int) -> bytes:
    file = io.BytesIO()
    shown.save(file, "PNG", **options)
    return file.getvalue()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA"])
@pytest.mark.parametrize("level", [0, 9])
def test_plain_pixels_come_out_as_they_went_in(
    mode: str, size: tuple[int, int], level: int
) -> None:
    shown = picture(mode, size)
    header = read_png(encode(shown, compress_level=level))
    assert header.plain
    loaded = load_png(header)
    assert loaded.mode == mode
    np.testing.assert_array_equal(np.asarray(loaded), np.asarray(shown))


@pytest.mark.parametrize("mode", ["1", "P", "I;16", "LA"])
def test_other_pixels_are_left_to_pillow(mode: str) -> None:
    shown = Pillow.new("I;16", (30, 20), 999) if mode == "I;16" else picture("L", (30, 20))
    header = read_png(encode(shown if mode == "I;16" else shown.convert(mode)))
    assert header.plain == ""
    assert load_png(header).size == (30, 20)


def stream(pixels: bytes, first: int = 0, last: int | None = None) -> Header:
    return Header("PNG", 40, 30, zlib.compress(pixels)[first:last], plain="L")


WHOLE = bytes(30 * 41)


@pytest.mark.parametrize(
    "damaged",
    [
        stream(WHOLE[:-1]),
        stream(WHOLE[:1]),
        stream(b""),
        stream(WHOLE, last=-8),
        stream(WHOLE, first=1),
        stream(b"\5" + WHOLE[1:]),  # there is no filter 5
        Header("PNG", 40, 30, b"", plain="L"),
        Header("PNG", 40, 30, b"no zlib", plain="L"),
    ],
)
def test_damaged_pixels_raise(damaged: Header) -> None:
    with pytest.raises(Exception):  # noqa: B017, PT011  # of Pillow or zlib-ng; `decode` names it
        load_png(damaged)


def test_no_more_is_inflated_than_the_picture_has() -> None:
    bomb = stream(WHOLE + bytes(50_000_000))
    tracemalloc.start()
    try:
        assert load_png(bomb).size == (40, 30)
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
    finally:
        tracemalloc.stop()
