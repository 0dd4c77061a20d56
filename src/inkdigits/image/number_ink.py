"""Image of a number → ink: as `find_ink`, but for a strip of writing on any paper.

A number that is cut out of a form fills its picture from side to side: there is no quiet border,
and the paper is printed on. What helps is that a row of writing has as much ink as paper needs
for a threshold of its own, and that strokes are narrower than half the row.
"""

import cv2
import numpy as np

from inkdigits.errors import BlankImage
from inkdigits.image.ink import find_ink, ink_direction
from inkdigits.image.paper import Colours, Pixels, canvas_colour
from inkdigits.sample import Image, Ink

MAX_SIDE_NUMBER = 1600
"""Px of a photo's longer side: ten digits across half of it are still over 50 px wide."""
_STRIP_SIDE = 160  # px: a lower picture is taken for a row of writing alone
_WINDOW = 0.8  # of the shorter side: strokes cover less than half of it
_SMOOTH = 1 / 64  # of the shorter side: hatching and grain are finer, strokes are not
_LEAST_SMOOTH = 0.8  # px
_LOW, _HIGH = 0.6, 1.4  # of the threshold between paper and ink: where ink begins and is full
_LEAST, _CLEAR = 4.0, 14.0  # grey levels of the threshold: below is nothing, above clearly ink
_APART, _NEAR = 3.2, 1.8  # spreads of the paper that pale and clear ink is away from it


def find_number_ink(image: Image) -> Ink:
    """Tell ink from paper where a number is written.

    Args:
        image: uint8, (H, W) grey or (H, W, 3) RGB.

    Returns:
        float32, 0 paper to 1 ink; paper is exactly 0. Shape (H, W), or reduced to 1,600 px
        when the paper is uneven (a photo) and larger.

    Raises:
        BlankImage: nothing stands out from the paper.
    """
    pixels = image[:, :, None] if image.ndim == 2 else image
    side = min(pixels.shape[:2])
    if side > _STRIP_SIDE or canvas_colour(pixels) is not None:
        try:
            return find_ink(image, MAX_SIDE_NUMBER)
        except BlankImage:
            if side > 2 * _STRIP_SIDE:
                raise
    return _ink_on_strip(pixels)


def _ink_on_strip(pixels: Pixels) -> Ink:
    plane = _along_ink(_difference(pixels))
    grey = np.clip(plane, 0, 255).astype(np.uint8)
    threshold, _ = cv2.threshold(grey, 0, 255, cv2.THRESH_OTSU)
    if threshold < _LEAST or _distance(plane, threshold) < (
        _NEAR if threshold >= _CLEAR else _APART
    ):
        raise BlankImage
    ink = np.clip(plane / np.float32(_HIGH * threshold), 0, 1)
    return np.asarray(np.where(plane > _LOW * threshold, ink, 0), np.float32)


def _difference(pixels: Pixels) -> Colours:
    """What the pixels differ by from a wide median, which is paper where strokes are narrow."""
    side = min(pixels.shape[:2])
    window = max(3, int(_WINDOW * side) | 1)
    planes = [np.ascontiguousarray(pixels[:, :, c]) for c in range(pixels.shape[2])]
    paper = np.stack([cv2.medianBlur(plane, window) for plane in planes], axis=2)
    even = cv2.GaussianBlur(paper.astype(np.float32), (0, 0), side / 8)
    smooth = cv2.GaussianBlur(pixels.astype(np.float32), (0, 0), max(_LEAST_SMOOTH, _SMOOTH * side))
    return np.asarray((smooth - even).reshape(pixels.shape), np.float32)


def _along_ink(difference: Colours) -> Ink:
    """The difference along the ink's own colour, grey levels, shape (H, W)."""
    size = np.abs(difference).max(axis=2)
    top = float(np.quantile(size, 0.97))
    if top <= 0:
        raise BlankImage
    return np.asarray(difference @ ink_direction(difference[size >= 0.6 * top]), np.float32)


def _distance(plane: Ink, threshold: float) -> float:
    """How far ink is from paper, in spreads of the paper. Noise alone reaches 2.9."""
    drawn = plane > threshold
    if drawn.all() or not drawn.any():
        return 0.0
    paper = plane[~drawn]
    return float(plane[drawn].mean() - paper.mean()) / max(float(paper.std()), 1e-6)
