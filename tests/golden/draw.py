"""Draw the golden pictures anew: `python tests/golden/draw.py`. The project's own hand.

Every digit in every style of `STYLES`, as people upload them. The name of a file is the
digit it shows and the style: `7_hairline.png`.
"""

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

PICTURES = Path(__file__).parent / "pictures"
FINE = 4  # drawn so many times larger, then reduced: smooth edges without a font engine

Path2D = list[tuple[float, float]]


def _arc(x: float, y: float, size: tuple[float, float], turn: tuple[float, float]) -> Path2D:
    """Points on an ellipse; angles in degrees, 0 to the right, 90 down."""
    angles = np.radians(np.linspace(turn[0], turn[1], 24))
    return [(x + size[0] * float(np.cos(a)), y + size[1] * float(np.sin(a))) for a in angles]


STROKES: dict[str, list[Path2D]] = {
    "0": [_arc(0.5, 0.5, (0.3, 0.45), (-90, 275))],
    "1": [[(0.35, 0.22), (0.55, 0.05), (0.55, 0.95)]],
    "2": [[*_arc(0.5, 0.28, (0.27, 0.23), (-170, 40)), (0.22, 0.93), (0.8, 0.93)]],
    "3": [
        [*_arc(0.47, 0.27, (0.26, 0.22), (-150, 90)), *_arc(0.47, 0.72, (0.3, 0.23), (-90, 150))]
    ],
    "4": [[(0.55, 0.05), (0.18, 0.62), (0.85, 0.62)], [(0.65, 0.35), (0.63, 0.97)]],
    "5": [
        [(0.3, 0.08), (0.28, 0.45), *_arc(0.48, 0.68, (0.28, 0.26), (-120, 140))],
        [(0.3, 0.08), (0.75, 0.07)],
    ],
    "6": [[(0.65, 0.05), (0.35, 0.4), *_arc(0.48, 0.7, (0.24, 0.25), (-170, 185))]],
    "7": [[(0.18, 0.08), (0.8, 0.08), (0.42, 0.96)]],
    "8": [[*_arc(0.5, 0.27, (0.22, 0.21), (90, 450)), *_arc(0.5, 0.72, (0.27, 0.24), (-90, 270))]],
    "9": [[*_arc(0.48, 0.3, (0.24, 0.24), (0, -360)), (0.7, 0.55), (0.6, 0.95)]],
}


def main() -> None:
    """Write every picture, and say how many."""
    PICTURES.mkdir(exist_ok=True)
    for digit in STROKES:
        for style, (ending, draw) in STYLES.items():
            (PICTURES / f"{digit}_{style}.{ending}").write_bytes(draw(digit))
    print(f"{len(STROKES) * len(STYLES)} pictures in {PICTURES.name}/")  # noqa: T201


def coverage(
    digit: str, size: tuple[int, int], box: tuple[int, int, int], width: float
) -> NDArray[np.float64]:
    """How much of each px the digit covers, (H, W), 0 to 1. `box` is left, top, height."""
    left, top, height = box
    mask = Image.new("L", (size[0] * FINE, size[1] * FINE))
    pen = ImageDraw.Draw(mask)
    for stroke in STROKES[digit]:
        points = [((left + x * height * 0.8) * FINE, (top + y * height) * FINE) for x, y in stroke]
        pen.line(points, fill=255, width=max(1, round(width * FINE)), joint="curve")
        for x, y in (points[0], points[-1]):
            r = width * FINE / 2
            pen.ellipse((x - r, y - r, x + r, y + r), fill=255)
    return np.asarray(mask.resize(size, Image.Resampling.BOX), np.float64) / 255


def _encode(pixels: NDArray[np.float64], ending: str = "PNG") -> bytes:
    out = io.BytesIO()
    options = {"quality": 80} if ending == "JPEG" else {"optimize": True}
    Image.fromarray(pixels.round().clip(0, 255).astype(np.uint8)).save(out, ending, **options)
    return out.getvalue()


def _mix(
    ink: NDArray[np.float64], ink_colour: tuple[int, ...], paper: object
) -> NDArray[np.float64]:
    return ink[:, :, None] * np.array(ink_colour) + (1 - ink[:, :, None]) * np.asarray(paper)


def _hairline(digit: str) -> bytes:
    """One px, hard edges, white on black: MS Paint's pencil."""
    ink = coverage(digit, (150, 170), (22, 20, 130), 1.0) > 0.35
    return _encode(ink.astype(np.float64) * 255)


def _marker(digit: str) -> bytes:
    return _encode(255 - 255 * coverage(digit, (240, 240), (50, 35, 170), 34))


def _colours(digit: str) -> bytes:
    ink = coverage(digit, (300, 200), (90, 30, 140), 9)
    return _encode(_mix(ink, (255, 225, 40), (20, 70, 160)))


def _transparent(digit: str) -> bytes:
    """Black ink that lives in the alpha channel alone."""
    ink = coverage(digit, (128, 128), (25, 14, 100), 7)
    return _encode(np.dstack([np.zeros((*ink.shape, 3)), ink * 255]))


def _small(digit: str) -> bytes:
    return _encode(255 - 170 * coverage(digit, (28, 28), (6, 4, 20), 1.8))


def _corner(digit: str) -> bytes:
    return _encode(255 - 255 * coverage(digit, (600, 400), (540, 340, 48), 4))


def _photo(digit: str) -> bytes:
    """Pencil on paper under a lamp, with a shadow and noise."""
    rng = np.random.default_rng(int(digit))
    y, x = np.mgrid[:360, :300] / 360
    light = 205 - 30 * x + 15 * y - 90 / (1 + np.exp(-(0.9 * x + y - 1.15) * 30))
    paper = light[:, :, None] * np.array([1.0, 0.97, 0.9])
    ink = coverage(digit, (300, 360), (90, 100, 150), 5) * 0.65
    pixels = _mix(ink, (30, 30, 60), paper) + rng.normal(0, 3, (360, 300, 1))
    blurred = Image.fromarray(pixels.clip(0, 255).astype(np.uint8)).filter(
        ImageFilter.GaussianBlur(0.7)
    )
    return _encode(np.asarray(blurred, np.float64), "JPEG")


STYLES: dict[str, tuple[str, Callable[[str], bytes]]] = {
    "hairline": ("png", _hairline),
    "marker": ("png", _marker),
    "colours": ("png", _colours),
    "transparent": ("png", _transparent),
    "small": ("png", _small),
    "corner": ("png", _corner),
    "photo": ("jpg", _photo),
}

if __name__ == "__main__":
    main()
