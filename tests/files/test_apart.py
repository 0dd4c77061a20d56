"""What a file does to the process that decodes it becomes an error, and the next one is read."""

import struct
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from inkdigits.budget import DIGIT, Budget
from inkdigits.child import Child, ChildDied
from inkdigits.errors import (
    BrokenImage,
    DeadlineExceeded,
    ImageError,
    ImageTooLarge,
    Mismatch,
    MissingExtra,
    UnsupportedImage,
)
from inkdigits.files import apart
from inkdigits.files.apart import check_installed, decode_apart
from inkdigits.files.decode import count_pages, decode, decode_scaled
from inkdigits.files.limits import ImageLimits
from inkdigits.files.picture import Page
from inkdigits.files.settle import Wanted
from inkdigits.reader import Reader
from inkdigits.sample import Box

from .files import SEVEN, encode, heic, shade


@pytest.mark.parametrize("kind", ["WEBP", "BMP", "GIF", "TIFF", "AVIF"])
@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA"])
def test_a_further_format_is_read_as_a_png_is(kind: str, mode: str) -> None:
    picture = shade().convert(mode)
    image = decode(encode(picture, kind, **({"lossless": True} if kind == "WEBP" else {})))
    grey = (image if image.ndim == 2 else image[..., 1]).astype(int)
    assert image.flags.writeable
    assert np.abs(grey - np.asarray(shade(), int)).max() < 12


def test_a_heic_is_read() -> None:
    assert np.abs(decode(heic(shade()))[..., 1].astype(int) - np.asarray(shade(), int)).max() < 12


@pytest.mark.parametrize("kind", ["WEBP", "TIFF", "AVIF"])
@pytest.mark.parametrize("orientation", [3, 6, 8])
def test_what_exif_says_is_undone(kind: str, orientation: int) -> None:
    exif = {0x0112: orientation}
    written = shade().getexif()
    written.update(exif)
    jpeg = decode(encode(shade(), "JPEG", exif=written, quality=95)).astype(int)
    options: dict[str, Any] = {"exif": written} if kind != "TIFF" else {"tiffinfo": written}
    found = decode(encode(shade(), kind, **options)).astype(int)
    grey = found if found.ndim == 2 else found[..., 1]
    assert np.abs(grey - jpeg).max() < 25


@pytest.mark.parametrize(
    ("values", "found"),
    [(np.uint16, 257), (np.float32, 1 / 255)],
)
def test_a_deep_tiff_becomes_8_bit(values: type, found: float) -> None:
    from PIL import Image as Pillow  # noqa: PLC0415

    deep = Pillow.fromarray((SEVEN * np.float64(found)).astype(values))
    assert (decode(encode(deep, "TIFF")) == SEVEN).all()


@pytest.mark.parametrize(("side", "scale"), [(1_999, 1), (2_000, 2), (8_000, 8)])
def test_a_large_one_is_decoded_smaller(side: int, scale: int) -> None:
    image, found = decode_scaled(encode(shade((side, 300)), "TIFF", compression="tiff_lzw"))
    assert (found, image.shape) == (scale, (-(-300 // scale), -(-side // scale)))


def test_pages_are_counted_and_read() -> None:
    data = encode(shade(), "TIFF", save_all=True, append_images=[shade((50, 30))])
    assert count_pages(data) == 2
    assert decode(Page(data, 2)).shape == (30, 50)
    assert decode(data).shape == (40, 60)
    with pytest.raises(Mismatch, match="page 3; needed: 1 to 2"):
        decode(Page(data, 3))


def test_errors_come_as_they_were_raised() -> None:
    with pytest.raises(ImageTooLarge) as caught:
        decode(encode(shade(), "GIF"), ImageLimits(max_side=50))
    assert (caught.value.found, caught.value.allowed) == (60, 50)
    with pytest.raises(BrokenImage, match="GIF: "):
        decode(b"GIF89a" + bytes(4))
    with pytest.raises(UnsupportedImage, match=r"GIF picture; allowed: PNG, JPEG$"):
        decode(encode(shade(), "GIF"), ImageLimits(formats=("PNG", "JPEG")))


def _slow_bmp() -> bytes:
    """Run-length encode each of four million px by itself: Pillow undoes that in Python."""
    head = b"BM" + struct.pack("<IHHI", 0, 0, 0, 54 + 1024)
    head += struct.pack("<IiiHHIIiiII", 40, 2_000, 2_000, 1, 8, 1, 0, 0, 0, 256, 0)
    return head + bytes(1024) + b"\1\2" * 4_000_000


@pytest.mark.skipif(sys.platform != "linux", reason="the system bounds neither")
def test_time_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By a fortieth of the time that is allowed, which no machine is fast enough for."""
    hasty = "from inkdigits.files import apart\napart._MAX_CPU_S = 0.05\nanswer = apart.answer\n"
    (tmp_path / "hasty.py").write_text(hasty)
    monkeypatch.syspath_prepend(tmp_path)
    with closing(Child("hasty:answer")) as child:
        monkeypatch.setattr(apart, "_decoder", lambda: child)
        with pytest.raises(BrokenImage, match="takes more than 2 s"):
            decode(_slow_bmp())
        assert decode(encode(shade(), "GIF")).shape[:2] == (40, 60)


def test_what_nobody_waits_for_any_more_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "endless.py").write_text("def answer(data, **_):\n    while True:\n        pass\n")
    monkeypatch.syspath_prepend(tmp_path)
    with closing(Child("endless:answer")) as child:
        monkeypatch.setattr(apart, "_decoder", lambda: child)
        with pytest.raises(DeadlineExceeded):
            Reader().predict_digit(encode(shade(), "GIF"), budget=Budget(DIGIT, lambda: True))


@pytest.mark.skipif(sys.platform != "linux", reason="the system bounds neither")
def test_memory_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of libwebp, too, which takes what a header asks for before anybody sees its size."""
    greedy = "from inkdigits.child import bound\ndef take(size):\n bound(2, 2**30)\n"
    (tmp_path / "greedy.py").write_text(f"{greedy} return len(bytes(int(size))), b''")
    monkeypatch.syspath_prepend(tmp_path)
    with closing(Child("greedy:take")) as child:
        assert child.ask(b"1000000") == (1_000_000, b"")
        with pytest.raises(ChildDied):
            child.ask(b"%d" % 2**30)
    wide = bytearray(encode(shade(), "WEBP", lossless=True))
    struct.pack_into("<I", wide, 21, 0x0FFFFFFF)  # 16,384 px each way
    with pytest.raises(ImageError):
        decode(bytes(wide))


def test_a_missing_library_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "find_spec", lambda _: None)
    for kind, extra in (("HEIC", "heic"), ("PDF", "pdf")):
        with pytest.raises(MissingExtra, match=rf"pip install 'inkdigits\[{extra}\]'"):
            decode_apart(b"", kind, 1, ImageLimits(), Wanted(1000, None, 0))
    check_installed("GIF")


def test_the_other_process_answers_whatever_comes() -> None:
    """In a process of its own, for it bounds the one it runs in."""
    asked: dict[str, Any] = {"kind": "GIF", "page": 1, "limits": {}, "wanted": {"box": None}}
    with closing(Child("inkdigits.files.apart:answer")) as child:
        for data in (b"", b"GIF89a", b"\0" * 100):
            with pytest.raises(BrokenImage):
                child.ask(data, **asked)


@pytest.mark.parametrize("kind", ["PNG", "TIFF", "GIF"])
def test_a_part_is_read_of_every_format(kind: str) -> None:
    whole = decode(encode(shade(), kind))
    image, scale = decode_scaled(encode(shade(), kind), box=Box(10, 20, 30, 15))
    assert scale == 1
    assert (image == whole[20:35, 10:40]).all()
    with pytest.raises(Mismatch, match="60x40 px"):
        decode_scaled(encode(shade(), kind), box=Box(40, 0, 21, 9))
