"""Nothing in → the untrained network of the line reader: strips in, logits of each frame out."""

from collections.abc import Sequence
from typing import Any

import keras
from keras import layers
from numpy.typing import NDArray

from inkdigits.errors import TrainingError
from inkdigits.model.line_model import LINE_CLASSES
from inkdigits.sample import FRAME, STRIP_HEIGHT
from inkdigits.training.architectures import (
    INPUT_NAME,
    OUTPUT_NAME,
    build_trunk,
    convolve,
    normalized,
    residual,
)
from inkdigits.training.weights import find_weights, load_network

_FRAMES_A_COLUMN = 4 // FRAME  # a column of the last features is 4 px wide
_REACHES = (1, 1, 1, 1, 4, 8, 16, 8)
"""Of the last layers: how many columns to either side each sees. The first four read a digit, the
others what the same hand wrote beside it: a 1 with a roof is told from a 7 by the 7s there."""


def build_line() -> keras.Model:
    """Build the network: the trunk of the digits' `cnn` along the line, and what reads it.

    Returns:
        A model from `sample`, float32 (N, 32, W), 0 paper to 1 ink, W a multiple of 4, to
        `logits`, float32 (N, W / 2, 20). 944 k parameters.

    Source:
        Graves et al., "Connectionist Temporal Classification" (2006), for what the logits are;
        Ingle et al., "A Scalable Handwritten Text Recognition System" (2019), for reading
        lines by convolutions alone; Yu and Koltun, "Multi-Scale Context Aggregation by Dilated
        Convolutions" (2016), for seeing far.
    """
    strip = keras.Input((STRIP_HEIGHT, None), name=INPUT_NAME)
    image = layers.Reshape((STRIP_HEIGHT, -1, 1))(strip)
    image = residual(build_trunk(image), 80)
    image = convolve(image, 88, stride=(2, 1))
    line = _collapse(image, 128)
    for reach in _REACHES:
        line = layers.ReLU()(layers.Add()([line, _look_around(line, reach)]))
    logits = layers.Conv2D(LINE_CLASSES * _FRAMES_A_COLUMN, 1, dtype="float32")(line)
    frames = layers.Reshape((-1, LINE_CLASSES), dtype="float32", name=OUTPUT_NAME)(logits)
    return keras.Model(strip, frames, name="line")


def with_weights(weights: Sequence[NDArray[Any]]) -> keras.Model:
    """Build the network with these weights, to calculate exactly: in float32."""
    model = build_line()
    model.set_weights(list(weights))
    return model


def copy_start(name: str, model: keras.Model) -> int:
    """Begin with another line reader, or with the trunk of a network that reads single digits.

    Args:
        name: of a shipped model of the architecture `cnn`, or the `.keras` file of such a one or
            of a line reader.
        model: of `build_line`; gets the weights.

    Returns:
        How many of the model's variables were given.

    Raises:
        TrainingError: it is another network, or cannot be loaded.
    """
    weights = find_weights(name, "start")
    source = load_network(weights, "start").weights
    if len(source) != len(model.weights):
        source = source[:-2]  # all but the last layer
    target = model.weights[: len(source)]
    if [tuple(w.shape) for w in source] != [tuple(w.shape) for w in target]:
        raise TrainingError(
            "start", f"{name} is another network", "a line reader, or one of architecture cnn"
        )
    for old, new in zip(source, target, strict=True):
        new.assign(old)
    return len(source)


def freeze_strokes(model: keras.Model) -> int:
    """Keep the layers that see strokes, at half size and above, as they are.

    Returns:
        How many variables are left to learn.
    """
    sums = [place for place, layer in enumerate(model.layers) if isinstance(layer, layers.Add)]
    for layer in model.layers[: sums[1] + 1]:
        layer.trainable = False
    return len(model.trainable_variables)


def _collapse(image: keras.KerasTensor, width: int) -> keras.KerasTensor:
    """See the whole height at once: (N, H, W, C) to (N, 1, W, width)."""
    wide = layers.ZeroPadding2D(((0, 0), (1, 1)))(image)
    seen = layers.Conv2D(width, (image.shape[1], 3), use_bias=False)(wide)
    return layers.ReLU()(layers.BatchNormalization(momentum=0.95)(seen))


def _look_around(line: keras.KerasTensor, reach: int) -> keras.KerasTensor:
    """See each column and the two that are `reach` columns away; those far, at first, not."""
    gain = "ones" if reach == 1 else "zeros"
    return normalized(line, line.shape[-1], (1, 3), gain, dilation_rate=(1, reach))
