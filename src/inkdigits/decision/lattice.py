"""Runs of pieces and what each may be → the likeliest texts of a row, how likely a text is.

A text is read by every way through the pieces, from left to right, whose runs say it; a run may
also be nothing: dust, a rest of a line. Its probability is the sum over these ways.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from operator import itemgetter

import numpy as np
from numpy.typing import NDArray

from inkdigits.budget import Budget
from inkdigits.decision.expected import Anything, Grammar, State
from inkdigits.sample import SYMBOLS

NOTHING = len(SYMBOLS)
"""The column of a run's scores that says: nothing is written there."""
IMPOSSIBLE = -1e30
_PLACES = {symbol: place for place, symbol in enumerate(SYMBOLS)}
_WIDTH = 10  # texts kept at each piece
_PER_STATE = 3  # texts kept of those that have come equally far in what is expected
_FAINT = 30.0  # nats less likely than the best there: such a text is dropped at first
_WAYS_A_STEP = 2  # of a budget: so many texts are made longer by one symbol
_TRIED = 12.0  # a symbol by so much less likely than the run's best is not tried


@dataclass(frozen=True, slots=True, eq=False)
class Lattice:
    """All ways through the pieces of a row.

    Attributes:
        pieces: how many there are.
        first: int (A,), the piece that each run begins with.
        last: int (A,), the one after its end.
        scores: float (A, 21), log scores of `SYMBOLS` and of `NOTHING`.
    """

    pieces: int
    first: NDArray[np.int64]
    last: NDArray[np.int64]
    scores: NDArray[np.float64]


def find_texts(
    lattice: Lattice, expected: Grammar = Anything(), count: int = 8, budget: Budget | None = None
) -> list[tuple[str, float]]:
    """Find the likeliest texts.

    Args:
        lattice: of a row.
        expected: texts that do not fit are not found.
        count: how many, at most.
        budget: what it may cost; without bounds where None.

    Returns:
        Texts and their log probabilities (`score_texts`), the likeliest first. Empty where no
        way through the pieces fits.

    Raises:
        TooComplex: it would cost more.
    """
    # What fits is mostly among the likeliest anyway.
    ends: dict[str, float] = {}
    for faint in (_FAINT, math.inf):
        ends = ends or _search(lattice, expected, faint, budget)
    chosen = sorted(ends, key=lambda text: -ends[text])[: 2 * count]
    scored = zip(chosen, score_texts(lattice, chosen).tolist(), strict=True)
    return sorted(scored, key=lambda pair: -pair[1])[:count]


def score_texts(lattice: Lattice, texts: Sequence[str]) -> NDArray[np.float64]:
    """Tell how likely texts are, of all that the pieces may say.

    Args:
        lattice: of a row.
        texts: of `SYMBOLS`; may be empty ones.

    Returns:
        Log probabilities, float64 (len(texts),); -1e30 where no way says the text.
    """
    if not texts:
        return np.zeros(0)
    rows, longest = np.arange(len(texts)), max(map(len, texts))
    place = np.full((len(texts), longest), NOTHING)
    for row, text in enumerate(texts):
        place[row, : len(text)] = [_PLACES[symbol] for symbol in text]
    reached = np.full((lattice.pieces + 1, len(texts), longest + 1), IMPOSSIBLE)
    reached[0, :, 0] = 0.0
    whole = np.full(lattice.pieces + 1, IMPOSSIBLE)
    whole[0] = 0.0
    totals = np.logaddexp.reduce(lattice.scores, axis=1)
    for run in np.argsort(lattice.first, kind="stable").tolist():
        first, last, scores = lattice.first[run], lattice.last[run], lattice.scores[run]
        here = reached[first]
        reached[last] = np.logaddexp(reached[last], here + scores[NOTHING])
        said = here[:, :-1] + scores[place]
        reached[last, :, 1:] = np.logaddexp(reached[last, :, 1:], said)
        whole[last] = np.logaddexp(whole[last], whole[first] + totals[run])
    ends = reached[-1, rows, [len(text) for text in texts]]
    return np.asarray(np.maximum(ends - whole[-1], IMPOSSIBLE), np.float64)


def place_symbols(lattice: Lattice, text: str) -> list[int]:
    """Tell which run each symbol of a text stands on, on its likeliest way.

    Args:
        lattice: of a row.
        text: not empty; of `SYMBOLS`.

    Returns:
        A run for each symbol in order. Empty where no way says the text.
    """
    best = np.full((lattice.pieces + 1, len(text) + 1), IMPOSSIBLE)
    best[0, 0] = 0.0
    came = np.full((*best.shape, 2), -1)
    place = [_PLACES[symbol] for symbol in text]
    for run in np.argsort(lattice.first, kind="stable").tolist():
        first, last, scores = lattice.first[run], lattice.last[run], lattice.scores[run]
        silent = best[first] + scores[NOTHING]
        better = silent > best[last]
        best[last][better], came[last][better] = silent[better], (run, 0)
        said = best[first, :-1] + scores[place]
        better = said > best[last, 1:]
        best[last, 1:][better], came[last, 1:][better] = said[better], (run, 1)
    if best[-1, -1] <= IMPOSSIBLE / 2:
        return []
    runs: list[int] = []
    piece, done = lattice.pieces, len(text)
    while piece > 0:
        run, spoke = came[piece, done].tolist()
        runs += [run] * spoke
        piece, done = int(lattice.first[run]), done - spoke
    return runs[::-1]


def _search(
    lattice: Lattice, expected: Grammar, faint: float, budget: Budget | None
) -> dict[str, float]:
    """Go through the pieces with the likeliest texts; give those that may end, and scores."""
    at: list[dict[str, tuple[float, State]]] = [{} for _ in range(lattice.pieces + 1)]
    at[0][""] = 0.0, expected.start
    runs: list[list[int]] = [[] for _ in range(lattice.pieces)]
    for run, first in enumerate(lattice.first.tolist()):
        runs[first].append(run)
    for piece in range(lattice.pieces):
        kept = _kept(at[piece], faint)
        for run in runs[piece]:
            scores, there = lattice.scores[run], at[int(lattice.last[run])]
            least = float(scores.max()) - _TRIED
            places = np.flatnonzero(scores > max(least, IMPOSSIBLE / 2)).tolist()
            if budget is not None:
                budget.spend(len(kept) * len(places) // _WAYS_A_STEP)
            for place in places:
                _extend(kept, there, (place, float(scores[place])), expected)
    return {
        text: score for text, (score, state) in at[-1].items() if text and expected.accepts(state)
    }


def _extend(
    kept: list[tuple[str, float, State]],
    there: dict[str, tuple[float, State]],
    symbol: tuple[int, float],
    expected: Grammar,
) -> None:
    place, more = symbol
    for text, score, state in kept:
        longer = text if place == NOTHING else text + SYMBOLS[place]
        known = there.get(longer)
        if known is not None and known[0] >= score + more:
            continue
        after = state if place == NOTHING else expected.step(state, SYMBOLS[place])
        if after is not None:
            there[longer] = score + more, after


def _kept(texts: dict[str, tuple[float, State]], faint: float) -> list[tuple[str, float, State]]:
    """Keep the likeliest texts, some of each state."""
    kept: list[tuple[str, float, State]] = []
    seen: dict[State, int] = {}
    least = max((score for score, _ in texts.values()), default=0.0) - faint
    likely = [(text, *reached) for text, reached in texts.items() if reached[0] >= least]
    for text, score, state in sorted(likely, key=itemgetter(1), reverse=True):
        number = seen[state] = seen.get(state, 0) + 1
        if len(kept) < _WIDTH or number <= _PER_STATE:
            kept.append((text, score, state))
    return kept
