"""A JPEG's header and what is left of the file."""

import io

import pytest
from PIL import Image as Pillow

from inkdigits.errors import BrokenImage, ImageTooLarge, UnsupportedImage
from inkdigits.files.jpeg import read_jpeg


def encode(mode: str = "RGB", kind: str = "JPEG", **options: object) -> bytes:
    file = io.BytesIO()
    Pillow.linear_gradient("L").resize((40, 30)).convert(mode).save(file, kind, **options)
    return file.getvalue()


def segment(code: int, content: bytes) -> bytes:
    return bytes((0xFF, code)) + (len(content) + 2).to_bytes(2) + content


def frame(
    code: int = 0xC0, *, depth: int = 8, size: tuple[int, int] = (5, 7), channels: int = 1
) -> bytes:
    height, width = size[1].to_bytes(2), size[0].to_bytes(2)
    return segment(
        code, bytes((depth,)) + height + width + bytes((channels,)) + bytes(3 * channels)
    )


START, SCAN, END = (
    b"\xff\xd8",
    segment(0xDA, b"\1" + bytes(5)) + b"pixels\xff\0\xff\xd0pixels",
    b"\xff\xd9",
)


def test_the_header_tells_size_and_orientation() -> None:
    exif = Pillow.Exif()
    exif[0x0112] = 8
    header = read_jpeg(encode(exif=exif))
    assert (header.format, header.width, header.height) == ("JPEG", 40, 30)
    assert (header.orientation, header.scans, header.adobe) == (8, 1, False)


@pytest.mark.parametrize(
    ("mode", "sampling", "coefficients"),
    [
        ("L", 0, 40 * 32),
        ("RGB", 0, 3 * 40 * 32),
        ("RGB", 1, 2 * 48 * 32),  # colour of half the width: units of 16 x 8 px
        ("RGB", 2, 48 * 32 * 3 // 2),  # and of half the height
        ("CMYK", 0, 4 * 40 * 32),
    ],
)
def test_what_is_kept_over_scans_is_counted(mode: str, sampling: int, coefficients: int) -> None:
    assert read_jpeg(encode(mode, subsampling=sampling)).coefficients == coefficients


def test_a_frame_that_names_no_sampling_still_counts() -> None:
    assert read_jpeg(START + frame(channels=3) + SCAN + END).coefficients == 3 * 64


def test_an_mpo_is_its_first_picture() -> None:
    header = read_jpeg(encode(kind="MPO", save_all=True, append_images=[Pillow.new("RGB", (9, 9))]))
    assert (header.width, header.height, header.scans) == (40, 30, 1)


def test_only_what_pixels_need_is_left() -> None:
    ballast = segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + bytes(999)) + segment(
        0xFE, b"hello"
    )
    needed = frame() + SCAN + END
    adobe = segment(0xEE, b"Adobe\0\x64\0\0\0\0\2")
    header = read_jpeg(START + ballast + adobe + needed)
    assert header.body == START + adobe + needed
    assert header.adobe


def test_scans_of_a_progressive_jpeg_are_counted() -> None:
    data = encode(progressive=True)
    assert data.count(b"\xff\xda") == 10
    assert read_jpeg(data).scans == 10


def test_a_scan_in_a_thumbnail_or_behind_the_end_does_not_count() -> None:
    data = START + segment(0xE1, SCAN * 9) + frame(0xC2, channels=3) + SCAN + SCAN + END + SCAN * 9
    assert read_jpeg(data).scans == 2


def test_more_scans_than_any_encoder_writes_are_too_many() -> None:
    with pytest.raises(ImageTooLarge, match="scans"):
        read_jpeg(START + frame(0xC2, channels=3) + SCAN * 101 + END)


@pytest.mark.parametrize(
    ("data", "error", "reason"),
    [
        (START + END, BrokenImage, "before its pixels"),
        (START + SCAN + END, BrokenImage, "before its pixels"),
        (START + frame() + END, BrokenImage, "before its pixels"),
        (START + frame() + frame() + SCAN + END, BrokenImage, "two frames"),
        (START + frame()[:-1], BrokenImage, "cut short"),
        (START + b"\xff\xe0\0", BrokenImage, "cut short"),
        (START + b"\xff\xe0\0\1" + frame() + SCAN, BrokenImage, "damaged"),
        (START + segment(0xC0, b"\x08") + SCAN, BrokenImage, "cut short"),
        (START + frame(size=(0, 7)) + SCAN, BrokenImage, "size is 0 by 7"),
        (START + segment(0xFE, b"") * 10_000 + frame() + SCAN, BrokenImage, "segments"),
        (START + frame(0xC3) + SCAN, UnsupportedImage, "C3"),
        (START + frame(0xC1, depth=12) + SCAN, UnsupportedImage, "12 bit"),
        (START + frame(channels=2) + SCAN, UnsupportedImage, "2 channels"),
    ],
)
def test_what_is_wrong_is_named(data: bytes, error: type[Exception], reason: str) -> None:
    with pytest.raises(error, match=reason):
        read_jpeg(data)


def test_a_run_of_fill_bytes_takes_no_long_time() -> None:
    data = START + b"\xff" * 4_000_000 + b"\0" + frame() + SCAN + END
    assert read_jpeg(data).width == 5
