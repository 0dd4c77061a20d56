"""Real files of every kind that people send, made by Pillow or by hand."""

import io
import struct
import zlib
from typing import Any

import numpy as np
import pytest
from PIL import Image as Pillow
from PIL import ImageOps
from PIL.PngImagePlugin import PngInfo

from inkdigits.errors import Mismatch
from inkdigits.files.decode import decode, decode_scaled
from inkdigits.files.limits import ImageLimits
from inkdigits.image.stages import walk_line
from inkdigits.sample import Box

from .files import SEVEN, encode, write_png


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA", "LA"])
def test_every_png_mode_shows_the_drawing_exactly(mode: str) -> None:
    image = decode(encode(Pillow.fromarray(SEVEN).convert(mode)))
    grey = image if image.ndim == 2 else image[..., 1]
    assert image.dtype == np.uint8
    assert image.flags.c_contiguous
    assert (grey == SEVEN).all()


def test_the_array_belongs_to_the_caller() -> None:
    image = decode(encode(SEVEN))
    image[0, 0] = 7
    assert image[0, 0] == 7


def test_an_interlaced_png_is_read() -> None:
    # Pillow writes none: one pixel in each of the seven passes is the smallest whole example.
    passes = b"".join(b"\0" + bytes([tone]) for tone in (10,))
    data = write_png(np.frombuffer(passes[1:], np.uint8).reshape(1, 1), 8, 0)
    head = bytearray(data)
    head[28] = 1
    head[29:33] = struct.pack(">I", zlib.crc32(bytes(head[12:29])))
    assert decode(bytes(head)).tolist() == [[10]]


def test_16_bit_grey_is_scaled_not_clipped() -> None:
    values = np.array([[0, 256, 32_768, 65_535]], np.uint16)
    assert decode(encode(Pillow.fromarray(values))).tolist() == [[0, 1, 128, 255]]


@pytest.mark.parametrize(("colour", "channels"), [(2, 3), (4, 2), (6, 4)])
def test_16_bit_colour_and_alpha_are_scaled(colour: int, channels: int) -> None:
    values = np.full((3, 4, channels), 65_535, ">u2")
    values[1, :, : channels - (colour >= 4)] = 0x8000
    image = decode(write_png(values.reshape(3, -1).view(np.uint8), 16, colour))
    tones = image.reshape(3, -1).astype(int)
    assert np.unique(tones[0]).tolist() == [255]
    assert np.unique(tones[1]).tolist() == [128]


@pytest.mark.parametrize("depth", [1, 2, 4, 8, 16])
def test_a_transparent_grey_key_is_paper(depth: int) -> None:
    """Ink 0, the key, is transparent; the rest, white, shows on black."""
    white = (1 << depth) - 1
    bits = np.zeros((4, 8), ">u2")
    bits[:, 4:] = white
    if depth == 16:
        rows = bits.view(np.uint8).reshape(4, -1)
    else:
        planes = (bits[..., None].astype(int) >> np.arange(depth - 1, -1, -1)) & 1
        rows = np.packbits(planes.reshape(4, -1).astype(np.uint8), axis=1)
    image = decode(write_png(rows, depth, 0, key=(white,)))
    assert image.shape == (4, 8)
    assert (image[:, :4] == 0).all()
    assert (image[:, 4:] == 255).all()


@pytest.mark.parametrize("depth", [8, 16])
def test_a_transparent_colour_key_is_paper(depth: int) -> None:
    top = (1 << depth) - 1
    pixels = np.full((6, 6, 3), (top, 0, top), ">u2")
    pixels[2:4, 2:4] = 0
    packed = pixels.view(np.uint8) if depth == 16 else pixels.astype(np.uint8)
    image = decode(write_png(packed.reshape(6, -1), depth, 2, key=(top, 0, top)))
    assert (image[0, 0] == 255).all()
    assert (image[2, 2] == 0).all()


@pytest.mark.parametrize("transparency", [0, bytes([0, 255])])
def test_a_transparent_palette_colour_is_paper(transparency: int | bytes) -> None:
    picture = Pillow.fromarray((SEVEN == 0).astype(np.uint8))
    picture.putpalette([9, 200, 9, 0, 0, 0])
    image = decode(encode(picture, transparency=transparency))
    assert (image[SEVEN == 0] == 0).all()
    assert (image[SEVEN == 255] == 255).all()


def test_only_the_still_picture_of_an_animated_png_is_read() -> None:
    frames = [Pillow.new("L", (20, 30), tone) for tone in (40, 80)]
    data = encode(Pillow.fromarray(SEVEN), save_all=True, append_images=frames)
    assert b"acTL" in data
    assert (decode(data) == SEVEN).all()


def test_text_bombs_and_broken_profiles_do_not_matter() -> None:
    info = PngInfo()
    info.add_text("bomb", "0" * 70_000_000, zip=True)
    data = encode(Pillow.fromarray(SEVEN), pnginfo=info, icc_profile=b"no profile")
    assert (decode(data) == SEVEN).all()


@pytest.mark.parametrize(
    "options", [{}, {"progressive": True}, {"quality": 30}, {"optimize": True}]
)
@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
def test_every_jpeg_mode_shows_the_drawing(mode: str, options: dict[str, Any]) -> None:
    picture = Pillow.fromarray(SEVEN).resize((200, 300), Pillow.Resampling.NEAREST).convert(mode)
    image = decode(encode(picture, "JPEG", **options))
    grey = image if image.ndim == 2 else image[..., 1]
    assert (image.ndim == 2) == (mode == "L")
    assert grey[60, 60] < 40
    assert grey[200, 30] > 215


def test_cmyk_without_adobes_marker_is_not_inverted() -> None:
    """The same file without its marker means the opposite tones: both must show ink on paper."""
    picture = Pillow.new("CMYK", (64, 64), (0, 0, 0, 0))
    picture.paste((0, 0, 0, 255), (16, 16, 48, 48))
    data = encode(picture, "JPEG", quality=95)
    start = data.index(b"\xff\xee")
    end = start + 2 + int.from_bytes(data[start + 2 : start + 4])
    plain = encode(Pillow.eval(picture, lambda tone: 255 - tone), "JPEG", quality=95)
    start, end = plain.index(b"\xff\xee"), plain.index(b"\xff\xee") + end - start
    for file in (data, plain[:start] + plain[end:]):
        image = decode(file).astype(int)
        assert image[0, 0].min() > 240
        assert image[32, 32].max() < 15


def test_an_mpo_from_a_phone_is_its_first_picture() -> None:
    picture = Pillow.fromarray(SEVEN).convert("RGB")
    data = encode(picture, "MPO", save_all=True, append_images=[Pillow.new("RGB", (9, 9))])
    assert decode(data).shape == (30, 20, 3)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_exif_orientation_is_undone(kind: str, orientation: int) -> None:
    ramp = np.add.outer(np.arange(0, 96, 2), np.arange(0, 128, 4)).astype(np.uint8)
    exif = Pillow.Exif()
    exif[0x0112] = orientation
    data = encode(ramp, kind, exif=exif)
    expected = np.asarray(ImageOps.exif_transpose(Pillow.open(io.BytesIO(data))))
    assert (decode(data) == expected).all()
    assert expected.shape == ((32, 48) if orientation > 4 else (48, 32))


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
@pytest.mark.parametrize(
    ("side", "scale"), [(1_999, 1), (2_000, 2), (3_999, 2), (4_001, 4), (8_000, 8), (9_001, 8)]
)
def test_a_large_picture_is_decoded_smaller_and_says_so(side: int, scale: int, kind: str) -> None:
    image, found = decode_scaled(encode(Pillow.new("L", (side, 300)), kind))
    assert found == scale
    assert image.shape == (-(-300 // scale), -(-side // scale))


@pytest.mark.parametrize(("side", "scale"), [(2_300, 2), (4_900, 4)])
def test_a_hairline_in_a_large_png_is_found(side: int, scale: int) -> None:
    picture = Pillow.new("L", (side, side), 255)
    picture.paste(0, (1_000, 200, 1_001, 2_000))
    image, found = decode_scaled(encode(picture))
    box = walk_line(image).box
    assert found == scale
    assert box.scaled(scale).height == pytest.approx(1_800, abs=scale)


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
@pytest.mark.parametrize(("draft_side", "scale"), [(1000, 2), (1200, 1), (500, 4), (250, 8)])
def test_a_picture_keeps_the_px_that_are_asked_for(draft_side: int, scale: int, kind: str) -> None:
    data = encode(np.full((300, 2000), 255, np.uint8), kind)
    image, found = decode_scaled(data, draft_side=draft_side)
    assert found == scale
    assert image.shape[1] == 2000 // scale


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_part_is_that_part_of_the_upright_picture(kind: str, orientation: int) -> None:
    ramp = Pillow.fromarray(np.add.outer(np.arange(48), 4 * np.arange(32)).astype(np.uint8))
    exif = Pillow.Exif()
    exif[0x0112] = orientation
    data = encode(ramp, kind, exif=exif)
    image, scale = decode_scaled(data, box=Box(3, 5, 20, 11))
    assert scale == 1
    assert (image == decode(data)[5:16, 3:23]).all()
    assert image.flags.c_contiguous


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_part_keeps_its_px_however_large_the_picture_is(kind: str) -> None:
    data = encode(Pillow.new("L", (4_000, 300)), kind)
    assert decode_scaled(data)[1] == 4
    assert decode_scaled(data, box=Box(3_000, 10, 1_000, 290))[1] == 1
    image, scale = decode_scaled(data, box=Box(1_001, 11, 2_001, 80))
    assert scale == 2
    assert image.shape == (-(-91 // 2) - 5, -(-3_002 // 2) - 500)


def test_no_more_px_are_decoded_for_a_part_than_a_png_may_have() -> None:
    limits = ImageLimits(max_pixels=100_000)
    small, large = (encode(Pillow.new("L", (side, 250)), "JPEG") for side in (400, 401))
    scales = [decode_scaled(data, limits, box=Box(0, 0, 9, 9))[1] for data in (small, large)]
    assert scales == [1, 2]


@pytest.mark.parametrize(
    "box", [Box(0, 0, 49, 1), Box(0, 0, 1, 33), Box(48, 0, 1, 1), Box(0, 32, 1, 1)]
)
def test_a_part_that_leaves_the_picture_is_told_its_size(box: Box) -> None:
    with pytest.raises(Mismatch, match="48x32 px"):
        decode_scaled(encode(Pillow.new("L", (48, 32))), box=box)
    decode_scaled(encode(Pillow.new("L", (48, 32))), box=Box(0, 0, 48, 32))
