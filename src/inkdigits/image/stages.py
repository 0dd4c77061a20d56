"""Image → sample with every stage on the way: what the line saw, for people to look at."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from inkdigits.errors import BlankImage
from inkdigits.image.glyphs import Glyph, cut_glyph
from inkdigits.image.ink import find_ink
from inkdigits.image.normalize import to_sample
from inkdigits.image.strokes import match_stroke
from inkdigits.outcome import or_raise
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
    return or_raise(walk_lines([image])[0])


def walk_lines(images: Sequence[Image]) -> list[Stages | BlankImage]:
    """Read the one character in each of several pictures.

    All pictures take one step before any takes the next one: then the code of each step is
    in the processor's caches but for the first of them, which saves a third of the time.

    Args:
        images: uint8, (H, W) grey or (H, W, 3) RGB each.

    Returns:
        What `walk_line` gives or raises, in their order.
    """
    inks = [_step(find_ink, image) for image in images]
    glyphs = [_step(cut_glyph, ink) for ink in inks]
    matched = [_step(_match, glyph) for glyph in glyphs]
    samples = [_step(to_sample, ink) for ink in matched]
    return [
        one[-1] if isinstance(one[-1], BlankImage) else Stages(*one, box=_box_in(*one[:3]))
        for one in zip(images, inks, glyphs, matched, samples, strict=True)
    ]


def _step(take: Callable[[Any], Any], before: Any) -> Any:
    """Take a step on what the one before it gave, unless that was nothing."""
    if isinstance(before, BlankImage):
        return before
    try:
        return take(before)
    except BlankImage as blank:
        return blank.with_traceback(None)  # which holds the arrays of the step


def _match(glyph: Glyph) -> Ink:
    return match_stroke(glyph.ink)


def _box_in(image: Image, ink: Ink, glyph: Glyph) -> Box:
    return glyph.box.scaled(image.shape[1] / ink.shape[1])
