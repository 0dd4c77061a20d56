"""Nothing in, pictures of a 7 out, in the four sizes that people send: drawn here, as files."""

import io

import numpy as np
from PIL import Image as Pillow
from PIL import ImageDraw

SEVEN = ((0.2, 0.15), (0.8, 0.15), (0.45, 0.85))  # corners, parts of the picture's sides


def draw_pictures() -> dict[str, bytes]:
    """Draw a MNIST-like digit, one from a paint program, a photo of a screen, a phone's photo."""
    mnist = draw((28, 28), pen=3, paper=0, pencil=255).convert("L")
    paint = draw((172, 161), pen=2).convert("RGBA")
    return {
        "28×28 PNG": encode(mnist, "PNG"),
        "172×161 PNG": encode(paint, "PNG"),
        "1600×1200 JPEG": encode(photograph(draw((1600, 1200), pen=14)), "JPEG"),
        "4000×3000 JPEG": encode(photograph(draw((4000, 3000), pen=35)), "JPEG"),
    }


def draw(size: tuple[int, int], *, pen: int, paper: int = 255, pencil: int = 0) -> Pillow.Image:
    """Draw a 7."""
    picture = Pillow.new("RGB", size, (paper,) * 3)
    corners = [(x * size[0], y * size[1]) for x, y in SEVEN]
    ImageDraw.Draw(picture).line(corners, fill=(pencil,) * 3, width=pen, joint="curve")
    return picture


def photograph(picture: Pillow.Image) -> Pillow.Image:
    """Add what a camera adds: light from one side and grain."""
    rng = np.random.default_rng(0)
    pixels = np.asarray(picture, dtype=np.float32)
    light = np.linspace(0.55, 0.95, pixels.shape[1], dtype=np.float32)[:, None]
    grain = rng.normal(0, 4, pixels.shape[:2]).astype(np.float32)[:, :, None]
    return Pillow.fromarray(np.clip(pixels * light + grain, 0, 255).astype(np.uint8))


def encode(picture: Pillow.Image, kind: str) -> bytes:
    """Make a file of a picture."""
    file = io.BytesIO()
    picture.save(file, kind)
    return file.getvalue()
