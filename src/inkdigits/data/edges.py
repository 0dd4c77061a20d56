"""A grey image in → where its edges run out."""

import cv2
import numpy as np
from numpy.typing import NDArray

_SIZE = 9  # four standard deviations to each side of the middle
_SIGMA = 1.0
_LOW, _HIGH = 0.1, 0.2
_AROUND = [(-1, -1), (-1, 0), (-1, 1), (0, -1), (0, 1), (1, -1), (1, 0), (1, 1)]

_Grey = NDArray[np.float64]


def find_edges(grey: _Grey) -> NDArray[np.bool_]:
    """Find edges as scikit-image's `canny` does with its defaults.

    OpenCV's own Canny smooths nothing and tells four directions only; this one follows the
    direction of the slope between pixels.

    Args:
        grey: float64 (H, W), 0 to 1.

    Returns:
        bool (H, W): the ridges of the slope that are steeper than 0.1, and that hold together
        with one steeper than 0.2.

    Source:
        Canny, "A Computational Approach to Edge Detection" (1986); scikit-image,
        feature/_canny.py, for sigma 1, the thresholds and the borders.
    """
    smooth = _smooth(grey)
    down = cv2.Sobel(smooth, cv2.CV_64F, 0, 1, ksize=3, borderType=cv2.BORDER_REFLECT)
    right = cv2.Sobel(smooth, cv2.CV_64F, 1, 0, ksize=3, borderType=cv2.BORDER_REFLECT)
    slope = np.hypot(down, right)
    ridge = _find_ridges(np.asarray(down), np.asarray(right), slope)
    return _keep_connected(ridge & (slope >= _LOW), ridge & (slope >= _HIGH))


def _smooth(grey: _Grey) -> _Grey:
    """Blur without counting anything from outside the picture."""
    total, weight = (
        cv2.GaussianBlur(values, (_SIZE, _SIZE), _SIGMA, borderType=cv2.BORDER_CONSTANT)
        for values in (np.ascontiguousarray(grey, np.float64), np.ones(grey.shape))
    )
    return np.asarray(total / (weight + np.finfo(np.float64).eps))


def _find_ridges(down: _Grey, right: _Grey, slope: _Grey) -> NDArray[np.bool_]:
    """Tell where the slope is no less than on both sides across the edge, read between pixels."""
    tall, wide = np.abs(down), np.abs(right)
    steep, same = tall >= wide, down * right >= 0
    padded = np.pad(slope, 1)
    height, width = slope.shape
    around = {(y, x): padded[1 + y : 1 + y + height, 1 + x : 1 + x + width] for y, x in _AROUND}
    share = np.minimum(tall, wide) / np.maximum(np.maximum(tall, wide), 1e-300)
    ridge = slope > 0
    for side in (1, -1):
        straight = np.where(steep, around[side, 0], around[0, side])
        # Across the edge: down and right together, or down and left.
        other = np.where(steep, around[side, -side], around[-side, side])
        slanted = np.where(same, around[side, side], other)
        ridge &= slanted * share + straight * (1 - share) <= slope
    # What lies beyond the border is not known, so nothing is claimed there.
    ridge[[0, -1]] = False
    ridge[:, [0, -1]] = False
    return np.asarray(ridge)


def _keep_connected(low: NDArray[np.bool_], high: NDArray[np.bool_]) -> NDArray[np.bool_]:
    _, labels = cv2.connectedComponents(low.astype(np.uint8), connectivity=8)
    return np.isin(labels, np.unique(labels[high])) & low
