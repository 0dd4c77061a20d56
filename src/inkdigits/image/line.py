"""Images → samples: the image line in one piece. Training and serving both walk it."""

from inkdigits.image.stages import walk_line
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
