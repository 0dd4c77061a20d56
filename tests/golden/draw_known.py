"""Draw the digits anew that a strange model is asked: `python tests/golden/draw_known.py`.

The project's own hand, each drawing upright and leaning to both sides, through the image line.
"""

from importlib.resources import files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from inkdigits.data.hand import DRAWINGS, Place, cover
from inkdigits.image.stages import walk_line

KNOWN = Path(str(files("inkdigits.model"))) / "builtin" / "known_digits.npz"
LEANING_DEG = (-8.0, 0.0, 8.0)


def main() -> None:
    """Write the file, and say how large it is."""
    samples, labels = draw()
    np.savez_compressed(KNOWN, samples=samples, labels=labels)
    print(f"{len(samples)} samples, {KNOWN.stat().st_size} bytes")  # noqa: T201


def draw() -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Draw every drawing in every position: uint8 (N, 28, 28), 255 ink; and (N,), the digits."""
    samples = [
        walk_line(np.rint(255 * cover(name, (128, 128), place, 9)).astype(np.uint8)).sample
        for name in DRAWINGS
        for place in (Place(30, 14, 100, rotation_deg=lean) for lean in LEANING_DEG)
    ]
    digits = np.repeat([int(name[0]) for name in DRAWINGS], len(LEANING_DEG))
    return np.rint(255 * np.stack(samples)).astype(np.uint8), digits.astype(np.uint8)


if __name__ == "__main__":
    main()
