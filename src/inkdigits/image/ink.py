"""Image → ink: how much each pixel is drawn on, whatever the polarity, the colours and the light.

Ink is what differs from the paper in the direction in which the strongest marks differ.
"""

from contextlib import suppress
from functools import lru_cache
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from inkdigits.errors import BlankImage
from inkdigits.image.paper import (
    CANVAS_TOLERANCE,
    SMALL_SIDE,
    Colours,
    Pixels,
    canvas_colour,
    drawn_window,
    enlarged,
    is_mounted_picture,
    local_paper,
    reduced,
    surface_paper,
    without_colour,
    work_size,
)
from inkdigits.image.ruled import remove_ruled_lines
from inkdigits.image.spoiled import mended
from inkdigits.sample import Image, Ink

Strength = NDArray[np.uint8]
"""Difference from the paper along the ink's own colour. uint8 (H, W), grey levels."""

_TONES = np.arange(256)
_LEVELS = np.arange(256, dtype=np.float32)

MAX_SIDE_PHOTO = 640
"""Px of a photo's longer side: one digit is still over 100 px high at this size."""
_MIN_LEVEL_CANVAS = 6  # grey levels: the palest ink a canvas shows
_MIN_LEVEL_PHOTO = 24  # grey levels: paper texture and rests of shadows stay below this
_GRAIN = 6.0  # grey levels: more noise than this is blurred away first
_NOISE_FACTOR = 4.0  # ink stands out from the noise by at least this
_NOISE_FACTOR_SMALL = 2.5  # where the stroke covers so much that it counts as noise itself


def find_ink(image: Image, max_side: int = MAX_SIDE_PHOTO) -> Ink:
    """Tell ink from paper.

    Args:
        image: uint8, (H, W) grey or (H, W, 3) RGB.
        max_side: px that a photo's longer side is reduced to.

    Returns:
        float32, 0 paper to 1 ink; paper is exactly 0. Shape (H, W), or reduced to `max_side`
        when the paper is uneven (a photo) and larger.

    Raises:
        BlankImage: nothing stands out from the paper.
    """
    pixels = without_colour(image[:, :, None] if image.ndim == 2 else image)
    if min(pixels.shape[:2]) < SMALL_SIDE:
        pixels = mended(pixels)
    canvas = canvas_colour(pixels)
    if canvas is None:
        return _ink_on_page(pixels, max_side)
    size = _largest_difference(pixels, canvas)
    drawn = drawn_window(size)
    if drawn is None:
        raise BlankImage
    ink = np.zeros(size.shape, np.float32)
    if is_mounted_picture(size[drawn], size.shape):
        with suppress(BlankImage):  # then it is a block of ink: a 1 by a broad marker
            rim, inside = ink[drawn], np.s_[1:-1, 1:-1]
            found = find_ink(np.ascontiguousarray(pixels[drawn][inside]), max_side)
            rim[inside] = cv2.resize(found, rim[inside].shape[::-1])
            return ink
    ink[drawn] = _ink_on_canvas(pixels[drawn], canvas, size[drawn])
    return ink


def _largest_difference(pixels: Pixels, canvas: NDArray[np.float32]) -> Strength:
    """How far each pixel is from the canvas in the channel where it is farthest."""
    scalar = np.zeros(4)  # OpenCV's way to say one colour for all pixels
    scalar[: canvas.size] = np.round(canvas)
    difference = cv2.absdiff(pixels, scalar)
    if difference.ndim == 2:
        return np.asarray(difference, np.uint8)
    red, green, blue = cv2.split(difference)
    return np.asarray(cv2.max(cv2.max(red, green), blue), np.uint8)


def _ink_on_canvas(pixels: Pixels, canvas: NDArray[np.float32], size: Strength) -> Ink:
    if canvas.size == 1:
        return _grey_ink_on_canvas(pixels, float(canvas[0]))
    strong = size >= 0.6 * _level(size, CANVAS_TOLERANCE)
    direction = ink_direction(pixels[strong] - canvas)
    strength = _project(pixels, direction, float(canvas @ direction))
    ramp = _canvas_ramp(_level(strength, CANVAS_TOLERANCE), strength.shape)
    return np.asarray(cv2.LUT(strength, ramp), np.float32)


def _grey_ink_on_canvas(pixels: Pixels, canvas: float) -> Ink:
    """As `_ink_on_canvas`, where all that counts is how many pixels have which tone."""
    plane = np.ascontiguousarray(pixels[:, :, 0])
    counts = cv2.calcHist([plane], [0], None, [256], [0, 256]).ravel()
    whole, (darkest, lightest, _, _) = round(canvas), cv2.minMaxLoc(plane)
    if whole == canvas and (lightest <= whole or darkest >= whole):  # nearly always
        away = np.s_[whole::-1] if lightest <= whole else np.s_[whole:]
        ramp, table = _canvas_ramp(_level_of(counts[away]), plane.shape), np.zeros_like(_LEVELS)
        table[away] = ramp[: len(table[away])]
    else:  # there are marks of both kinds, or dust
        strong = np.abs(_TONES - whole) >= 0.6 * _level_of(
            np.bincount(np.abs(_TONES - whole), counts)
        )
        is_darker = float((_TONES[strong] - canvas) @ counts[strong]) < 0
        strength = np.clip(np.rint(canvas - _TONES if is_darker else _TONES - canvas), 0, 255)
        level = _level_of(np.bincount(strength.astype(np.intp), counts))
        table = _canvas_ramp(level, plane.shape)[strength.astype(np.intp)]
    return np.asarray(cv2.LUT(plane, table), np.float32)


def _canvas_ramp(level: float, shape: tuple[int, ...]) -> NDArray[np.float32]:
    if level < _MIN_LEVEL_CANVAS:
        raise BlankImage
    # A small picture has no JPEG halo, and its faintest grey belongs to the stroke.
    share = 0.04 if min(shape) < SMALL_SIDE else 0.12
    return _ramp(max(CANVAS_TOLERANCE, share * level), level)


def _ink_on_page(pixels: Pixels, max_side: int) -> Ink:
    if min(pixels.shape[:2]) < SMALL_SIDE:
        return _ink_on_uneven(pixels - surface_paper(pixels))
    pixels = reduced(pixels, max_side)
    small = work_size(pixels)
    paper = surface_paper(small)
    if not _explains(small - paper):
        paper = local_paper(small)
    return remove_ruled_lines(_ink_on_uneven(pixels - enlarged(paper, pixels)))


def _explains(difference: Colours) -> bool:
    """Whether what is left after subtracting the paper looks like strokes.

    Strokes have sharp edges and stand alone; a shadow fades and runs out of the picture.
    """
    strength, noise = _along_ink(difference)
    level = _level(strength, _MIN_LEVEL_PHOTO)
    drawn = strength > 0.3 * level
    share = float(drawn.mean())
    if level < max(_MIN_LEVEL_PHOTO, 8 * noise) or not 0 < share < 0.5:
        return False
    fading = float((drawn & (strength < 0.7 * level)).sum() / drawn.sum())
    border = np.concatenate((drawn[0], drawn[-1], drawn[:, 0], drawn[:, -1]))
    return fading < 0.4 and float(border.mean()) < 0.15


def _ink_on_uneven(difference: Colours) -> Ink:
    strength, noise = _along_ink(difference)
    small = min(strength.shape) < SMALL_SIDE
    if noise > _GRAIN and not small:
        strength, noise = _along_ink(_smooth(difference))
    floor = max((_NOISE_FACTOR_SMALL if small else _NOISE_FACTOR) * noise, _MIN_LEVEL_PHOTO / 3)
    level = _level(strength, floor)
    if level < max(_MIN_LEVEL_PHOTO, 1.5 * floor):
        raise BlankImage
    return np.asarray(cv2.LUT(strength, _ramp(max(0.35 * level, floor), 0.8 * level)), np.float32)


def _smooth(difference: Colours) -> Colours:
    """Blur away a sensor's grain: a third of it is left, and of a pen's stroke most."""
    smooth = cv2.GaussianBlur(difference, (0, 0), 1.0)
    return np.asarray(smooth.reshape(difference.shape), np.float32)


def _along_ink(difference: Colours) -> tuple[Strength, float]:
    """The difference along the ink's own colour, and the noise of the paper along it."""
    size = np.abs(difference).max(axis=2)
    top = _level(np.minimum(size, 255).astype(np.uint8), _MIN_LEVEL_PHOTO / 3, 99.0)
    direction = ink_direction(difference[size >= 0.6 * top])
    plane = difference @ direction
    noise = 1.4826 * float(np.median(np.abs(plane[::3, ::3])))
    return np.clip(plane, 0, 255).astype(np.uint8), noise


def ink_direction(strong: Colours) -> NDArray[np.float32]:
    """Find the ink's own colour relative to the paper, from its strongest pixels (N, C).

    Darker and lighter marks are told apart; the side with more of them is the ink. Scaled so
    that black on white still counts 255.
    """
    grey = strong.sum(axis=1)
    direction = strong[(grey < 0) == (float(grey.sum()) < 0)].mean(axis=0)
    length = float(direction @ direction)
    peak = float(np.abs(direction).max())
    return np.asarray(direction * (peak / length if length > 0 else 0.0), np.float32)


def _project(pixels: Pixels, direction: NDArray[np.float32], paper: float) -> Strength:
    """The positive part of `pixels @ direction - paper`, saturating at 255."""
    matrix = np.append(direction, np.float32(-paper)).reshape(1, -1)
    strength = cv2.transform(np.ascontiguousarray(pixels), matrix)
    return np.asarray(strength.reshape(pixels.shape[:2]), np.uint8)


def _level(strength: Strength, floor: float, percent: float = 90.0) -> float:
    """How strong full ink is, grey levels: robust against glaring pixels and soft edges."""
    counts = cv2.calcHist([strength], [0], None, [256], [0, 256]).ravel()
    return _level_of(counts, floor, percent)


def _level_of(
    counts: NDArray[Any], floor: float = CANVAS_TOLERANCE, percent: float = 90.0
) -> float:
    """As `_level`, from how many pixels (N,) have which strength, 0 to N - 1."""
    counts[: int(floor) + 1] = 0
    summed = counts.cumsum()
    return float(summed.searchsorted(summed[-1] * percent / 100)) if summed[-1] > 0 else 0.0


@lru_cache(maxsize=256)
def _ramp(low: float, high: float) -> NDArray[np.float32]:
    """The ink of each strength: none up to `low`, rising to full at `high`."""
    table: NDArray[np.float32] = np.minimum(_LEVELS / np.float32(high), np.float32(1))
    table[: int(low) + 1] = 0
    table.flags.writeable = False
    return table
