"""A data folder in → plans for MNIST's test images, whole, mended and corrupted, out."""

from functools import lru_cache, partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from inkdigits.data.corrupt import CORRUPTIONS, corrupt
from inkdigits.data.labelled import Labelled, encode_png
from inkdigits.data.sources import load_mnist
from inkdigits.evaluation.suite import Entry, Plan, generator

DOUBTFUL = (
    947, 1621, 1901, 2130, 2462, 2597, 2654, 3520, 3558, 5937, 6651, 6783, 8527, 9679, 9729,
)  # fmt: skip
"""Test images whose label is wrong, or on whose digit nobody agrees.

Source:
    Northcutt, Athalye, Mueller, "Pervasive Label Errors in Test Sets" (2021), labelerrors.com.
"""

_Mnist = tuple[NDArray[np.uint8], NDArray[np.uint8]]
_NEEDS = "MNIST's test files"


@lru_cache(maxsize=1)
def _load(folder: Path | None) -> _Mnist:
    """Load the test half once for all the suites that are made of it."""
    return load_mnist("test", folder)


def _picture(mnist: _Mnist, index: int, corruption: str = "") -> Labelled:
    """Give one test image as it would be uploaded: 28 by 28, white on black."""
    image, name = mnist[0][index], f"mnist-test/{index}"
    if corruption:
        image = corrupt(image, corruption, generator(corruption, index))
    return Labelled(encode_png(image), int(mnist[1][index]), name)


def _plan(folder: Path | None, corruption: str = "") -> Plan:
    mnist = _load(folder)
    return Plan(len(mnist[1]), lambda index: _picture(mnist, index, corruption))


def _plan_fixed(folder: Path | None) -> Plan:
    mnist = _load(folder)
    kept = [index for index in range(len(mnist[1])) if index not in DOUBTFUL]
    return Plan(len(kept), lambda index: _picture(mnist, kept[index]))


MNIST = (
    Entry("mnist", "MNIST's test images as 28×28 uploads", "digits", _NEEDS, _plan),
    Entry(
        "mnist-fixed",
        f"MNIST's test images without the {len(DOUBTFUL)} whose labels are doubtful",
        "digits",
        _NEEDS,
        _plan_fixed,
    ),
)
CORRUPTED = tuple(
    Entry(
        f"mnist-c/{name}",
        f"MNIST's test images with MNIST-C's {name.replace('_', ' ')}, drawn anew",
        "corruption",
        _NEEDS,
        partial(_plan, corruption=name),
    )
    for name in CORRUPTIONS
)
