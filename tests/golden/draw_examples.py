"""Draw the page's examples anew: `python tests/golden/draw_examples.py`. The project's own hand.

As small as they get, since every visitor loads them all.
"""

import io
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from inkdigits.data.hand import FINE, Line, Place, cover
from inkdigits.image.stages import walk_line

EXAMPLES = Path(str(files("inkdigits.service"))) / "static" / "examples"
LETTER: list[Line] = [
    [(0.22, 0.95), (0.24, 0.5), (0.25, 0.06)],
    [(0.25, 0.07), (0.5, 0.03), (0.72, 0.14), (0.72, 0.32), (0.55, 0.46), (0.26, 0.5)],
    [(0.45, 0.49), (0.62, 0.72), (0.82, 0.95)],
]


def main() -> None:
    """Write every example, and say how large they are."""
    EXAMPLES.mkdir(exist_ok=True)
    for name, draw in DRAWN.items():
        (EXAMPLES / name).write_bytes(draw())
        print(f"{(EXAMPLES / name).stat().st_size:6} {name}")  # noqa: T201


def _mnist() -> bytes:
    """White on black, 28×28, as MNIST's own files look."""
    covered = cover("3", (128, 128), Place(30, 14, 100, rotation_deg=6), 11)
    sample = walk_line(np.rint(255 * covered).astype(np.uint8)).sample
    return _encode(sample * 255, tones=None)


def _paint() -> bytes:
    """One px, hard edges, black on white: a paint program's pencil."""
    ink = cover("5", (240, 200), Place(118, 36, 128, rotation_deg=-4), 1.0) > 0.35
    return _encode(np.where(ink, 0.0, 255.0))


def _photo() -> bytes:
    """Ball pen on paper under a lamp, with a shadow across and noise."""
    rng = np.random.default_rng(2)
    y, x = np.mgrid[:240, :240] / 240
    shadow = 1 / (1 + np.exp(-(0.8 * x + y - 1.2) * 22))
    light = 214 - 34 * x - 70 * shadow
    paper = light[:, :, None] * np.array([1.0, 0.97, 0.9])
    ink = cover("2", (240, 240), Place(66, 54, 138, rotation_deg=5), 6)[:, :, None] * 0.8
    pixels = paper * (1 - ink) + np.array([34, 40, 96]) * ink
    pixels += rng.normal(0, 2.5, (240, 240, 1))
    soft = Image.fromarray(pixels.clip(0, 255).astype(np.uint8))
    return _encode(np.asarray(soft.filter(ImageFilter.GaussianBlur(0.8)), np.float64), "JPEG")


def _letter() -> bytes:
    canvas = Image.new("L", (200 * FINE, 200 * FINE), 255)
    pen = ImageDraw.Draw(canvas)
    for line in LETTER:
        points = [((44 + 130 * x) * FINE, (32 + 136 * y) * FINE) for x, y in line]
        pen.line(points, fill=30, width=10 * FINE, joint="curve")
        for x, y in (points[0], points[-1]):
            pen.ellipse((x - 5 * FINE, y - 5 * FINE, x + 5 * FINE, y + 5 * FINE), fill=30)
    return _encode(np.asarray(canvas.resize((200, 200), Image.Resampling.BOX), np.float64))


def _blank() -> bytes:
    return _encode(np.full((200, 200), 255.0))


def _encode(pixels: NDArray[np.float64], ending: str = "PNG", tones: int | None = 16) -> bytes:
    out = io.BytesIO()
    picture = Image.fromarray(np.rint(pixels).clip(0, 255).astype(np.uint8))
    if ending == "JPEG":
        picture.save(out, ending, quality=72)
    else:
        (picture.quantize(tones) if tones else picture).save(out, ending, optimize=True)
    return out.getvalue()


DRAWN: dict[str, Callable[[], bytes]] = {
    "mnist.png": _mnist,
    "paint.png": _paint,
    "photo.jpg": _photo,
    "letter.png": _letter,
    "blank.png": _blank,
}

if __name__ == "__main__":
    main()
