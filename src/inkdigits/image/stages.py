"""Image → sample with every stage on the way: the image line in one piece.

Training and serving both walk it, and people look at what it saw.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from inkdigits.budget import DIGIT, Budget
from inkdigits.errors import ImageError
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


def walk_line(image: Image, budget: Budget | None = None) -> Stages:
    """Read the one character in a picture as MNIST would hold it, and keep every stage.

    Args:
        image: uint8, (H, W) grey or (H, W, 3) RGB.
        budget: what it may cost; that of one digit where None.

    Returns:
        The stages. Nothing is copied or computed for them that the sample does not need.

    Raises:
        BlankImage: nothing is drawn.
        TooComplex: too many pieces of ink.
        DeadlineExceeded: nobody waits any more.
    """
    return or_raise(walk_lines([image], budget)[0])


def walk_lines(images: Sequence[Image], budget: Budget | None = None) -> list[Stages | ImageError]:
    """Read the one character in each of several pictures.

    All pictures take one step before any takes the next one: then the code of each step is
    in the processor's caches but for the first of them, which saves a third of the time.

    Args:
        images: uint8, (H, W) grey or (H, W, 3) RGB each.
        budget: what each of them may cost; that of one digit where None.

    Returns:
        What `walk_line` gives or raises, in their order.

    Raises:
        DeadlineExceeded: nobody waits any more.
    """
    budget = budget or Budget(DIGIT)
    inks = [_step(find_ink, image, budget) for image in images]
    glyphs = [_step(partial(cut_glyph, budget=budget), ink, budget) for ink in inks]
    matched = [_step(_match, glyph, budget) for glyph in glyphs]
    samples = [_step(to_sample, ink, budget) for ink in matched]
    return [
        one[-1] if isinstance(one[-1], ImageError) else Stages(*one, box=_box_in(*one[:3]))
        for one in zip(images, inks, glyphs, matched, samples, strict=True)
    ]


def _step(take: Callable[[Any], Any], before: Any, budget: Budget) -> Any:
    """Take a step on what the one before it gave, unless that was nothing."""
    if isinstance(before, ImageError):
        return before
    try:
        budget.check()
        return take(before)
    except ImageError as error:
        return error.with_traceback(None)  # which holds the arrays of the step


def _match(glyph: Glyph) -> Ink:
    return match_stroke(glyph.ink)


def _box_in(image: Image, ink: Ink, glyph: Glyph) -> Box:
    return glyph.box.scaled(image.shape[1] / ink.shape[1])
