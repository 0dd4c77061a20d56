"""A data folder in → plans for MNIST's test images, whole, mended and corrupted, out."""

from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from inkdigits.data.corrupt import CORRUPTIONS, corrupt
from inkdigits.data.labelled import Labelled, encode_png
from inkdigits.data.sources import load_mnist
from inkdigits.data.tables import read_table
from inkdigits.evaluation.suite import Plan, entry, generator

DOUBTFUL: list[int] = read_table("evaluation/labels.toml")["mnist"]
"""Test images whose label is wrong, or on whose digit nobody agrees."""

_Mnist = tuple[NDArray[np.uint8], NDArray[np.uint8]]


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


def _plan(folder: Path | None, name: str) -> Plan:
    mnist, corruption = _load(folder), name.partition("/")[2]
    return Plan(len(mnist[1]), lambda index: _picture(mnist, index, corruption))


def _plan_fixed(folder: Path | None, _name: str) -> Plan:
    mnist = _load(folder)
    kept = [index for index in range(len(mnist[1])) if index not in DOUBTFUL]
    return Plan(len(kept), lambda index: _picture(mnist, kept[index]))


MNIST = (entry("mnist", _plan), entry("mnist-fixed", _plan_fixed))
CORRUPTED = tuple(entry(f"mnist-c/{name}", _plan) for name in CORRUPTIONS)
