"""A picture or ink in → a small PNG to look at out."""

import cv2
import numpy as np

from inkdigits.sample import Image, Ink


def thumbnail(picture: Image | Ink, max_side: int = 128) -> bytes:
    """Make a picture, or a stage of the line, small enough for a page full of them.

    Args:
        picture: uint8 (H, W) or (H, W, 3) RGB; or ink, float32 (H, W), 0 paper to 1 ink, which
            is shown black on white.
        max_side: px; what is larger is reduced to it, what is smaller stays.

    Returns:
        A PNG file.
    """
    pixels = np.asarray(picture if picture.dtype == np.uint8 else _as_grey(picture), np.uint8)
    scale = max_side / max(pixels.shape[:2])
    if scale < 1:
        size = (max(1, round(pixels.shape[1] * scale)), max(1, round(pixels.shape[0] * scale)))
        pixels = np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)
    ordered = cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR) if pixels.ndim == 3 else pixels
    return bytes(cv2.imencode(".png", ordered)[1].tobytes())


def _as_grey(ink: Image | Ink) -> Image:
    return np.asarray(np.rint(255 - 255 * np.clip(ink, 0, 1)), np.uint8)
