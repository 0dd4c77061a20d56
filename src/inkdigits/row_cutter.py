"""A row's pieces → each read as a digit: the groups first, and then what they may be cut into."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from inkdigits.budget import Budget
from inkdigits.decision import lattice
from inkdigits.decision.calibration import softmax
from inkdigits.decision.expected import Expected
from inkdigits.decision.lattice import Lattice
from inkdigits.decision.runs import build_lattice
from inkdigits.image.pieces import Pieces, cut_pieces
from inkdigits.image.runs import groups_to_cut, measure_runs, other_runs, to_samples, whole_groups
from inkdigits.model.base import Model
from inkdigits.sample import CLASSES

_SURE = 0.99
"""Probability from which a group is a digit and is neither cut nor joined."""
_ONE, _ONE_WIDTH = 0.9, 1.2
"""Probability from which a row is one digit, where it is not wider than this by its height: that
of one digit, or, where the row is one piece, of all digits together."""
_SAMPLE_STEPS, _PX_A_STEP, _CUT_STEPS = 350, 200, 1_500
"""Of a budget: for each run that is read, for so many px of it, for each group that is cut."""
_LEAST = 1e-9  # a probability that is taken for 0


@dataclass(frozen=True, slots=True)
class DigitModel:
    """What reads one digit. `temperature`: its logits are divided by it; positive."""

    model: Model
    temperature: float

    @property
    def knows_digits_alone(self) -> bool:
        """Whether it has no class for what is no digit."""
        return self.model.card.classes == len(CLASSES)


@dataclass(frozen=True, slots=True, eq=False)
class Cut:
    """A row cut into runs of pieces: where they lie, and what they may be.

    Attributes:
        runs: first piece, and the one after the last, of each.
        pieces: of the row.
        log_p: float (A, 11), log probabilities of the digits and of "not a digit" of each run.
        lattice: of all runs.
        is_one: whether all of the row is surely one digit, though perhaps not which.
    """

    runs: list[tuple[int, int]]
    pieces: Pieces
    log_p: NDArray[np.float64]
    lattice: Lattice
    is_one: bool = False


def read_groups(pieces: Pieces, digits: DigitModel, budget: Budget) -> Cut:
    """Read each group of a row as one character; or all of it, where that is surely a digit.

    Args:
        pieces: of `find_pieces`: groups, not cut yet.
        digits: what reads them.
        budget: what it may cost.

    Raises:
        TooComplex: it would cost more.
    """
    height, width = pieces.ink.shape
    if width <= _ONE_WIDTH * height:
        runs = [(0, len(pieces))]
        log_p = _log_p(digits, pieces, runs, budget)
        if _is_one(log_p[0], len(pieces), digits):
            return replace(_built(pieces, runs, log_p), is_one=True)
    runs = whole_groups(pieces)
    return _built(pieces, runs, _log_p(digits, pieces, runs, budget))


def _is_one(log_p: NDArray[np.float64], count: int, digits: DigitModel) -> bool:
    """Tell whether `count` pieces, read together, are surely one digit, though perhaps not which.

    Two that touch are one piece, too. Only a model that knows what is no digit tells them apart.
    """
    shares = np.exp(log_p[: len(CLASSES)])
    told_apart = count == 1 and not digits.knows_digits_alone
    return bool(shares.max() >= _ONE or (told_apart and shares.sum() >= _ONE))


def cut_further(cut: Cut, digits: DigitModel, budget: Budget) -> Cut:
    """Read also what the groups of `read_groups` may be cut into, and what they may be parts of.

    Args and errors are those of `read_groups`, beside what it gave.
    """
    pieces, runs, log_p = cut.pieces, cut.runs, cut.log_p
    if cut.is_one:
        return cut
    sure = np.exp(log_p[:, : len(CLASSES)].max(axis=1)) >= _SURE
    if groups := groups_to_cut(pieces, sure):
        budget.spend(_CUT_STEPS * len(groups))
        pieces = cut_pieces(pieces, groups)
        runs = whole_groups(pieces)
    if more := other_runs(pieces, sure):
        log_p = np.concatenate((log_p, _log_p(digits, pieces, more, budget)))
        runs = runs + more
    return _built(pieces, runs, log_p)


def digit_share(cut: Cut, budget: Budget) -> float:
    """Tell how likely, on the whole, the best way's runs are digits; 0 where there is no way."""
    best = lattice.find_texts(cut.lattice, Expected(), 1, budget)
    places = lattice.place_symbols(cut.lattice, best[0][0]) if best else []
    shares = np.exp(cut.log_p[places, : len(CLASSES)]).max(axis=1) if places else np.zeros(1)
    return float(shares.mean())


def least_digit_share(cut: Cut, text: str) -> float:
    """Tell how likely the least likely digit of a text is one at all, whichever.

    Args:
        cut: of a row.
        text: digits and separators; not empty.

    Returns:
        0 to 1; 0 where the row cannot be cut into this text.
    """
    placed = zip(lattice.place_symbols(cut.lattice, text), text, strict=False)
    runs = [run for run, symbol in placed if symbol in CLASSES]
    return float(1 - np.exp(cut.log_p[runs, len(CLASSES)]).max()) if runs else 0.0


def _built(pieces: Pieces, runs: list[tuple[int, int]], log_p: NDArray[np.float64]) -> Cut:
    return Cut(runs, pieces, log_p, build_lattice(log_p, measure_runs(pieces, runs)))


def _log_p(
    digits: DigitModel, pieces: Pieces, runs: list[tuple[int, int]], budget: Budget
) -> NDArray[np.float64]:
    """Log probabilities (N, 11) of the digits and of "not a digit" of runs."""
    boxes = [pieces.box(*run) for run in runs]
    pixels = sum(box.width * box.height for box in boxes)
    budget.spend(_SAMPLE_STEPS * len(runs) + pixels // _PX_A_STEP)
    logits = digits.model.logits(to_samples(pieces, runs))
    shares = softmax(logits, digits.temperature)
    if digits.knows_digits_alone:
        shares = np.hstack((shares, np.zeros((len(shares), 1))))
    return np.asarray(np.log(np.maximum(shares, _LEAST)))
