"""A user's labelled pictures in → their samples out, divided, beside a pool of other sources."""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from inkdigits.data.fetch import Progress, no_progress
from inkdigits.data.labelled import find_labelled
from inkdigits.data.pool import NOT_A_DIGIT, Pool
from inkdigits.data.strokes import join_whole
from inkdigits.errors import DataError, ImageError
from inkdigits.files.decode import decode_scaled
from inkdigits.image.stages import walk_line
from inkdigits.sample import Sample

OWN = "own"
"""What `Pool.source` says of them."""
ONE_IN = 5
"""So many pictures of a digit are needed to hold one back, and every so many more hold another."""


@dataclass(frozen=True, slots=True, eq=False)
class Own:
    """Pictures of one's own, as the image line reads them.

    Attributes:
        samples: uint8 (N, 28, 28), 0 paper to 255 ink.
        labels: int8 (N,), 0 to 9, or 10 for not a digit.
        held: bool (N,), held back to validate on.
        skipped: the path of each picture that is not used, and why.
        sha256: of the contents and labels of those that are, in any order.
    """

    samples: NDArray[np.uint8]
    labels: NDArray[np.int8]
    held: NDArray[np.bool_]
    skipped: tuple[tuple[str, str], ...]
    sha256: str

    def __len__(self) -> int:
        return len(self.labels)


def read_own(path: Path, progress: Progress = no_progress) -> Own:
    """Send one's own pictures through the image line.

    A picture that is blank or broken, or that is there twice, is left out and named. Of each
    label a fifth is held back, chosen by the pictures' contents: the same ones in every run, and
    whatever the files are called.

    Args:
        path: a folder or a CSV, as for `labelled.find_labelled`.
        progress: told "reading", how many are read, and how many there are.

    Raises:
        DataError: there is no picture, a label is not allowed, or no picture can be used.
    """
    skipped: list[tuple[str, str]] = []
    used = list(_read_all(find_labelled(path), skipped, progress))
    if not used:
        first = ": ".join(skipped[0])
        raise DataError(str(path), f"no picture that can be used ({first})", "at least one")
    samples = np.array([np.rint(sample * 255).astype(np.uint8) for _, _, sample in used])
    labels = np.array([label for label, _, _ in used], np.int8)
    digests = np.array([digest for _, digest, _ in used])
    lines = sorted(f"{label} {digest}" for label, digest in zip(labels, digests, strict=True))
    whole = sha256("\n".join(lines).encode()).hexdigest()
    return Own(samples, labels, divide(labels, digests), tuple(skipped), whole)


def divide(labels: NDArray[np.int8], digests: NDArray[np.str_]) -> NDArray[np.bool_]:
    """Choose which pictures to hold back.

    Args:
        labels: (N,), what they show.
        digests: (N,), the sha256 of their contents.

    Returns:
        bool (N,): one in `ONE_IN` of each label, rounded down.
    """
    held = np.zeros(len(labels), np.bool_)
    for label in np.unique(labels):
        members = np.flatnonzero(labels == label)
        members = members[np.argsort(digests[members])]
        held[members[: len(members) // ONE_IN]] = True
    return held


def count_own(own: Own) -> dict[str, int]:
    """Count the pictures, for the card."""
    held = int(own.held.sum())
    digits = int((own.held & (own.labels != NOT_A_DIGIT)).sum())
    used = {"learned": len(own) - held, "held_back": held, "held_back_digits": digits}
    return used | {"not_used": len(own.skipped)}


def add_own(pool: Pool, own: Own) -> Pool:
    """Put one's own pictures behind the samples of a pool. Who wrote them is not known."""
    count = len(own)
    skipped = [["own not used", str(len(own.skipped))]] * bool(own.skipped)
    part = Pool(
        own.samples,
        own.labels,
        source=np.full(count, OWN),
        writer=np.full(count, ""),
        train=~own.held,
        validation=own.held,
        inputs=np.array([[OWN, own.sha256]]),
        skipped=np.array(skipped, np.str_).reshape(-1, 2),
    )
    return join_whole([pool, part])


def _read_all(
    found: list[tuple[Path, int]], skipped: list[tuple[str, str]], progress: Progress
) -> Iterator[tuple[int, str, Sample]]:
    """Give the label, the sha256 and the sample of each picture that can be used.

    What is there twice is left out: it would be on both sides.
    """
    seen: dict[str, tuple[Path, int]] = {}
    for done, (path, label) in enumerate(found):
        progress("reading", done, len(found))
        try:
            data = path.read_bytes()
            digest = sha256(data).hexdigest()
            first, before = seen.setdefault(digest, (path, label))
            if first == path:
                yield label, digest, walk_line(decode_scaled(data)[0]).sample
                continue
            other = f", which is labelled {before}, not {label}" if before != label else ""
            why = f"the same picture as {first}{other}"
        except OSError as error:
            why = f"cannot be read: {error.strerror}"
        except ImageError as error:
            why = str(error)
        skipped.append((str(path), why))
    progress("reading", len(found), len(found))
