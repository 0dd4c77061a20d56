"""The name of a data folder in → everything that pictures are made from out, divided by writer."""

import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from inkdigits.data.fetch import Progress, no_progress, sha256_of
from inkdigits.data.negatives import choose_negatives
from inkdigits.data.pool import PoolSpec, hold_back
from inkdigits.data.sources import find, load_mnist, load_strokes, mnist_writers, obtain
from inkdigits.data.strokes import StrokeSet
from inkdigits.data.tables import read_table
from inkdigits.sample import CLASSES

_OTHERS = ("unipen_upper", "unipen_lower", "unipen_symbols")
_DOUBTFUL = frozenset(read_table("data/doubtful.toml")["digits"])
"""CRC-32 of a sample's points, rounded to a thousandth."""


@dataclass(frozen=True, slots=True, eq=False)
class Digits:
    """MNIST's training images: images (N, 28, 28), labels (N,), writers (N,), held back (N,)."""

    images: NDArray[np.uint8]
    labels: NDArray[np.uint8]
    writers: NDArray[np.str_]
    held: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Characters:
    """Stroke sets with the samples chosen from them.

    Attributes:
        sets: where the strokes lie.
        chosen: int (N, 2), which set and which sample of it.
        writers: str (N,).
        held: bool (N,), whether the writer is held back for validation.
    """

    sets: tuple[StrokeSet, ...]
    chosen: NDArray[np.int64]
    writers: NDArray[np.str_]
    held: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Stock:
    """What a pool's pictures are made from. Parts that the spec does not need are empty."""

    mnist: Digits
    digits: Characters
    others: Characters


def needed_sources(spec: PoolSpec) -> list[str]:
    """Give the names of the files that a pool needs. MNIST's test half is never among them."""
    names = []
    if spec.mnist_raw or spec.mnist_copies or spec.mnist_restyled:
        names += ["mnist-train-images", "mnist-train-labels", "mnist-writers"]
    if spec.digit_strokes or spec.composed:
        names.append("unipen_digits")
    return names + list(_OTHERS) * bool(spec.negatives)


def hash_inputs(
    spec: PoolSpec, folder: Path | None, progress: Progress = no_progress
) -> dict[str, str]:
    """Obtain what a pool needs, and give the sha256 of each file.

    Raises:
        DataError: a file is missing, or is another than published.
    """
    hashes = {}
    for name in needed_sources(spec):
        optional = name == "mnist-writers" and find(name, folder) is None
        if not optional:
            hashes[name] = sha256_of(obtain(name, folder, progress))
    return hashes


def load_stock(spec: PoolSpec, folder: Path | None) -> Stock:
    """Load what a pool's pictures are made from.

    Raises:
        DataError: a file is missing or damaged.
    """
    names, share = needed_sources(spec), spec.validation_share
    mnist = load_digits(folder, share) if "mnist-train-images" in names else _no_digits()
    wanted = [name for name in ("unipen_digits", *_OTHERS) if name in names]
    sets = {name: load_strokes(name, folder) for name in wanted}
    # One choice over all sets: who wrote digits and letters is on one side with both.
    everybody = [loaded.writer_file for loaded in sets.values()]
    held = hold_back(np.concatenate(everybody), share) if everybody else set()
    digits = _characters([sets[name] for name in wanted if name == "unipen_digits"], held)
    others = _characters([sets[name] for name in wanted if name != "unipen_digits"], held)
    return Stock(mnist, digits, others)


def load_digits(folder: Path | None, share: float) -> Digits:
    """Read MNIST's training images, divided by writer."""
    images, labels = load_mnist("train", folder)
    numbers = mnist_writers("train", folder)[: len(labels)]
    writers = np.array([f"mnist/{number}" for number in numbers.tolist()])
    return Digits(images, labels, writers, is_in(writers, hold_back(writers, share)))


def _no_digits() -> Digits:
    empty = np.empty(0, np.uint8)
    return Digits(np.empty((0, 28, 28), np.uint8), empty, np.empty(0, "U1"), empty.astype(bool))


def _characters(sets: list[StrokeSet], held: set[str]) -> Characters:
    chosen, writers = [np.empty((0, 2), np.int64)], [np.empty(0, "U1")]
    for number, strokes in enumerate(sets):
        digits = np.flatnonzero(np.isin(strokes.label, CLASSES) & ~find_doubtful(strokes))
        indices = digits if len(digits) else choose_negatives(strokes)
        drawn = [bool(strokes.strokes_of(index)) for index in indices.tolist()]
        indices = indices[np.array(drawn, np.bool_)]
        chosen.append(np.stack([np.full(len(indices), number), indices], axis=1))
        writers.append(strokes.writer_file[indices])
    names = np.concatenate(writers)
    return Characters(tuple(sets), np.concatenate(chosen), names, is_in(names, held))


def find_doubtful(strokes: StrokeSet) -> NDArray[np.bool_]:
    """Tell which samples do not show what their label says: UNIPEN was cut by machine. (N,)."""
    sums = (_checksum(strokes, index) for index in range(len(strokes.label)))
    return np.array([each in _DOUBTFUL for each in sums], np.bool_)


def _checksum(strokes: StrokeSet, index: int) -> int:
    rounded = [np.round(stroke, 3).astype("<f4") for stroke in strokes.strokes_of(index)]
    return zlib.crc32(b"".join(stroke.tobytes() for stroke in rounded))


def is_in(writers: NDArray[np.str_], held: set[str]) -> NDArray[np.bool_]:
    """Tell which samples are by a writer held back."""
    return np.isin(writers, np.array(sorted(held), dtype=writers.dtype if held else "U1"))
