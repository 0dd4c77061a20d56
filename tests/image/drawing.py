"""Pictures drawn for the tests of the image room: canvases, pages, digits by their strokes."""

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]

SEVEN = [(0.1, 0.1), (0.9, 0.1), (0.4, 0.95)]
FIVE_BODY = [(0.2, 0.12), (0.2, 0.5), (0.7, 0.5), (0.8, 0.75), (0.6, 0.95), (0.15, 0.9)]
FIVE_BAR = [(0.32, 0.1), (0.85, 0.1)]


def canvas(height: int = 160, width: int = 160, colour: tuple[int, ...] = (255,)) -> Picture:
    """A picture of one colour, (H, W) or (H, W, 3)."""
    shape = (height, width) if len(colour) == 1 else (height, width, 3)
    return np.full(shape, colour if len(colour) > 1 else colour[0], np.uint8)


def draw(
    picture: Picture,
    points: list[tuple[float, float]],
    box: tuple[int, int, int, int],
    ink: tuple[tuple[int, ...], int],
) -> Picture:
    """Draw a stroke in place. `box` is left, top, width, height; `ink` is colour and width."""
    left, top, width, height = box
    path = np.array([(left + x * width, top + y * height) for x, y in points]).round()
    colour, thickness = ink
    cv2.polylines(
        picture,
        [path.astype(np.int32)],
        isClosed=False,
        color=colour,
        thickness=thickness,
        lineType=cv2.LINE_AA,
    )
    return picture


def page(height: int = 300, width: int = 300, shadow: float = 80) -> Picture:
    """Photographed paper: light from a side, a shadow in a corner (grey levels), noise. RGB."""
    rng = np.random.default_rng(1)
    y, x = np.mgrid[:height, :width] / max(height, width)
    light = 190 + 30 * x - 25 * y - shadow / (1 + np.exp(-(y - x - 0.35) * 25))
    grey = light + rng.normal(0, 2, (height, width))
    tint = np.array([1.0, 0.98, 0.93])
    return np.asarray(np.clip(grey[:, :, None] * tint, 0, 255), np.uint8)
