"""The name of a network → an untrained Keras model: samples in, logits out."""

from collections.abc import Callable
from typing import Any

import keras
from keras import layers

from inkdigits.errors import TrainingError
from inkdigits.sample import SIDE

INPUT_NAME = "sample"
OUTPUT_NAME = "logits"
Sides = int | tuple[int, int]
"""Of a kernel or a stride: both, or (down, right)."""


def build(name: str, classes: int = 11, dropout: float = 0.0) -> keras.Model:
    """Build a network by its name.

    Args:
        name: a key of `ARCHITECTURES`.
        classes: 10 digits, or 11 with "not a digit" last.
        dropout: share of the last features dropped while training, 0 to below 1.

    Returns:
        A model from `sample`, float32 (N, 28, 28), 0 paper to 1 ink, to `logits`,
        float32 (N, classes). Softmax is left to whoever reads the logits: the loss
        and the calibration are both exacter without it.

    Raises:
        TrainingError: there is no such network.
    """
    if name not in ARCHITECTURES:
        raise TrainingError("architecture", name, ", ".join(ARCHITECTURES))
    sample = keras.Input((SIDE, SIDE), name=INPUT_NAME)
    features = ARCHITECTURES[name](sample)
    if dropout:
        features = layers.Dropout(dropout)(features)
    logits = layers.Dense(classes, name=OUTPUT_NAME, dtype="float32")(features)
    return keras.Model(sample, logits, name=name.replace("-", "_"))


def _mlp(sample: keras.KerasTensor) -> keras.KerasTensor:
    """The classic exercise: 784-256-128, sigmoid."""
    flat = layers.Flatten()(sample)
    hidden = layers.Dense(256, activation="sigmoid")(flat)
    return layers.Dense(128, activation="sigmoid")(hidden)


def _cnn(sample: keras.KerasTensor) -> keras.KerasTensor:
    """A small residual network: 227 k parameters; 0.2 ms a sample on one core, 0.08 in 8 bit."""
    return layers.GlobalAveragePooling2D()(build_trunk(_as_image(sample)))


def _teacher(sample: keras.KerasTensor) -> keras.KerasTensor:
    """A wide residual network of 2.7 M parameters, to distil into the small one.

    Source: Zagoruyko and Komodakis, "Wide Residual Networks" (2016).
    """
    image = convolve(_as_image(sample), 32)
    for width, stride in ((64, 1), (128, 2), (256, 2)):
        image = residual(image, width, stride)
        image = residual(image, width)
    return layers.GlobalAveragePooling2D()(image)


def _tiny(sample: keras.KerasTensor) -> keras.KerasTensor:
    """A network small enough for tests, with every kind of layer of the real ones."""
    image = residual(convolve(_as_image(sample), 4, stride=2), 4, stride=2)
    return layers.GlobalAveragePooling2D()(image)


ARCHITECTURES: dict[str, Callable[[keras.KerasTensor], keras.KerasTensor]] = {
    "mlp": _mlp,
    "cnn": _cnn,
    "teacher": _teacher,
    "tiny": _tiny,
}
"""Every network by its name."""


def _as_image(sample: keras.KerasTensor) -> keras.KerasTensor:
    return layers.Reshape((SIDE, SIDE, 1))(sample)


def build_trunk(image: keras.KerasTensor) -> keras.KerasTensor:
    """See strokes and parts of digits; from here the line reader goes another way than `cnn`.

    Widths are multiples of 16, the block that ONNX Runtime's convolutions work in.
    Of 30 networks timed, this had the most capacity below 0.2 ms.
    """
    image = convolve(image, 16)
    image = residual(image, 48, stride=2)
    image = residual(image, 48)
    image = residual(image, 80, stride=2)
    return residual(image, 80, depth=1)


def convolve(image: keras.KerasTensor, width: int, stride: Sides = 1) -> keras.KerasTensor:
    """Convolve, normalize and cut off below 0."""
    return layers.ReLU()(normalized(image, width, strides=stride))


def normalized(
    image: keras.KerasTensor, width: int, size: Sides = 3, gain: str = "ones", **how: Any
) -> keras.KerasTensor:
    """Convolve and normalize.

    Args:
        image: features.
        width: channels of the result.
        size: of the convolution.
        gain: Keras's name of what the result is multiplied by at first.
        how: other arguments of the convolution: `strides`, `dilation_rate`.
    """
    # No bias: the normalization has one, and both fold into the exported convolution.
    convolution = layers.Conv2D(
        width, size, padding="same", use_bias=False, kernel_initializer="he_normal", **how
    )
    return layers.BatchNormalization(momentum=0.95, gamma_initializer=gain)(convolution(image))


def residual(
    image: keras.KerasTensor, width: int, stride: int = 1, depth: int = 2
) -> keras.KerasTensor:
    """Add `depth` convolutions to the image itself; the last has no ReLU of its own."""
    branch = image if depth == 1 else convolve(image, width, stride)
    branch = normalized(branch, width, strides=stride if depth == 1 else 1)
    if stride != 1 or image.shape[-1] != width:
        image = normalized(image, width, 1, strides=stride)
    return layers.ReLU()(layers.Add()([image, branch]))
