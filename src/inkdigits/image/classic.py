"""Image → sample the classic way: the preprocessing that everybody starts with, for comparison."""

import cv2
import numpy as np

from inkdigits.sample import SIDE, Image, Sample


def classic_sample(image: Image) -> Sample:
    """Grey, resize to 28×28, divide by 255. Finds no ink: drawings fade, polarity stays.

    Args:
        image: uint8, (H, W) grey or (H, W, 3) RGB.

    Returns:
        Shape (28, 28), float32, 0 black to 1 white.
    """
    grey = image if image.ndim == 2 else cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
    small = cv2.resize(grey, (SIDE, SIDE), interpolation=cv2.INTER_CUBIC)
    return np.asarray(small, np.float32) / np.float32(255)
