"""The contract in the middle: arrays in, the same arrays out, checked.

Everything left of here makes samples, everything right of here reads them.
"""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inkdigits.errors import SampleError

SIDE = 28
CLASSES = tuple("0123456789")
SYMBOLS = (*CLASSES, *".,-/:$%()")
"""What stands in a line of writing; `$` is any currency sign."""
STRIP_HEIGHT = 32
FRAME = 2
"""Px of a strip's width that each answer of the line reader is for."""

Image = NDArray[np.uint8]
"""A decoded upload. uint8, (H, W) grey or (H, W, 3) RGB."""
Ink = NDArray[np.float32]
"""How much each pixel is drawn on. float32 (H, W), 0 paper to 1 ink."""
Strip = NDArray[np.float32]
"""The ink of one row of writing at the line reader's size. float32 (32, W), 0 paper to 1 ink."""
Sample = NDArray[np.float32]
"""One glyph the way MNIST was made. float32 (28, 28), 0 paper to 1 ink."""
Samples = NDArray[np.float32]
"""A batch of samples. float32 (N, 28, 28)."""
Logits = NDArray[np.float32]
"""What a model says of a batch. float32 (N, 10), or (N, 11): the last is "not a digit"."""


@dataclass(frozen=True, slots=True)
class Box:
    """Where a glyph lies in the upright decoded image. All in px of that image."""

    left: int
    top: int
    width: int
    height: int

    def scaled(self, factor: float) -> "Box":
        """Give the same place in a picture that is `factor` times as large, in whole px."""
        left, top = round(self.left * factor), round(self.top * factor)
        right = round((self.left + self.width) * factor)
        bottom = round((self.top + self.height) * factor)
        return Box(left, top, right - left, bottom - top)


def check_samples(values: Any) -> Samples:
    """Make sure that `values` are samples, and give them the one shape used inside.

    Args:
        values: one sample or a batch: (28, 28), (784,), (N, 28, 28), (N, 784) or
            (N, 28, 28, 1); any real dtype, 0 paper to 1 ink.

    Returns:
        Shape (N, 28, 28), float32, C-contiguous.

    Raises:
        SampleError: another shape, another range (0…255 is the usual mistake),
            or values that are not finite numbers.
    """
    array = np.asarray(values)
    if array.dtype.kind not in "fiub":
        raise SampleError(f"values of type {array.dtype}", "real numbers from 0 to 1")
    batch = _as_batch(array)
    if batch.size:
        low, high = float(batch.min()), float(batch.max())
        if not (low >= 0 and high <= 1):  # so that NaN, which compares with nothing, is caught
            finite = math.isfinite(low) and math.isfinite(high)
            found = f"from {low:g} to {high:g}" if finite else "that are NaN or infinite"
            raise SampleError(f"values {found}", "finite values, 0 paper to 1 ink")
    return batch


def _as_batch(array: NDArray[Any]) -> Samples:
    shape = array.shape
    if shape in ((SIDE, SIDE), (SIDE * SIDE,)) or shape[1:] in (
        (SIDE, SIDE),
        (SIDE * SIDE,),
        (SIDE, SIDE, 1),
    ):
        return np.ascontiguousarray(array.reshape(-1, SIDE, SIDE), dtype=np.float32)
    raise SampleError(f"shape {shape}", "(28, 28), (784,), (N, 28, 28), (N, 784) or (N, 28, 28, 1)")
