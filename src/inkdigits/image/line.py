"""Image → sample: the image line in one piece. Training and serving both walk it."""

from inkdigits.image.glyphs import cut_glyph
from inkdigits.image.ink import find_ink
from inkdigits.image.normalize import to_sample
from inkdigits.image.strokes import match_stroke
from inkdigits.sample import Box, Image, Sample


def image_to_sample(image: Image) -> tuple[Sample, Box]:
    """Read the one character in a picture as MNIST would hold it.

    Args:
        image: uint8, (H, W) grey or (H, W, 3) RGB.

    Returns:
        The sample, float32 (28, 28), and the character's box in px of `image`.

    Raises:
        BlankImage: nothing is drawn.
    """
    ink = find_ink(image)
    glyph = cut_glyph(ink)
    sample = to_sample(match_stroke(glyph.ink))
    return sample, glyph.box.scaled(image.shape[1] / ink.shape[1])
