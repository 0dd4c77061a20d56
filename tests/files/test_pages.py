"""Every further format is opened by its own plugin, within limits, page by page."""

import io
import struct
from typing import Any

import numpy as np
import pytest
from PIL import Image as Pillow

from inkdigits.errors import ImageTooLarge, Mismatch, UnsupportedImage
from inkdigits.files.limits import ImageLimits
from inkdigits.files.pages import PDF_DPI, check_page, open_page

from .files import SEVEN, encode, heic, shade, write_tiff

FILES: dict[str, bytes] = {
    "WEBP": encode(shade(), "WEBP", lossless=True),
    "BMP": encode(shade(), "BMP"),
    "GIF": encode(shade(), "GIF"),
    "TIFF": encode(shade(), "TIFF"),
    "AVIF": encode(shade(), "AVIF", quality=90),
    "PDF": encode(shade(), "PDF", resolution=PDF_DPI),
    "HEIC": heic(shade(), quality=95),
}


@pytest.mark.parametrize("kind", FILES)
def test_every_format_shows_the_drawing(kind: str) -> None:
    picture, pages = open_page(FILES[kind], kind, 1, ImageLimits())
    assert picture is not None
    found = np.asarray(picture.convert("L").crop((0, 0, 60, 40)), int)  # a PDF's end is rounded up
    assert pages == 1
    assert np.abs(found - np.asarray(shade(), int)).max() < 12


@pytest.mark.parametrize("kind", FILES)
def test_limits_are_checked_before_pixels_exist(kind: str) -> None:
    with pytest.raises(ImageTooLarge, match="longest side"):
        open_page(FILES[kind], kind, 1, ImageLimits(max_side=59))
    with pytest.raises(ImageTooLarge, match="number of pixels"):
        open_page(FILES[kind], kind, 1, ImageLimits(max_pixels=60 * 40 - 1))


# The sizes of the others lie behind checksums, or in several places.
@pytest.mark.parametrize(("kind", "place", "sizes"), [("BMP", 18, "<ii"), ("GIF", 6, "<HH")])
def test_a_size_that_is_a_lie_is_found_in_the_header(kind: str, place: int, sizes: str) -> None:
    """No memory is taken for it."""
    data = bytearray(FILES[kind])
    struct.pack_into(sizes, data, place, 30_000, 30_000)
    with pytest.raises(ImageTooLarge):
        open_page(bytes(data), kind, 1, ImageLimits())


@pytest.mark.parametrize(("mode", "kind"), [("RGB", "WEBP"), ("F", "TIFF"), ("I;16", "TIFF")])
def test_what_takes_twice_the_memory_may_have_half_the_pixels(mode: str, kind: str) -> None:
    data = encode(Pillow.new(mode, (60, 40)), kind)
    assert open_page(data, kind, 1, ImageLimits(max_pixels=2 * 60 * 40))[1] == 1
    with pytest.raises(ImageTooLarge, match="number of pixels"):
        open_page(data, kind, 1, ImageLimits(max_pixels=2 * 60 * 40 - 2))


def _frames(kind: str) -> bytes:
    options: dict[str, Any] = {"save_all": True, "append_images": [shade((50, 30)), shade((20, 9))]}
    return encode(shade(), kind, **options)


@pytest.mark.parametrize("kind", ["TIFF", "PDF"])
def test_pages_are_opened_one_by_one(kind: str) -> None:
    data = _frames(kind)
    assert open_page(data, kind, None, ImageLimits()) == (None, 3)
    shapes = [open_page(data, kind, page, ImageLimits())[0].size for page in (1, 2, 3)]
    widths = [width for width, _ in shapes]
    assert sorted(widths, reverse=True) == widths
    assert len(set(widths)) == 3
    with pytest.raises(Mismatch, match="page 4; needed: 1 to 3"):
        open_page(data, kind, 4, ImageLimits())
    with pytest.raises(ImageTooLarge, match="number of pages is 3"):
        open_page(data, kind, 1, ImageLimits(max_pages=2))


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "AVIF"])
def test_of_an_animation_it_is_the_first_picture(kind: str) -> None:
    frames = [shade((60, 40)).point(lambda tone: 255 - tone)] * 2
    data = encode(shade(), kind, save_all=True, append_images=frames, quality=95)
    picture, pages = open_page(data, kind, 1, ImageLimits())
    assert pages == 1
    assert picture.convert("L").getpixel((0, 0)) > 200


@pytest.mark.parametrize("kind", [1, 4])
def test_a_thumbnail_or_a_mask_of_a_tiff_is_no_page(kind: int) -> None:
    first, second = io.BytesIO(), shade((50, 30))
    second.encoderinfo = {"tiffinfo": {254: kind}}
    shade().save(first, "TIFF", save_all=True, append_images=[second, shade((20, 9))])
    data = first.getvalue()
    assert open_page(data, "TIFF", None, ImageLimits()) == (None, 2)
    assert open_page(data, "TIFF", 2, ImageLimits())[0].size == (20, 9)


@pytest.mark.parametrize(
    "compression",
    ["raw", "tiff_lzw", "tiff_deflate", "tiff_adobe_deflate", "packbits", "jpeg"],
)
@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
def test_what_scanners_write_is_read(compression: str, mode: str) -> None:
    data = encode(shade().convert(mode), "TIFF", compression=compression)
    found = np.asarray(open_page(data, "TIFF", 1, ImageLimits())[0].convert("RGB"), int)[..., 0]
    assert np.abs(found - np.asarray(shade(), int)).max() < 12


@pytest.mark.parametrize("compression", ["group3", "group4", "tiff_ccitt"])
def test_a_fax_is_read(compression: str) -> None:
    data = encode(Pillow.fromarray(SEVEN).convert("1"), "TIFF", compression=compression)
    assert (np.asarray(open_page(data, "TIFF", 1, ImageLimits())[0].convert("L")) == SEVEN).all()


def test_a_rare_compression_is_refused() -> None:
    with pytest.raises(UnsupportedImage, match="TIFF of compression 50000"):
        open_page(encode(shade(), "TIFF", compression="zstd"), "TIFF", 1, ImageLimits())


def test_directories_in_a_circle_end() -> None:
    entries = [
        (256, 4, 1, struct.pack("<I", 4)),
        (257, 4, 1, struct.pack("<I", 4)),
        (262, 3, 1, struct.pack("<I", 1)),
        (273, 4, 1, struct.pack("<I", 8)),
        (277, 3, 1, struct.pack("<I", 1)),
        (258, 3, 1, struct.pack("<I", 8)),
    ]
    data = write_tiff(sorted(entries), bytes(64), following=8)
    assert open_page(data, "TIFF", None, ImageLimits()) == (None, 1)


def test_a_damaged_pdf_says_so() -> None:
    with pytest.raises(Exception, match="Data format error"):
        open_page(b"%PDF-1.7\n" + bytes(100), "PDF", 1, ImageLimits())


def test_a_page_is_one_of_those_there_are() -> None:
    check_page(1, 1)
    check_page(3, 3)
    for page, pages in ((0, 3), (4, 3), (-1, 1)):
        with pytest.raises(Mismatch):
            check_page(page, pages)
