"""A picture as Pillow holds it → the part of it that is wanted: opaque, 8 bit, upright."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image as Pillow

from inkdigits.errors import Mismatch
from inkdigits.files.alpha import flatten, without_alpha
from inkdigits.files.header import UPRIGHT
from inkdigits.sample import Box, Image

_Key = int | bytes | tuple[int, ...]  # grey tone, alpha of each palette colour, RGB
_DRAFTS = (8, 4, 2)  # libjpeg decodes at 1/8, 1/4 and 1/2 for less than the whole
_ON_ITS_SIDE = (5, 6, 7, 8)  # EXIF orientations that swap width and height


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is wanted of a picture.

    Attributes:
        draft_side: px of the longest side that are enough.
        box: the part, px of the upright picture; None: all of it.
        max_pixels: of the whole, that may be decoded unreduced for the sake of a part.
    """

    draft_side: int
    box: Box | None
    max_pixels: int


@dataclass(frozen=True, slots=True)
class Part:
    """A part that is there: where it lies, upright, and how many px become one along each side."""

    box: Box
    scale: int
    orientation: int = UPRIGHT

    def cut(self, image: Image) -> Image:
        """Cut it out of the whole, reduced, as stored."""
        box, scale, image = self.box, self.scale, turn_upright(image, self.orientation)
        right, bottom = -(-(box.left + box.width) // scale), -(-(box.top + box.height) // scale)
        return np.ascontiguousarray(image[box.top // scale : bottom, box.left // scale : right])


def find_part(size: tuple[int, int], orientation: int, wanted: Wanted) -> Part:
    """See that the part is there, and that no less than `draft_side` px of it stay.

    Args:
        size: width and height as stored.
        orientation: EXIF's 1 to 8.
        wanted: what is wanted.

    Raises:
        Mismatch: the box leaves the picture.
    """
    width, height = size[::-1] if orientation in _ON_ITS_SIDE else size
    box = wanted.box or Box(0, 0, width, height)
    if box.left + box.width > width or box.top + box.height > height:
        found = f"a box {box.width}x{box.height} at {box.left},{box.top}"
        raise Mismatch(found, f"one inside the picture, which is {width}x{height} px")
    least = 1 + (width * height > wanted.max_pixels and wanted.box is not None)
    longest = max(box.width, box.height)
    enough = (scale for scale in _DRAFTS if longest >= scale * wanted.draft_side)
    return Part(box, next(enough, least), orientation)


def settle(picture: Pillow.Image, scale: int = 1, depth: int = 8) -> Image:
    """Make a picture of any kind an image, and reduce it.

    Transparency is composited so that the ink shows. 16 bit become 8. Of grey values that are
    no bytes, 0 to 1 is taken for black to white, and others from their lowest to their highest.

    Args:
        picture: of any mode.
        scale: how many px become one, along each side.
        depth: bits per channel that the file had, which a transparent colour is given in.

    Returns:
        The image, uint8, (H, W) grey or (H, W, 3) RGB, C-contiguous.
    """
    key = picture.info.get("transparency")
    if picture.mode[:1] in ("I", "F"):
        picture = _reduce_depth(picture, key)
    elif key is not None:
        picture.info["transparency"] = _scale_key(key, picture.mode, depth)
        picture = picture.convert("LA" if picture.mode in ("1", "L") else "RGBA")
    elif picture.has_transparency_data and picture.mode not in ("LA", "RGBA"):
        picture = picture.convert("RGBA")
    if picture.mode == "RGBA" and scale == 1:
        opaque = without_alpha(np.asarray(picture))
        if opaque is not None:
            return opaque
    if picture.mode in ("LA", "RGBA"):
        return np.array(flatten(picture, scale))
    if picture.mode not in ("L", "RGB"):
        picture = picture.convert("L" if picture.mode == "1" else "RGB")
    return np.array(picture if scale == 1 else picture.reduce(scale))


def turn_upright(array: Image, orientation: int) -> Image:
    """Undo what EXIF says the camera did; see the table of tag 0x0112."""
    if orientation == UPRIGHT:
        return array
    if orientation in _ON_ITS_SIDE:
        array = array.swapaxes(0, 1)
    if orientation in (3, 4, 7, 8):
        array = array[::-1]
    if orientation in (2, 3, 6, 7):
        array = array[:, ::-1]
    return np.ascontiguousarray(array)


def reduce_depth(values: NDArray[Any]) -> Image:
    """Bring grey values or channels to 8 bit.

    Args:
        values: any shape, real. uint8 stays; of uint16 the high byte is kept, which undoes
            8 → 16 bit exactly; bool and floats from 0 to 1 are black to white. Of all others
            the lowest becomes black and the highest white.
    """
    if values.dtype == np.uint8:
        return values
    if values.dtype == np.uint16:
        return (values >> 8).astype(np.uint8)
    values = np.nan_to_num(values.astype(np.float32), nan=0.0, posinf=0.0, neginf=0.0)
    low, high = float(values.min()), float(values.max())
    if low >= 0 and high <= 1:
        low, high = 0.0, 1.0
    return np.rint((values - low) * (255 / (high - low or 1.0))).astype(np.uint8)


def _reduce_depth(picture: Pillow.Image, key: int | None) -> Pillow.Image:
    # By hand: `convert("L")` would clip at 255.
    values = np.asarray(picture)
    grey = Pillow.fromarray(reduce_depth(values))
    if key is None:
        return grey
    alpha = np.where(values == key, np.uint8(0), np.uint8(255))
    return Pillow.merge("LA", (grey, Pillow.fromarray(alpha)))


def _scale_key(key: _Key, mode: str, depth: int) -> _Key:
    """Bring a transparent colour to 8 bit: Pillow scales the pixels but not the key."""
    if mode == "L" and isinstance(key, int):
        return key * 255 // ((1 << depth) - 1)
    if mode == "RGB" and isinstance(key, tuple):
        return tuple(value >> (depth - 8) for value in key)
    return key
