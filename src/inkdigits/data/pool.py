"""What a pool of samples is made of, and the pool itself, divided by writer."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray

NOT_A_DIGIT = 10
"""The label of what is drawn and is no digit."""


@dataclass(frozen=True, slots=True)
class PoolSpec:
    """How many pictures of each source go into a pool. The attributes' order is the pool's.

    Attributes:
        mnist_raw: copies of each MNIST training image as it is, past the line. Source "raw".
        mnist_copies: copies of each as a 28 by 28 upload, through the line; a fraction takes
            some of them. Source "mnist".
        mnist_restyled: pictures that MNIST images are drawn into anew. Source "restyled".
        digit_strokes: pictures of UNIPEN digits. Source "strokes".
        negatives: pictures of UNIPEN letters and symbols that are no digit. Source "negatives".
        composed: pictures of two digits, pieces, scribbles and textures. Source "composed".
        rare: pictures of digits in rare ways of writing, by nobody's hand. Source "rare".
        scribbled: as `composed`, of digits by nobody's hand: needs no data. Source "scribbled".
        validation_share: of the writers' samples, held back for validation; 0 to 0.5.
    """

    mnist_raw: int = 0
    mnist_copies: float = 1
    mnist_restyled: int = 0
    digit_strokes: int = 0
    negatives: int = 0
    composed: int = 0
    rare: int = 0
    scribbled: int = 0
    validation_share: float = 0.1


SOURCE_NAMES = (
    *("raw", "mnist", "restyled", "strokes"),
    *("negatives", "composed", "rare", "scribbled"),
)
"""What `Pool.source` says, in the order of `PoolSpec`'s attributes."""


@dataclass(frozen=True, slots=True, eq=False)
class Pool:
    """Labelled samples, as the line made them, divided by writer.

    Attributes:
        samples: uint8 (N, 28, 28), 0 paper to 255 ink.
        labels: int8 (N,), 0 to 9, or 10 for not a digit.
        source: str (N,), one of `SOURCE_NAMES`, or "own": a user's pictures.
        writer: str (N,), who wrote it, or "" where nobody did.
        train: bool (N,), to learn from.
        validation: bool (N,), the others, to choose on. No writer is in both.
        inputs: str (K, 2), the name and the sha256 of each file that was used.
        skipped: str (K, 2), why pictures gave no sample, and how many: "strokes blank-image", 3.
    """

    samples: NDArray[np.uint8]
    labels: NDArray[np.int8]
    source: NDArray[np.str_]
    writer: NDArray[np.str_]
    train: NDArray[np.bool_]
    validation: NDArray[np.bool_]
    inputs: NDArray[np.str_]
    skipped: NDArray[np.str_]

    def __len__(self) -> int:
        return len(self.labels)

    def take(self, chosen: NDArray[np.bool_] | NDArray[np.int64]) -> "Pool":
        """Give the pool of the chosen samples: bool (N,), or their places."""
        parts = ("samples", "labels", "source", "writer", "train", "validation")
        return replace(self, **{name: getattr(self, name)[chosen] for name in parts})

    @property
    def hashes(self) -> dict[str, str]:
        """The sha256 of each file that was used, by its name in `sources.SOURCES`."""
        return dict(self.inputs.tolist())


def hold_back(writers: Sequence[str] | NDArray[np.str_], share: float) -> set[str]:
    """Choose the writers whose samples validate, the same ones in every run and for any seed.

    Args:
        writers: who wrote each sample, (N,).
        share: of the samples to hold back; met as closely as whole writers allow.

    Returns:
        Some of the writers: at least one where there are two and a share is asked for.
    """
    names, counts = np.unique(np.asarray(writers), return_counts=True)
    # The order of hashes is arbitrary, but does not change when other writers come along.
    order = sorted(range(len(names)), key=lambda i: sha256(str(names[i]).encode()).digest())
    before = np.cumsum(counts[order]) - counts[order] / 2
    chosen = [
        names[i] for i, middle in zip(order, before, strict=True) if middle < share * counts.sum()
    ]
    if not chosen and share > 0 and len(names) > 1:
        chosen = [names[order[0]]]
    return {str(name) for name in chosen[: len(names) - 1]}
