"""Images → samples: the image line in one piece. Training and serving both walk it."""

from collections.abc import Sequence

from inkdigits.errors import BlankImage
from inkdigits.image.stages import walk_line, walk_lines
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
    stages = walk_line(image)
    return stages.sample, stages.box


def images_to_samples(images: Sequence[Image]) -> list[tuple[Sample, Box] | BlankImage]:
    """Read the one character in each of several pictures, faster than one after the other.

    Args:
        images: uint8, (H, W) grey or (H, W, 3) RGB each.

    Returns:
        What `image_to_sample` gives or raises, in their order.
    """
    return [
        one if isinstance(one, BlankImage) else (one.sample, one.box) for one in walk_lines(images)
    ]
