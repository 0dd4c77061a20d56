"""Nothing in, the valid files out that hostile ones are made of: a 7 in every kind that is read.

All of them are drawn here. `large_seeds` are those that cost most: what a stranger sends who
knows the limits.
"""

import io
import struct
import zlib
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image as Pillow
from PIL import ImageDraw

SIGNATURE = b"\x89PNG\r\n\x1a\n"
Pixels = NDArray[np.uint8]
_ADAM7 = ((0, 8, 0, 8), (0, 8, 4, 8), (4, 8, 0, 4), (0, 4, 2, 4), (2, 4, 0, 2), (0, 2, 1, 2))
_LAST_PASS = (1, 2, 0, 1)


def chunk(kind: bytes, content: bytes) -> bytes:
    """Write one chunk of a PNG, with its checksum."""
    size, check = struct.pack(">I", len(content)), struct.pack(">I", zlib.crc32(kind + content))
    return size + kind + content + check


def png(size: tuple[int, int], kind: tuple[int, int, int], raw: bytes, extra: bytes = b"") -> bytes:
    """Write a PNG by hand.

    Args:
        size: width and height.
        kind: bits per channel, colour type, interlace.
        raw: scan lines with their filter bytes.
        extra: chunks before the pixels.
    """
    ihdr = struct.pack(">IIBBBBB", *size, *kind[:2], 0, 0, kind[2])
    body = chunk(b"IDAT", zlib.compress(raw, 1))
    return SIGNATURE + chunk(b"IHDR", ihdr) + extra + body + chunk(b"IEND", b"")


def interlaced(grey: Pixels) -> bytes:
    """Write a grey PNG in Adam7's seven passes, which Pillow cannot."""
    passes = [grey[top::down, left::right] for top, down, left, right in (*_ADAM7, _LAST_PASS)]
    rows = [b"\0" + row.tobytes() for one in passes if one.size for row in one]
    return png(grey.shape[::-1], (8, 0, 1), b"".join(rows))


def encode(picture: Pillow.Image, kind: str = "PNG", **options: Any) -> bytes:
    """Let Pillow write a file."""
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def seven(width: int, height: int, pen: int = 0) -> Pillow.Image:
    """Draw a 7, black on white, mode L."""
    picture = Pillow.new("L", (width, height), 255)
    corners = [(x * width, y * height) for x, y in ((0.2, 0.2), (0.8, 0.2), (0.45, 0.85))]
    ImageDraw.Draw(picture).line(corners, fill=0, width=pen or max(1, width // 12), joint="curve")
    return picture


def _exif(orientation: int) -> Pillow.Exif:
    exif = Pillow.Exif()
    exif[0x0112] = orientation
    return exif


def _pngs() -> dict[str, bytes]:
    grey, small = seven(90, 120), seven(28, 28)
    clear = Pillow.merge(
        "RGBA", (*[Pillow.new("L", grey.size, 0)] * 3, grey.point(lambda v: 255 - v))
    )
    deep = np.asarray(grey).astype(np.uint16) * 257
    wide = b"".join(b"\0" + row.astype(">u2").repeat(3).tobytes() for row in deep)
    return {
        "L": encode(grey),
        "small": encode(small),
        "1": encode(grey.convert("1")),
        "P": encode(grey.convert("P"), transparency=0),
        "P of 4 colours": encode(grey.quantize(4), bits=2),
        "RGB": encode(grey.convert("RGB")),
        "RGBA": encode(clear),
        "LA": encode(clear.convert("LA")),
        "16 bit": encode(Pillow.fromarray(deep)),
        "16 bit RGB": png(grey.size, (16, 2, 0), wide, chunk(b"tRNS", bytes(6))),
        "interlaced": interlaced(np.asarray(grey)),
        "EXIF": encode(grey, exif=_exif(6)),
        "animated": encode(grey, save_all=True, append_images=[seven(90, 120, 3)]),
    }


def _jpegs() -> dict[str, bytes]:
    grey = seven(90, 120)
    colour = grey.convert("RGB")
    return {
        "grey": encode(grey, "JPEG"),
        "colour": encode(colour, "JPEG", subsampling="4:2:0"),
        "full colour": encode(colour, "JPEG", subsampling="4:4:4", exif=_exif(8)),
        "progressive": encode(colour, "JPEG", progressive=True),
        "progressive grey": encode(grey, "JPEG", progressive=True),
        "restarts": encode(colour, "JPEG", restart_marker_blocks=3),
        "CMYK": encode(colour.convert("CMYK"), "JPEG"),
        "MPO": encode(colour, "MPO", save_all=True, append_images=[colour]),
        "drafted": encode(seven(2300, 1700).convert("RGB"), "JPEG", quality=30),
    }


def _others() -> dict[str, bytes]:
    import pillow_heif  # noqa: PLC0415  # of an extra

    grey = seven(90, 120)
    colour, file = grey.convert("RGB"), io.BytesIO()
    pillow_heif.from_pillow(colour).save(file)
    pages: dict[str, Any] = {"save_all": True, "append_images": [seven(60, 80), grey]}
    deep = Pillow.fromarray(np.asarray(grey).astype(np.uint16) * 257)
    tiffs = {
        f"{mode} {compression}.tiff": encode(grey.convert(mode), "TIFF", compression=compression)
        for mode, compression in (
            *(("L", "raw"), ("RGB", "tiff_lzw"), ("CMYK", "tiff_adobe_deflate"), ("P", "packbits")),
            *(("1", "group4"), ("1", "group3"), ("RGB", "jpeg"), ("F", "raw"), ("LA", "tiff_lzw")),
        )
    }
    return tiffs | {
        "deep.tiff": encode(deep, "TIFF"),
        "pages.tiff": encode(grey, "TIFF", compression="tiff_lzw", **pages),
        "turned.tiff": encode(grey, "TIFF", tiffinfo={0x0112: 6}),
        "lossy.webp": encode(colour, "WEBP", exif=_exif(6)),
        "lossless.webp": encode(colour.convert("RGBA"), "WEBP", lossless=True),
        "animated.webp": encode(colour, "WEBP", save_all=True, append_images=[colour]),
        "grey.gif": encode(grey, "GIF", transparency=0),
        "animated.gif": encode(grey, "GIF", **pages),
        "colour.bmp": encode(colour, "BMP"),
        "palette.bmp": encode(grey.convert("P"), "BMP"),
        "bits.bmp": encode(grey.convert("1"), "BMP"),
        "one.pdf": encode(grey, "PDF"),
        "pages.pdf": encode(colour, "PDF", **pages),
        "colour.avif": encode(colour, "AVIF", exif=_exif(6)),
        "animated.avif": encode(colour, "AVIF", save_all=True, append_images=[colour]),
        "colour.heic": file.getvalue(),
    }


@cache
def small_seeds() -> dict[str, bytes]:
    """Draw a 7 in every kind of file that is read, each of some kB."""
    found = {f"{name}.png": data for name, data in _pngs().items()}
    found |= {f"{name}.jpg": data for name, data in _jpegs().items()}
    return found | _others()


@cache
def large_seeds() -> dict[str, bytes]:
    """Draw what costs most within the limits: dots by the million, all channels, many scans."""
    side = 5_000
    every, rng = np.zeros((side, side), np.uint8), np.random.default_rng(0)
    every[::2, ::2] = 255
    squares = np.kron(np.ones((400, 400), np.uint8), np.pad(np.ones((4, 4), np.uint8), (0, 1)))
    row = np.arange(8 * side, dtype=np.uint8).tobytes()
    noise = Pillow.effect_noise((side, side), 80)
    grey = Pillow.fromarray(every)
    alpha = Pillow.merge("RGBA", (grey, grey, grey, grey.transpose(Pillow.Transpose.ROTATE_180)))
    return {
        "zeros.tiff": encode(Pillow.new("RGB", (side, side)), "TIFF", compression="tiff_deflate"),
        "fax.tiff": encode(noise.convert("1"), "TIFF", compression="group4"),
        "dots.webp": encode(Pillow.fromarray(every[:3000, :3000]), "WEBP", method=0),
        "zeros.gif": encode(Pillow.new("P", (side, side)), "GIF"),
        "1x1.png": encode(Pillow.new("L", (1, 1))),
        "1x12000.png": encode(Pillow.new("L", (1, 12_000))),
        "300x12000.png": encode(seven(300, 12_000, 3)),
        "12000x300.png": encode(seven(12_000, 300, 3)),
        "zeros.png": png((side, side), (8, 0, 0), bytes(side * (side + 1))),
        "dots.png": encode(Pillow.fromarray(every)),
        "squares.png": encode(Pillow.fromarray(255 - 255 * squares)),
        "bits.png": encode(noise.convert("1")),
        "alpha.png": encode(alpha, compress_level=1),
        "16 bit RGBA.png": png((side, side), (16, 6, 0), (b"\0" + row) * side),
        "16 bit RGB and a key.png": png(
            (side, side), (16, 2, 0), (b"\0" + row[: 6 * side]) * side, chunk(b"tRNS", bytes(6))
        ),
        "16 bit RGBA in passes.png": png(
            (side, side), (16, 6, 1), bytes(8 * side * side + 2 * side)
        ),
        "48 MP.jpg": encode(seven(8_000, 6_000), "JPEG", quality=50),
        "noise.jpg": encode(noise.convert("RGB"), "JPEG", quality=5, progressive=True),
        "noise of inks.jpg": encode(noise.convert("CMYK"), "JPEG", quality=4, progressive=True),
        "page.jpg": encode(
            Pillow.fromarray(rng.integers(0, 256, (1_999, 1_999, 3), np.uint8)), "JPEG", quality=60
        ),
    }
