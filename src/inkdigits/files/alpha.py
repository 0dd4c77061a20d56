"""A picture with transparency → the same on the background that shows its ink.

Ink may live in the colours, in the alpha channel alone, or in both.
"""

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image as Pillow

from inkdigits.image.paper import are_alike

BLACK, WHITE = 0, 255
_STRIP = 128  # rows of a reduced picture that are composited at a time
_SEVERAL_TONES = 64  # of 255: opaque pixels that differ by more are ink and paper
_SHEET_FILL = 0.5  # of its bounding box: a sheet of paper fills it, strokes do not


def flatten(image: Pillow.Image, scale: int = 1) -> Pillow.Image:
    """Composite a transparent picture so that the ink shows, and reduce it.

    What is visible is either strokes, which go on white if they are dark and on
    black if they are light, or a sheet with ink and paper on it, which goes on its
    own paper colour, so that its edge does not become ink.

    Args:
        image: mode LA or RGBA, any size.
        scale: how many px become one, along each side.

    Returns:
        Mode L or RGB, of that size. All white if nothing is visible.
    """
    alpha, mode = image.getchannel("A"), "L" if image.mode == "LA" else "RGB"
    values = np.asarray(alpha)  # three times as fast as Pillow's own `getextrema`
    lowest, highest = int(values.min()), int(values.max())
    size = -(-image.width // scale), -(-image.height // scale)
    if highest == 0:
        return Pillow.new("L", size, WHITE)
    background = None  # none is needed where alpha is the same everywhere: it says nothing
    if lowest < highest:
        visible = alpha.point([255 if 2 * value >= highest else 0 for value in range(256)])
        background = _find_background(image, visible)
    if scale == 1:
        return _composite(image, mode, background)
    small = Pillow.new(mode, size)
    for top in range(0, image.height, _STRIP * scale):  # 25 million px more are 100 MB
        bottom = min(top + _STRIP * scale, image.height)
        strip = _composite(image.crop((0, top, image.width, bottom)), mode, background)
        small.paste(strip.reduce(scale), (0, top // scale))
    return small


def _composite(image: Pillow.Image, mode: str, background: tuple[int, ...] | None) -> Pillow.Image:
    if background is None:
        return image.convert(mode)
    flat = Pillow.new(mode, image.size, background)
    flat.paste(image, mask=image)
    return flat


def without_alpha(pixels: NDArray[np.uint8]) -> NDArray[np.uint8] | None:
    """Drop an alpha that says nothing, in a tenth of the time that `flatten` takes.

    Args:
        pixels: RGBA, uint8 (H, W, 4).

    Returns:
        Grey (H, W), where nothing has a colour, or RGB (H, W, 3). None where alpha is not the
        same everywhere, or 0.
    """
    red = cv2.extractChannel(pixels, 0)
    if are_alike(pixels, cv2.cvtColor(red, cv2.COLOR_GRAY2RGBA)):  # what paint programs write
        return np.asarray(red, np.uint8)
    lowest, highest, _, _ = cv2.minMaxLoc(cv2.extractChannel(pixels, 3))
    if not 0 < lowest == highest:
        return None
    return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGBA2RGB), np.uint8)


def _find_background(image: Pillow.Image, visible: Pillow.Image) -> tuple[int, ...]:
    tones = np.array(image.histogram(visible)).reshape(-1, 256)[:-1]  # the last channel is alpha
    total = tones[0].sum()
    medians = tuple(int(np.searchsorted(channel.cumsum(), total / 2)) for channel in tones)
    spread = max(np.ptp(np.flatnonzero(channel)) for channel in tones)
    left, top, right, bottom = visible.getbbox() or (0, 0, 1, 1)
    fill = total / ((right - left) * (bottom - top))
    if spread >= _SEVERAL_TONES and fill >= _SHEET_FILL:
        return medians
    dark = sum(medians) < len(medians) * (BLACK + WHITE) / 2
    return (WHITE if dark else BLACK,) * len(medians)
