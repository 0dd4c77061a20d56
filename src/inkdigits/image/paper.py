"""Image → paper: what the picture would be if nothing were drawn on it.

A canvas is one colour. A page under a lamp is a smooth surface. A page in a shadow is
neither: there the paper is what a wide median sees, corrected by the paper pixels near by.
"""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
"""uint8 (H, W, C), C is 1 or 3."""
Colours = NDArray[np.float32]
"""float32 (H, W, C): colours, or signed differences from the paper, -255 to 255."""

CANVAS_TOLERANCE = 3  # grey levels that a canvas may vary by, after JPEG
SMALL_SIDE = 64  # px: on less, little border is seen and a stroke is wider than any window
_CANVAS_SHARE = 0.6  # of the border must be that colour
_CANVAS_EXACT_SHARE = 0.5  # of the border must be within one level of it: a photo never is
_SMALLEST_MOUNTED = 40  # px: a smaller block is a thick stroke
_WORK_SIDE = 160  # px: paper bends slowly, a small picture shows all of it
_MEDIAN_SHARE = 0.4  # of the shorter side: strokes are narrower than half of this
_SHADOW_SIGMA = 0.04  # of the longer side: how closely shadows are followed


def canvas_colour(pixels: Pixels) -> NDArray[np.float32] | None:
    """The one colour of the paper, shape (C,), or None where the paper is not of one colour."""
    border = border_of(pixels)
    if (tone := one_tone(border)) is not None:
        return np.array([tone], np.float32)
    colour = median_of(border)
    away = _distance(border, colour)
    flat = _share(away <= CANVAS_TOLERANCE) >= _CANVAS_SHARE
    if min(pixels.shape[:2]) >= SMALL_SIDE:
        flat = flat and _share(away <= 1) >= _CANVAS_EXACT_SHARE
    elif not flat:
        colour, flat = _commonest(pixels.reshape(-1, pixels.shape[2]), border, colour)
    return np.asarray(colour, np.float32) if flat else None


def without_colour(pixels: Pixels) -> Pixels:
    """Give a picture whose channels are alike as one of one channel, (H, W, 1).

    Most drawings are black on white. The answer stays the same, and takes half the time.
    """
    first = pixels[0]
    if pixels.shape[2] == 1 or (first != first[:, :1]).any():  # in a photo, the first row says it
        return pixels
    red, green, blue = cv2.split(pixels)
    return np.asarray(red, np.uint8)[:, :, None] if are_alike(red, green, blue) else pixels


def are_alike(first: NDArray[Any], *others: NDArray[Any]) -> bool:
    """Whether channels, (H, W) each, are the same: of red, green and blue, whether all is grey."""
    return not any(cv2.norm(first, other, cv2.NORM_INF) for other in others)


def border_of(pixels: Pixels) -> NDArray[np.uint8]:
    """All pixels at the border, (M, C); those of the corners twice."""
    return np.concatenate((pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]))


def one_tone(border: NDArray[np.uint8], spread: float = 0.0) -> float | None:
    """The tone of a border, (M, C), if it is grey, and no two differ by more than `spread`."""
    if border.shape[1] > 1:
        return None
    low, high, _, _ = cv2.minMaxLoc(border)
    return float(low) if high - low <= spread else None


def median_of(values: NDArray[Any]) -> NDArray[np.float64]:
    """As `np.median(values, axis=0)`, for a tenth of its time where there are few values."""
    ordered = np.sort(values, axis=0)
    low, high = ordered[(len(values) - 1) // 2], ordered[len(values) // 2]
    return np.asarray((low.astype(np.float64) + high) / 2)


def _commonest(
    whole: NDArray[np.uint8], border: NDArray[np.uint8], colour: NDArray[np.float64]
) -> tuple[NDArray[np.float64], bool]:
    """Tell paper from ink where a digit fills its small picture, from border and area alike.

    Args:
        whole: all pixels, (N, C).
        border: those at the border, (M, C).
        colour: the border's median, (C,).

    Returns:
        The colour of which there is more, and whether there is as much of it as of all others.
    """
    choices = [colour, np.median(whole, axis=0), *np.quantile(whole, (0.1, 0.9), axis=0)]
    shares = [
        sum(_share(_distance(some, choice) <= CANVAS_TOLERANCE) for some in (border, whole))
        for choice in choices
    ]
    best = int(np.argmax(shares))
    return choices[best], shares[best] >= 1


def _distance(pixels: NDArray[np.uint8], colour: NDArray[np.float64]) -> NDArray[np.float64]:
    """How far each pixel (N, C) is from a colour, in the channel where it is farthest."""
    away = np.abs(pixels - colour)
    return away[:, 0] if away.shape[1] == 1 else np.asarray(away.max(axis=1))


def _share(marked: NDArray[np.bool_]) -> float:
    return np.count_nonzero(marked) / marked.size


def drawn_window(size: Pixels) -> tuple[slice, slice] | None:
    """The box around everything that differs from the canvas, or None where nothing does.

    Args:
        size: how far each pixel is from the canvas. uint8 (H, W).
    """
    left, top, width, height = cv2.boundingRect((size > CANVAS_TOLERANCE).view(np.uint8))
    return np.s_[top : top + height, left : left + width] if width else None


def is_mounted_picture(size: Pixels, whole: tuple[int, ...]) -> bool:
    """Whether what differs from the canvas is a smaller picture with its own paper.

    Cropped photos are often padded to a square with white: the frame of what differs from the
    canvas is then not ink but another paper.

    Args:
        size: how far each pixel in the `drawn_window` is from the canvas. uint8 (h, w).
        whole: the shape of the whole picture, (H, W).
    """
    inside = size[1:-1, 1:-1]
    if min(size.shape) < _SMALLEST_MOUNTED or inside.size > 0.98 * whole[0] * whole[1]:
        return False
    rim = np.concatenate((inside[0], inside[-1], inside[:, 0], inside[:, -1]))
    return _share(rim > CANVAS_TOLERANCE) >= 0.95


def surface_paper(pixels: Pixels) -> Colours:
    """Fit one smooth surface of second order to each channel, ignoring what is drawn.

    Source: iteratively reweighted least squares with Tukey's biweight.
    """
    height, width, channels = pixels.shape
    y, x = (a.ravel() / max(height, width) - 0.5 for a in np.mgrid[:height, :width])
    terms = np.stack([np.ones_like(x), x, y, x * x, x * y, y * y], axis=1)
    values = pixels.reshape(-1, channels).astype(np.float64)
    paper = np.tile(np.median(values, axis=0), (len(values), 1))
    for _ in range(4):
        error = np.abs(values - paper).max(axis=1)
        scale = 4.685 * (1.4826 * float(np.median(error)) + 1.5)
        weight = np.clip(1 - (error / scale) ** 2, 0, 1) ** 2
        weighted = terms * weight[:, None]
        normal = weighted.T @ terms + 1e-6 * np.eye(terms.shape[1])
        paper = terms @ np.linalg.solve(normal, weighted.T @ values)
    return np.asarray(paper.reshape(pixels.shape), np.float32)


def local_paper(pixels: Pixels) -> Colours:
    """A wide median, corrected by the mean of the paper pixels near by."""
    window = int(_MEDIAN_SHARE * min(pixels.shape[:2])) | 1
    planes = [np.ascontiguousarray(pixels[:, :, c]) for c in range(pixels.shape[2])]
    wide = np.stack([cv2.medianBlur(plane, window) for plane in planes], axis=2).astype(np.float32)
    difference = pixels - wide
    strength = np.abs(difference).max(axis=2)
    spread = 1.4826 * float(np.median(strength)) + 1.0
    is_paper = cv2.erode((strength < 3 * spread).view(np.uint8), np.ones((3, 3), np.uint8))
    weight = is_paper.astype(np.float32)
    return wide + _mean_where(difference, weight, _SHADOW_SIGMA * max(pixels.shape[:2]))


def work_size(pixels: Pixels) -> Pixels:
    """The small picture that paper is looked for in."""
    return reduced(pixels, _WORK_SIDE)


def reduced(pixels: Pixels, max_side: int) -> Pixels:
    """Shrink by area averaging until no side exceeds `max_side`."""
    height, width, channels = pixels.shape
    scale = max_side / max(height, width)
    if scale >= 1:
        return pixels
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    smaller = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
    return np.asarray(smaller.reshape(size[1], size[0], channels), np.uint8)


def enlarged(paper: Colours, pixels: Pixels) -> Colours:
    """The paper at the size of `pixels`."""
    height, width = pixels.shape[:2]
    larger = cv2.resize(paper, (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(larger.reshape(pixels.shape), np.float32)


def _mean_where(values: Colours, weight: NDArray[np.float32], sigma: float) -> Colours:
    """Gaussian mean of the pixels with weight 1; 0 far away from all of them."""
    mass = cv2.GaussianBlur(weight, (0, 0), sigma)[:, :, None]
    total = cv2.GaussianBlur(values * weight[:, :, None], (0, 0), sigma).reshape(values.shape)
    return np.asarray(total / (mass + 0.02), np.float32)
