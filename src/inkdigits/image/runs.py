"""Pieces of a row → runs of neighbouring pieces that may be one character, and their samples."""

import numpy as np
from numpy.typing import NDArray

from inkdigits.image.normalize import to_sample
from inkdigits.image.pieces import Pieces
from inkdigits.image.strokes import match_stroke
from inkdigits.sample import Runs, Samples

_MOST_PIECES = 6  # of one digit
_WIDEST = 1.35  # of the digits' height: nothing wider is one digit
_WIDEST_GAP = 0.25  # of the digits' height between two groups of one digit
_MOST_GROUPS = 3  # of one digit, broken
_NARROW = 0.35  # of the digits' height: a narrower group is not two digits
_LOW = 0.3  # of the digits' height: a lower group is a separator or a piece
_WIDE = 0.95  # of the digits' height: a wider group may be two digits, however sure it is one
_MOST_RUNS = 48  # of a row


def whole_groups(pieces: Pieces) -> list[tuple[int, int]]:
    """Give each group of a row as a run: first piece, and the one after the last."""
    starts = np.flatnonzero(np.diff(pieces.group, prepend=-1)).tolist()
    return list(zip(starts, [*starts[1:], len(pieces)], strict=True))


def groups_to_cut(pieces: Pieces, sure: NDArray[np.bool_]) -> list[int]:
    """Choose the groups that may be several digits.

    Args:
        pieces: groups, not cut yet.
        sure: (N,), whether each is surely a digit.
    """
    size = (pieces.boxes[:, 2:] - pieces.boxes[:, :2]) / pieces.height
    doubtful = (~sure & (size[:, 0] > _NARROW)) | (size[:, 0] > _WIDE)
    return [int(group) for group in np.flatnonzero(doubtful & (size[:, 1] >= _LOW))]


def other_runs(pieces: Pieces, sure: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Give the runs, beside whole groups, that may be one character.

    Args:
        pieces: of a row, cut where they may be several digits.
        sure: (G,), whether each group is surely a digit: then it is not joined with others.
    """
    known = set(whole_groups(pieces))
    found = [
        (first, last)
        for first in range(len(pieces))
        for last in range(first + 1, min(len(pieces), first + _MOST_PIECES) + 1)
        if (first, last) not in known and _may_be_one(pieces, first, last, sure)
    ]
    # Where there are too many, long ones are the least likely.
    return sorted(found, key=lambda run: run[1] - run[0])[:_MOST_RUNS]


def _may_be_one(pieces: Pieces, first: int, last: int, sure: NDArray[np.bool_]) -> bool:
    if pieces.box(first, last).width > _WIDEST * pieces.height:
        return False
    groups = np.arange(pieces.group[first], pieces.group[last - 1] + 1)
    if len(groups) == 1:
        return True
    gap = _widest_gap(pieces, first, last)
    together = gap <= _WIDEST_GAP * pieces.height and len(groups) <= _MOST_GROUPS
    return bool(together and not sure[groups].all())


def _widest_gap(pieces: Pieces, first: int, last: int) -> float:
    left, right = pieces.boxes[first:last, 0], pieces.boxes[first:last, 2]
    gaps = left[1:] - np.maximum.accumulate(right)[:-1]
    return float(max(0, gaps.max())) if len(gaps) else 0.0


def to_samples(pieces: Pieces, runs: list[tuple[int, int]]) -> Samples:
    """Make a sample of each run, by the same steps as of a single digit.

    Returns:
        float32 (N, 28, 28).
    """
    samples = [to_sample(match_stroke(pieces.glyph(first, last))) for first, last in runs]
    return np.stack(samples) if samples else np.zeros((0, 28, 28), np.float32)


def measure_runs(pieces: Pieces, runs: list[tuple[int, int]]) -> Runs:
    """Measure where runs lie and how they are cut out."""
    height = pieces.height
    boxes = [pieces.box(first, last) for first, last in runs]
    top, bottom = _digit_lines(pieces)
    ends = np.append(pieces.cost, 0.0)
    within = np.append(np.diff(pieces.group, prepend=-1) == 0, [False])
    first, last = np.array(runs, np.int64).reshape(-1, 2).T
    return Runs(
        first=first,
        last=last,
        size=np.array([(box.width, box.height) for box in boxes]) / height,
        rise=np.array([(top - box.top, bottom - box.top - box.height) for box in boxes]) / height,
        cut=np.stack((ends[first], ends[last]), axis=1),
        inner=np.stack((within[first], within[last]), axis=1),
        gap=np.array([_widest_gap(pieces, *run) for run in runs]) / height,
        area=np.array([pieces.area[a:b].sum() for a, b in runs]) / height**2,
    )


def _digit_lines(pieces: Pieces) -> tuple[float, float]:
    """The usual top and bottom of the row's digits, px of the row."""
    groups = [pieces.box(first, last) for first, last in whole_groups(pieces)]
    boxes = np.array([(box.top, box.top + box.height) for box in groups])
    tall = boxes[boxes[:, 1] - boxes[:, 0] >= 0.6 * pieces.height]
    chosen = tall if len(tall) else boxes
    top, bottom = np.median(chosen, axis=0).tolist()
    return top, bottom
