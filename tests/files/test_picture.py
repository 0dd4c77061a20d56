"""Everything that people call a picture is read alike."""

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image as Pillow

from inkdigits.errors import (
    BrokenImage,
    ImageTooLarge,
    InkdigitsError,
    Mismatch,
    MissingFile,
    UnreadableFile,
)
from inkdigits.files.decode import count_pages, decode
from inkdigits.files.limits import ImageLimits
from inkdigits.files.picture import Page, take

from .files import SEVEN, encode

COLOUR = np.stack([SEVEN, SEVEN, np.full_like(SEVEN, 255)], axis=2)
ALPHA = np.dstack([np.zeros_like(COLOUR), 255 - SEVEN])


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "è seven.png"
    file.write_bytes(encode(SEVEN))
    return file


def test_a_file_is_taken_in_any_way(path: Path) -> None:
    data = path.read_bytes()
    with path.open("rb") as file:
        ways = (path, str(path), data, bytearray(data), memoryview(data), io.BytesIO(data), file)
        for way in ways:
            assert (decode(way) == SEVEN).all()


@pytest.mark.parametrize(
    "array",
    [
        SEVEN,
        SEVEN.astype(np.uint16) * 257,
        SEVEN == 255,
        SEVEN / 255,
        (SEVEN / 255).astype(np.float32),
        (SEVEN / 255).astype(np.float16),
        SEVEN[..., None],
        np.asfortranarray(SEVEN),
        SEVEN[::-1, ::-1][::-1, ::-1],
        ALPHA,
        np.dstack([SEVEN, SEVEN, SEVEN]) / 255,
        Pillow.fromarray(SEVEN),
        Pillow.fromarray(ALPHA),
        Pillow.fromarray(SEVEN).convert("P"),
    ],
    ids=lambda given: f"{getattr(given, 'dtype', '')}{getattr(given, 'shape', given)}"[:40],
)
def test_pixels_are_taken(array: Any) -> None:
    image = decode(array)
    assert ((image if image.ndim == 2 else image[..., 0]) == SEVEN).all()


def test_the_channels_are_red_green_blue() -> None:
    assert (decode(COLOUR) == COLOUR).all()


def test_what_offers_an_array_is_taken() -> None:
    class Tensor:
        def __array__(self, dtype: Any = None, *, copy: bool | None = None) -> np.ndarray:
            del dtype, copy
            return SEVEN

    assert (decode(Tensor()) == SEVEN).all()


def test_an_opened_picture_is_turned_as_its_camera_says() -> None:
    exif = Pillow.Exif()
    exif[0x0112] = 6
    data = encode(Pillow.fromarray(SEVEN), "JPEG", exif=exif)
    assert (decode(Pillow.open(io.BytesIO(data))) == decode(data)).all()


@pytest.mark.parametrize(
    ("given", "found"),
    [
        (None, "NoneType"),
        (7, "int"),
        ([SEVEN], "list"),
        (io.StringIO("seven"), "opened as text"),
        (SEVEN.astype(np.int64), "int64"),
        (SEVEN.astype(float), "from 0 to 255"),
        (np.full((3, 3), np.nan), "from nan"),
        (SEVEN / 255 - 0.5, "from -0.5"),
        (np.zeros(784, np.uint8), "(784,)"),
        (np.zeros((5, 5, 2), np.uint8), "(5, 5, 2)"),
        (np.zeros((2, 5, 5, 3), np.uint8), "(2, 5, 5, 3)"),
        (np.array(["seven"]), "(1,)"),
        (np.full((3, 3), "a"), "<U1"),
    ],
)
def test_anything_else_is_one_error_that_says_what_is_taken(given: Any, found: str) -> None:
    with pytest.raises(Mismatch) as caught:
        take(given, ImageLimits())
    assert found in caught.value.found
    assert "RGB" in str(caught.value)


def test_a_path_that_leads_nowhere_is_named(tmp_path: Path) -> None:
    with pytest.raises(MissingFile, match=r"nothing\.png: there is no such file"):
        decode(tmp_path / "nothing.png")
    with pytest.raises(MissingFile):
        decode("seven\0.png")
    with pytest.raises(UnreadableFile, match=r"a folder, no picture"):
        decode(tmp_path)


@pytest.mark.parametrize(
    "given",
    [
        np.zeros((13_000, 400), np.uint8),
        np.zeros((5_001, 5_000), np.bool_),
        np.zeros((2, 100), np.float32),
        Pillow.new("1", (2, 100)),
    ],
)
def test_limits_are_those_of_files(given: Any) -> None:
    with pytest.raises(ImageTooLarge):
        decode(given)


@pytest.mark.parametrize("shape", [(0, 5), (5, 0, 3)])
def test_an_array_without_pixels_is_broken(shape: tuple[int, ...]) -> None:
    with pytest.raises(BrokenImage, match="without pixels"):
        decode(np.zeros(shape, np.uint8))


def test_a_file_is_not_read_further_than_it_may_be_large(path: Path) -> None:
    assert len(take(path, ImageLimits(max_document_bytes=9))) == 10
    with pytest.raises(ImageTooLarge, match="size in bytes"):
        decode(path, ImageLimits(max_bytes=50))


@pytest.mark.parametrize("number", [0, 2, -1])
def test_what_has_one_page_has_no_other(path: Path, number: int) -> None:
    assert count_pages(path) == count_pages(SEVEN) == 1
    assert (decode(Page(path)) == SEVEN).all()
    for given in (path, SEVEN):
        with pytest.raises(InkdigitsError, match=f"page {number}; needed: 1"):
            decode(Page(given, number))
