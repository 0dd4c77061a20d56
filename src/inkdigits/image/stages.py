"""Image → sample with every stage on the way: what the line saw, for people to look at."""

from dataclasses import dataclass

from inkdigits.image.glyphs import Glyph, cut_glyph
from inkdigits.image.ink import find_ink
from inkdigits.image.normalize import to_sample
from inkdigits.image.strokes import match_stroke
from inkdigits.sample import Box, Image, Ink, Sample


@dataclass(frozen=True, slots=True, eq=False)
class Stages:
    """What one image became, step by step.

    Attributes:
        image: uint8, (H, W) or (H, W, 3), as it was given.
        ink: float32, 0 paper to 1 ink; the size of `image`, or reduced where that is a photo.
        glyph: the one character, and its box in px of `ink`.
        matched: the glyph's ink with MNIST's stroke width; possibly at another resolution.
        sample: float32 (28, 28), what the model reads.
        box: the character's place in px of `image`.
    """

    image: Image
    ink: Ink
    glyph: Glyph
    matched: Ink
    sample: Sample
    box: Box


def walk_line(image: Image) -> Stages:
    """Read the one character in a picture as MNIST would hold it, and keep every stage.

    Args:
        image: uint8, (H, W) grey or (H, W, 3) RGB.

    Returns:
        The stages. Nothing is copied or computed for them that the sample does not need.

    Raises:
        BlankImage: nothing is drawn.
    """
    ink = find_ink(image)
    glyph = cut_glyph(ink)
    matched = match_stroke(glyph.ink)
    sample = to_sample(matched)
    box = glyph.box.scaled(image.shape[1] / ink.shape[1])
    return Stages(image, ink, glyph, matched, sample, box)
