"""Draw the golden pictures anew: `python tests/golden/draw.py`. The project's own hand.

Every digit in every style of `STYLES`, as people upload them. The name of a file is the
digit it shows and the style: `7_hairline.png`.
"""

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from inkdigits.data.hand import Place, cover

PICTURES = Path(__file__).parent / "pictures"
DIGITS = "0123456789"


def main() -> None:
    """Write every picture, and say how many."""
    PICTURES.mkdir(exist_ok=True)
    for digit in DIGITS:
        for style, (ending, draw) in STYLES.items():
            (PICTURES / f"{digit}_{style}.{ending}").write_bytes(draw(digit))
    print(f"{len(DIGITS) * len(STYLES)} pictures in {PICTURES.name}/")  # noqa: T201


def coverage(
    digit: str, size: tuple[int, int], box: tuple[int, int, int], width: float
) -> NDArray[np.float64]:
    """How much of each px the digit covers, (H, W), 0 to 1. `box` is left, top, height."""
    return cover(digit, size, Place(*box), width)


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
