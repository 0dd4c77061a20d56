"""What strangers send: too much, half of it, or something else. Image errors only may come out."""

import threading
import zlib
from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image as Pillow

from inkdigits.errors import BrokenImage, ImageError, ImageTooLarge, UnsupportedImage
from inkdigits.files.decode import decode
from inkdigits.files.limits import ImageLimits

from .files import SEVEN, encode


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (bytes(8 * 1024 * 1024 + 1), "bytes"),
        (encode(Pillow.new("1", (20_000, 20_000))), "longest side"),
        (encode(Pillow.new("1", (6_000, 6_000))), "pixels"),
        (encode(Pillow.new("1", (4_100, 100))), "shortest"),
        (encode(Pillow.new("L", (9_000, 6_000)), "JPEG"), "pixels"),
    ],
)
def test_limits_are_checked_before_pixels_exist(data: bytes, what: str) -> None:
    with pytest.raises(ImageTooLarge, match=what):
        decode(data)


def test_limits_are_the_callers() -> None:
    data = encode(SEVEN)
    assert decode(data, ImageLimits(max_pixels=600)).shape == (30, 20)
    with pytest.raises(ImageTooLarge):
        decode(data, ImageLimits(max_pixels=599))


def test_other_formats_are_unsupported() -> None:
    with pytest.raises(UnsupportedImage, match="ICO"):
        decode(encode(SEVEN, "ICO"))


RAMP = Pillow.linear_gradient("L").resize((40, 30))
FILES = [
    encode(RAMP),
    encode(RAMP.convert("P"), transparency=3),
    encode(RAMP.convert("RGBA")),
    encode(RAMP.convert("I;16")),
    encode(RAMP.convert("RGB"), "JPEG"),
    encode(RAMP.convert("RGB"), "JPEG", progressive=True),
    encode(RAMP.convert("CMYK"), "JPEG"),
    encode(RAMP.convert("RGB"), "MPO", save_all=True, append_images=[RAMP.convert("RGB")]),
]


@pytest.mark.parametrize("data", FILES[:4])
def test_a_png_cut_anywhere_is_broken(data: bytes) -> None:
    for length in range(len(data)):
        with pytest.raises(BrokenImage):
            decode(data[:length])


@pytest.mark.parametrize("data", FILES[4:7])
def test_a_jpeg_cut_before_its_last_pixels_is_broken(data: bytes) -> None:
    for length in range(len(data) - 32):
        with pytest.raises(BrokenImage):
            decode(data[:length])


@settings(max_examples=500, deadline=None)
@given(
    st.sampled_from(FILES),
    st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), max_size=6),
    st.floats(0, 1),
    st.binary(max_size=20),
)
def test_damage_raises_image_errors_only(
    data: bytes, changes: list[tuple[float, int]], cut: float, tail: bytes
) -> None:
    damaged = bytearray(data)
    for place, value in changes:
        damaged[int(place * len(data))] = value
    keep = len(data) if cut > 0.5 else int(2 * cut * len(data))
    with suppress(ImageError):
        image = decode(bytes(damaged[:keep]) + tail)
        assert image.dtype == np.uint8
        assert image.ndim in (2, 3)


@given(st.binary(max_size=400), st.sampled_from([b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b""]))
def test_noise_behind_a_signature_is_refused(noise: bytes, signature: bytes) -> None:
    with pytest.raises(ImageError):
        decode(signature + noise)


def test_threads_decode_the_same() -> None:
    expected = [decode(data) for data in FILES]
    differing: list[int] = []

    def work() -> None:
        for _ in range(20):
            differing.extend(
                index
                for index, data in enumerate(FILES)
                if not np.array_equal(decode(data), expected[index])
            )

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert differing == []


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_what_damage_raises_holds_no_pixels(kind: str) -> None:
    """An error with another as its context holds that one's frames, and a picture in each."""
    whole = encode(Pillow.effect_noise((300, 300), 80), kind)
    pixels = whole.index(b"IDAT") if kind == "PNG" else whole.rindex(b"\xff\xda")
    cut = whole[: pixels + 400]
    if kind == "PNG":  # a whole chunk of half of them
        sum_ = zlib.crc32(cut[pixels:]).to_bytes(4)
        cut = cut[: pixels - 4] + (396).to_bytes(4) + cut[pixels:] + sum_ + whole[-12:]
    with pytest.raises(BrokenImage) as caught:
        decode(cut)
    assert caught.value.__context__ is None
