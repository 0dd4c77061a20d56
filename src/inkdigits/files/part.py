"""The part of a picture that is wanted → by how much it may be reduced, and where it lies then."""

from dataclasses import dataclass

import numpy as np

from inkdigits.errors import Mismatch
from inkdigits.sample import Box, Image

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
    """A part that is there: where it lies, and how many px become one, along each side."""

    box: Box
    scale: int

    def cut(self, image: Image) -> Image:
        """Cut it out of the upright, reduced image."""
        box, scale = self.box, self.scale
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
    return Part(box, next(enough, least))
