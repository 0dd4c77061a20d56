"""The contract in the middle: arrays in, the same arrays out, checked.

Everything left of here makes samples, everything right of here reads them.
"""

import math
import re
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inkdigits.errors import Mismatch, SampleError

SIDE = 28
CLASSES = tuple("0123456789")
SAMPLE_SHAPES = "(28, 28), (784,), (N, 28, 28), (N, 784), (N, 28, 28, 1) or (N, 1, 28, 28)"
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

    def scaled(self, factor: float, part: "Box | None" = None) -> "Box":
        """Give the same place in a picture that is `factor` times as large, in whole px.

        Where this is the place in a part of that picture only, `part` says which.
        """
        left, top = round(self.left * factor), round(self.top * factor)
        right = round((self.left + self.width) * factor)
        bottom = round((self.top + self.height) * factor)
        begin = part or Box(0, 0, 0, 0)
        return Box(left + begin.left, top + begin.top, right - left, bottom - top)


@dataclass(frozen=True, slots=True, eq=False)
class Runs:
    """Runs of pieces, each a row of every array. Lengths are shares of the digits' height.

    Attributes:
        first: int (A,), the piece that each begins with.
        last: int (A,), the one after its end.
        size: float (A, 2), width and height.
        rise: float (A, 2), how far the top is above the digits' top, the bottom above theirs.
        cut: float (A, 2), stroke widths that the seams at its left and its right cross; 0 where
            it ends with a group.
        inner: bool (A, 2), whether it ends within a group, left and right.
        gap: float (A,), the widest gap inside.
        area: float (A,), of ink; a share of the digits' height squared.
    """

    first: NDArray[np.int64]
    last: NDArray[np.int64]
    size: NDArray[np.float64]
    rise: NDArray[np.float64]
    cut: NDArray[np.float64]
    inner: NDArray[np.bool_]
    gap: NDArray[np.float64]
    area: NDArray[np.float64]


def read_box(text: str) -> Box:
    """Read a box as people write it: "10,20,80,60" is left, top, width and height.

    Raises:
        Mismatch: anything else, or a box without a size.
    """
    found = re.fullmatch(r"(\d{1,6}),(\d{1,6}),(\d{1,6}),(\d{1,6})", text, re.ASCII)
    box = Box(*map(int, found.groups())) if found else Box(0, 0, 0, 0)
    if not box.width * box.height:
        raise Mismatch(f"the box {text[:40]!r}", "left,top,width,height in px, as 10,20,80,60")
    return box


def check_samples(values: Any) -> Samples:
    """Make sure that `values` are samples, and give them the one shape used inside.

    Args:
        values: one sample or a batch, as `SAMPLE_SHAPES`; any real dtype, 0 paper to 1 ink. Of
            uint8 255 is ink, unless none of them is more than 1.

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
    if array.dtype == np.uint8 and array.max(initial=0) > 1:
        batch /= 255
    if batch.size:
        low, high = float(batch.min()), float(batch.max())
        if not (low >= 0 and high <= 1):  # so that NaN, which compares with nothing, is caught
            finite = math.isfinite(low) and math.isfinite(high)
            found = f"from {low:g} to {high:g}" if finite else "that are NaN or infinite"
            raise SampleError(f"values {found}", "finite values, 0 paper to 1 ink")
    return batch


def is_sample_shape(shape: tuple[int, ...]) -> bool:
    """Tell whether an array of this shape is samples."""
    one = (SIDE * SIDE,), (SIDE, SIDE)
    return shape in one or shape[1:] in (*one, (SIDE, SIDE, 1), (1, SIDE, SIDE))


def _as_batch(array: NDArray[Any]) -> Samples:
    if is_sample_shape(array.shape):
        return np.ascontiguousarray(array.reshape(-1, SIDE, SIDE), dtype=np.float32)
    raise SampleError(f"shape {array.shape}", SAMPLE_SHAPES)
