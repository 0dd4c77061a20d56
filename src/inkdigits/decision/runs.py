"""What the model says of runs of pieces, and where they lie → a lattice of what they may be."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inkdigits.decision.lattice import IMPOSSIBLE, NOTHING, Lattice
from inkdigits.sample import CLASSES, SYMBOLS, Runs

_DIGITS = len(CLASSES)
_Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Weights:
    """What is held against a run, in nats. Fitted on numbers composed of training writers' digits.

    Attributes:
        low: for each digit's height that it is lower than `lowest`, or higher than 1.35.
        lowest: height, a share of the row's digits'.
        wide: for each digit's height that it is wider than 1.05.
        aside: for each digit's height that its middle is off the row's by more than 0.25.
        cut: for each stroke width that its ends cut through, half of it to each neighbour.
        deep: the same for what is more than 1.2 stroke widths.
        gap: for each digit's height of a gap inside.
        digit: for being a digit at all.
        sharp: on the model's log probabilities.
        long: for each piece beyond the first, a share more of these.
        dust: for being nothing, whatever the size.
        ink: for being nothing, for each digit's height squared of ink.
        mark: for being a separator.
        slash: the same for "/", beside it.
        sign: the same for "$", "%" and brackets.
        share: on all of these and the model's, for what they repeat of each other.
    """

    low: float = 5.0
    lowest: float = 0.65
    wide: float = 3.3
    aside: float = 8.0
    cut: float = 0.95
    deep: float = 1.4
    gap: float = 12.0
    digit: float = 0.03
    sharp: float = 0.98
    long: float = 0.03
    dust: float = 0.5
    ink: float = 100.0
    mark: float = 0.2
    slash: float = 3.5
    sign: float = 4.5
    share: float = 1.7


def build_lattice(log_p: _Floats, runs: Runs, weights: Weights = Weights()) -> Lattice:
    """Score what each run may be.

    Args:
        log_p: float (A, 11), the model's log probabilities of the digits and of "not a digit".
        runs: where they lie and how they are cut out.
        weights: of the geometry.
    """
    scores = np.full((len(log_p), NOTHING + 1), IMPOSSIBLE)
    pieces = runs.last - runs.first
    height = runs.size[:, 1]
    sharp = weights.sharp * (1 + weights.long * (pieces - 1))
    scores[:, :_DIGITS] = sharp[:, None] * log_p[:, :_DIGITS] - _against(runs, weights)[:, None]
    scores[:, _DIGITS:NOTHING] = _marks(runs, log_p, weights)
    nothing = weights.dust + weights.ink * runs.area * np.where(height >= 0.3, 1.0, 0.15)
    scores[:, NOTHING] = np.where((pieces == 1) | ~runs.inner.any(axis=1), -nothing, IMPOSSIBLE)
    return Lattice(int(runs.last.max()), runs.first, runs.last, weights.share * scores)


def _against(runs: Runs, weights: Weights) -> _Floats:
    """What speaks against each run's being a digit, by its place and its cuts."""
    width, height = runs.size.T
    aside = np.abs(runs.rise.sum(axis=1)) / 2
    deep = np.maximum(0, runs.cut - 1.2)
    return np.asarray(
        weights.low * (np.maximum(0, weights.lowest - height) + np.maximum(0, height - 1.35))
        + weights.wide * np.maximum(0, width - 1.05)
        + weights.aside * np.maximum(0, aside - 0.25)
        + weights.cut * runs.cut.sum(axis=1) / 2
        + weights.deep * deep.sum(axis=1) / 2
        + weights.gap * runs.gap
        + weights.digit
    )


def _marks(runs: Runs, log_p: _Floats, weights: Weights) -> _Floats:
    """What speaks for each run's being each separator, (A, 10), by its shape and place.

    The figures are chosen by eye: a dot is small and low, a comma hangs below the line, a dash is
    flat and in the middle, a slash is taller than the digits.
    """
    width, height = runs.size.T
    middle = height / 2 - runs.rise[:, 0]  # 0 at the digits' top, 1 at their foot
    below = -runs.rise[:, 1]
    tall = height / np.maximum(width, 1e-3)
    filled = runs.area / np.maximum(width * height, 1e-6)
    against = {
        ".": _off(height, (0, 0.35), 15)
        + _off(width, (0, 0.4), 15)
        + _off(middle, (0.75, 1.1), 8)
        + _off(tall, (0, 1.6), 2),
        ",": _off(height, (0.18, 0.6), 15)
        + _off(width, (0, 0.4), 15)
        + _off(below, (0.08, 0.5), 8)
        + _off(tall, (1.1, 6), 1.5),
        "-": _off(height, (0, 0.3), 15)
        + _off(width, (0.22, 3.3), 10)
        + _off(1 / tall, (1.5, 20), 2)
        + _off(middle, (0.3, 0.75), 8),
        "/": _off(height, (1.12, 2), 20) - 0.3 * log_p[:, 1] + weights.slash,
        ":": _off(height, (0.3, 0.8), 10)
        + _off(width, (0, 0.35), 15)
        + _off(middle, (0.4, 0.75), 8)
        + _off(filled, (0, 0.55), 10),
        "$": _off(height, (0.8, 2), 10)
        + _off(width, (0.3, 0.9), 10)
        + 10 * runs.inner.any(axis=1)
        - log_p[:, _DIGITS]
        + weights.sign,
        "%": _off(height, (0.6, 1.3), 10)
        + _off(width, (0.5, 1.4), 10)
        - log_p[:, _DIGITS]
        + weights.sign,
    }
    bracket = _off(height, (1.1, 2), 15) + _off(tall, (2, 8), 3) - log_p[:, _DIGITS] + weights.sign
    against |= {"(": bracket, ")": bracket}
    marks = np.stack([against[symbol] for symbol in SYMBOLS[_DIGITS:]], axis=1)
    return np.asarray(-weights.mark - marks - weights.deep * runs.cut.sum(axis=1)[:, None])


def _off(values: _Floats, usual: tuple[float, float], weight: float) -> _Floats:
    low, high = usual
    return np.asarray(weight * np.maximum(0, np.maximum(low - values, values - high)))
