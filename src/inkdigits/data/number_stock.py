"""A data folder in → the writers whose digits numbers are composed of, divided by writer out."""

import os
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inkdigits.data.folders import data_dir
from inkdigits.data.pool import hold_back
from inkdigits.data.sources import load_mnist, load_strokes, mnist_writers
from inkdigits.data.stock import find_doubtful, is_in, load_digits
from inkdigits.data.strokes import Stroke, StrokeSet
from inkdigits.sample import CLASSES, SYMBOLS

Drawing = NDArray[np.uint8] | list[Stroke]
"""One character: an MNIST image, uint8 (28, 28), or pen strokes."""
Writing = dict[str, list[Drawing]]
"""Everything that somebody wrote, by character."""

NUMBER_SOURCES = (
    *("mnist-train-images", "mnist-train-labels", "mnist-writers"),
    *("unipen_digits", "unipen_upper", "unipen_lower", "unipen_symbols"),
)
"""What a stock is read from. The letters only decide, with the others, who is held back."""

_STROKE_SETS = NUMBER_SOURCES[3:]
_BUILT_FROM = ("C", "=")
"""What marks are also made of: a euro, and the two bars that close an amount."""
_LYING = 1.6  # of its height: a 1 that is so wide lies
_SHARE = 0.1  # of the samples, held back
_FEW = 6
"""Digits that somebody must have written to be asked for a whole number."""


@dataclass(frozen=True, slots=True, eq=False)
class NumberStock:
    """The writers of one side: those to learn from, those held back for validation, or the tested.

    Attributes:
        images: what each writer of MNIST wrote.
        strokes: what each writer of UNIPEN wrote.
        other_images: all of MNIST on this side: for digits that a writer of it did not write.
        other_strokes: all that was written with a pen on this side: for digits that a writer of
            UNIPEN did not write, and for the separators of all.
    """

    images: tuple[Writing, ...]
    strokes: tuple[Writing, ...]
    other_images: Writing
    other_strokes: Writing


def load_number_stock(
    folder: str | os.PathLike[str] | None = None, *, held: bool, share: float = _SHARE
) -> NumberStock:
    """Read the writers of one side, divided as for the pools of single digits.

    Args:
        folder: as for `sources.data_dir`.
        held: those held back for validation, or the others.
        share: of the samples that are held back, as in `PoolSpec`.

    Raises:
        DataError: a file is missing or damaged.
    """
    base = data_dir(folder)
    mnist = load_digits(base, share)
    side = mnist.held == held
    drawn, all_drawn = _by_writer(mnist.images[side], mnist.labels[side], mnist.writers[side])
    written, all_written = _read_pens(base, share, held=held)
    return NumberStock(drawn, written, all_drawn, all_written)


def load_test_stock(folder: str | os.PathLike[str] | None = None) -> NumberStock:
    """Read the writers of MNIST's test images, on whom nothing may be chosen.

    UNIPEN has no such part: its writers are those held back for validation.

    Args:
        folder: as for `sources.data_dir`.

    Raises:
        DataError: a file is missing or damaged.
    """
    base = data_dir(folder)
    images, labels = load_mnist("test", base)
    drawn, all_drawn = _by_writer(images, labels, mnist_writers("test", base)[: len(labels)])
    written, all_written = _read_pens(base, _SHARE, held=True)
    return NumberStock(drawn, written, all_drawn, all_written)


def _by_writer(
    images: NDArray[np.uint8], labels: NDArray[np.uint8], writers: NDArray[Any]
) -> tuple[tuple[Writing, ...], Writing]:
    """Give what each writer wrote, and what all of them did."""
    drawn: dict[str, Writing] = defaultdict(lambda: defaultdict(list))
    together: Writing = defaultdict(list)
    for image, digit, writer in zip(images, map(str, labels), map(str, writers), strict=True):
        drawn[writer][digit].append(image)
        together[digit].append(image)
    return tuple(map(dict, drawn.values())), dict(together)


def _read_pens(
    base: Path | None, share: float, *, held: bool
) -> tuple[tuple[Writing, ...], Writing]:
    """Give what each writer of UNIPEN on one side wrote, and what all of them did."""
    sets = [load_strokes(name, base) for name in _STROKE_SETS]
    behind = hold_back(np.concatenate([one.writer_file for one in sets]), share)
    written: dict[str, Writing] = defaultdict(lambda: defaultdict(list))
    together: Writing = defaultdict(list)
    for one in sets:
        for index in _usable(one, behind, held=held).tolist():
            name, strokes = str(one.label[index]), one.strokes_of(index)
            together[name].append(strokes)
            if name in CLASSES:
                written[str(one.writer_file[index])][name].append(strokes)
    enough = [dict(one) for one in written.values() if sum(map(len, one.values())) >= _FEW]
    return tuple(enough), dict(together)


def _usable(strokes: StrokeSet, behind: set[str], *, held: bool) -> NDArray[np.intp]:
    side = is_in(strokes.writer_file, behind) == held
    known = np.isin(strokes.label, (*SYMBOLS, *_BUILT_FROM)) & ~find_doubtful(strokes)
    found = np.flatnonzero(side & known)
    fit = [_fits(str(strokes.label[index]), strokes.strokes_of(index)) for index in found.tolist()]
    return found[np.array(fit, np.bool_)]


def _fits(name: str, drawing: list[Stroke]) -> bool:
    """Tell whether there is a drawing, and no 1 that lies: beside digits that is a dash."""
    if not drawing:
        return False
    width, height = np.ptp(np.concatenate(drawing), axis=0)
    return name != "1" or bool(width < _LYING * height)
