"""What a line reader says of each frame → the likeliest texts, their likelihood and places.

A text is read by every path over the frames that becomes it when repeats and then blanks are
left out; its probability is the sum over these paths.

Source:
    Graves et al., "Connectionist Temporal Classification" (2006); Hannun et al., "First-Pass
    Large Vocabulary Continuous Speech Recognition using Bi-Directional Recurrent DNNs" (2014),
    for the search over prefixes.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inkdigits.budget import Budget
from inkdigits.decision.expected import Anything, Grammar, State
from inkdigits.sample import SYMBOLS

LogProbabilities = NDArray[np.float32]
"""Of each frame: float32 (T, 20), the symbols in their order and last the blank; natural log."""

_BLANK = len(SYMBOLS)
_PLACES = {symbol: place for place, symbol in enumerate(SYMBOLS)}
_IMPOSSIBLE = -1e30
_WAYS_A_STEP = 2  # of a budget: so many prefixes stay or are made longer by a symbol
_RESCALED = 4  # frames: until then no probability that counts becomes 0


@dataclass(frozen=True, slots=True)
class _Effort:
    """How thoroughly to search.

    Attributes:
        least: of a frame; a symbol less likely is not tried, a blank that leaves no more to all
            others together is not questioned.
        width: prefixes kept, of all.
        per_state: prefixes kept of those that have come equally far in what is expected.
        faint: of the likeliest prefix; one less likely is dropped.
    """

    least: float
    width: int
    per_state: int
    faint: float


# What fits is mostly among the likeliest anyway. Where it is not, texts must be kept that are
# much less likely than others, as long as they can still become one that fits.
_EFFORTS = (_Effort(0.004, 10, 0, 1e-6), _Effort(0.001, 10, 2, 0.0), _Effort(0.0, 10, 2, 0.0))


@dataclass(slots=True)
class _Prefix:
    """A text so far: the probability of its paths that end in a blank, and in its last symbol."""

    state: State
    blank: float = 0.0
    symbol: float = 0.0

    @property
    def whole(self) -> float:
        return self.blank + self.symbol


def find_texts(
    frames: LogProbabilities, expected: Grammar = Anything(), count: int = 8
) -> list[tuple[str, float]]:
    """Find the likeliest texts.

    Args:
        frames: (T, 20).
        expected: texts that do not fit are not found.
        count: how many, at most.

    Returns:
        Texts and their log probabilities (`score_texts`), the likeliest first. Empty where no
        text fits that has a path over the frames.
    """
    chosen = search_texts(frames, expected, 2 * count)
    scored = zip(chosen, score_texts(frames, chosen).tolist(), strict=True)
    return sorted(scored, key=lambda pair: -pair[1])[:count]


def search_texts(
    frames: LogProbabilities,
    expected: Grammar = Anything(),
    count: int = 8,
    budget: Budget | None = None,
) -> list[str]:
    """Find the texts that are likely, as far as the search has followed their paths.

    Arguments as for `find_texts`, which takes longer, for it adds all paths up.

    Raises:
        TooComplex: it would cost more than the budget allows.
    """
    found: list[tuple[str, float]] = []
    for effort in _EFFORTS:
        found = found or _search(frames, expected, effort, budget)
    return [text for text, _ in sorted(found, key=lambda pair: -pair[1])[:count]]


def score_texts(frames: LogProbabilities, texts: Sequence[str]) -> NDArray[np.float64]:
    """Tell how likely texts are, each over all of its paths.

    Args:
        frames: (T, 20).
        texts: of `SYMBOLS`; may be empty ones.

    Returns:
        Log probabilities, float64 (len(texts),); -1e30 where a text has no path, or none but of
        less than e^-700 of the likeliest to a part of it.
    """
    return np.asarray(score_views([frames], texts)[0], np.float64)


def score_views(views: Sequence[LogProbabilities], texts: Sequence[str]) -> NDArray[np.float64]:
    """Tell how likely texts are in each of several views, sooner than one after the other.

    Args:
        views: (T, 20) each; T may differ. There may be none.
        texts: as for `score_texts`.

    Returns:
        Log probabilities as of `score_texts`, float64 (len(views), len(texts)).
    """
    if not texts or not views:
        return np.zeros((len(views), len(texts)))
    places, skips, last = _lattice(texts)
    emitted = _side_by_side(views)[:, :, places]
    may_skip = skips.astype(np.float64)
    # The probability of all paths to each place, of the likeliest one's; two columns before the
    # first place are nothing, so that neighbours are slices.
    reached = np.zeros((len(views), len(texts), places.shape[1] + 2))
    reached[..., 2:4] = emitted[0, ..., :2]
    scale = np.zeros(reached.shape[:2])
    two_back, one_back, here = reached[..., :-2], reached[..., 1:-1], reached[..., 2:]
    grown = np.empty(here.shape)
    for number, chances in enumerate(emitted[1:], 1):
        np.multiply(two_back, may_skip, out=grown)
        grown += one_back
        grown += here
        np.multiply(grown, chances, out=here)
        if number % _RESCALED == 0:
            scale += _rescale(reached)
    scale += _rescale(reached)
    rows = np.arange(len(texts))
    ends = reached[:, rows, last + 2] + np.where(last > 0, reached[:, rows, last + 1], 0.0)
    with np.errstate(divide="ignore"):
        return np.asarray(np.maximum(np.log(ends) + scale, _IMPOSSIBLE), np.float64)


def _side_by_side(views: Sequence[LogProbabilities]) -> NDArray[np.float64]:
    """Put the probabilities of views into one array, (T, V, 20), shorter ones end in blanks."""
    chances = np.zeros((max(map(len, views)), len(views), _BLANK + 1))
    chances[..., _BLANK] = 1.0
    for number, frames in enumerate(views):
        chances[: len(frames), number] = np.exp(frames.astype(np.float64))
    return chances


def _rescale(reached: NDArray[np.float64]) -> NDArray[np.float64]:
    """Make the likeliest place of each text 1, and give the logarithms of what it was."""
    top = reached.max(axis=-1, keepdims=True)
    top[top == 0] = 1.0  # nothing was reached: it stays so
    reached /= top
    return np.asarray(np.log(top[..., 0]), np.float64)


def place_symbols(frames: LogProbabilities, text: str) -> list[tuple[int, int]]:
    """Tell over which frames each symbol of a text stands on its likeliest path.

    Args:
        frames: (T, 20).
        text: not empty; of `SYMBOLS`.

    Returns:
        First frame and the one after the last, for each symbol in order. Empty where the text
        has no path: it is too long for the frames.
    """
    places, skips, last = (part[0] for part in _lattice([text]))
    count = int(last) + 1
    places, skips = places[:count], skips[:count]
    best = np.full(count, _IMPOSSIBLE)
    best[:2] = frames[0, places[:2]]
    came = np.zeros((len(frames), count), np.int8)
    for number in range(1, len(frames)):
        moves = np.full((3, count), _IMPOSSIBLE)
        moves[0] = best
        moves[1, 1:] = best[:-1]
        moves[2, 2:] = np.where(skips[2:], best[:-2], _IMPOSSIBLE)
        came[number] = moves.argmax(axis=0)
        best = moves.max(axis=0) + frames[number, places]
    place = count - 1 if best[-1] >= best[-2] else count - 2
    if best[place] <= _IMPOSSIBLE / 2:
        return []
    path = np.zeros(len(frames), np.int64)
    for number in range(len(frames) - 1, -1, -1):
        path[number] = place
        place -= int(came[number, place])
    spans = [np.flatnonzero(path == 2 * index + 1) for index in range(len(text))]
    return [(int(span[0]), int(span[-1]) + 1) for span in spans]


def _lattice(
    texts: Sequence[str],
) -> tuple[NDArray[np.int64], NDArray[np.bool_], NDArray[np.int64]]:
    """Lay texts out with blanks around each symbol: (N, 2 L + 1), L of the longest.

    Returns:
        The class of each place; whether it can be reached past a blank; each text's last place.
    """
    longest = max(map(len, texts))
    places = np.full((len(texts), 2 * longest + 1), _BLANK)
    for row, text in enumerate(texts):
        places[row, 1 : 2 * len(text) : 2] = [_PLACES[symbol] for symbol in text]
    skips = np.zeros(places.shape, np.bool_)
    skips[:, 2:] = (places[:, 2:] != _BLANK) & (places[:, 2:] != places[:, :-2])
    return places, skips, np.array([2 * len(text) for text in texts])


def _search(
    frames: LogProbabilities, expected: Grammar, effort: _Effort, budget: Budget | None
) -> list[tuple[str, float]]:
    """Go through the frames with the likeliest prefixes; give the texts that may end."""
    prefixes = {"": _Prefix(expected.start, blank=1.0)}
    chances = np.exp(frames.astype(np.float64))
    tried = chances[:, :_BLANK] > effort.least
    quiet = (chances[:, _BLANK] >= 1 - effort.least) & (effort.least > 0)
    for number in range(len(frames)):
        frame = chances[number].tolist()
        if quiet[number]:
            for prefix in prefixes.values():
                prefix.blank, prefix.symbol = prefix.whole * frame[_BLANK], 0.0
            continue
        places = np.flatnonzero(tried[number]).tolist()
        if budget is not None:
            budget.spend(len(prefixes) * (len(places) + 1) // _WAYS_A_STEP)
        prefixes = _kept(_extended(prefixes, (frame, places), expected), effort)
    ends = [(text, prefix) for text, prefix in prefixes.items() if expected.accepts(prefix.state)]
    return [(text, prefix.whole) for text, prefix in ends if prefix.whole > 0]


def _extended(
    prefixes: dict[str, _Prefix], frame: tuple[list[float], list[int]], expected: Grammar
) -> dict[str, _Prefix]:
    """Go on by one frame: every prefix stays or grows by one of the symbols tried."""
    chances, places = frame
    grown: dict[str, _Prefix] = {}
    for text, prefix in prefixes.items():
        whole, last = prefix.blank + prefix.symbol, text[-1:]
        stays = grown.get(text)
        if stays is None:
            stays = grown[text] = _Prefix(prefix.state)
        stays.blank += whole * chances[_BLANK]
        if text:
            stays.symbol += prefix.symbol * chances[_PLACES[last]]
        for place in places:
            symbol = SYMBOLS[place]
            chance = (prefix.blank if last == symbol else whole) * chances[place]
            if chance <= 0:
                continue
            longer = grown.get(text + symbol)
            if longer is None:
                state = expected.step(prefix.state, symbol)
                if state is None:
                    continue
                longer = grown[text + symbol] = _Prefix(state)
            longer.symbol += chance
    return grown


def _kept(grown: dict[str, _Prefix], effort: _Effort) -> dict[str, _Prefix]:
    """Keep the likeliest prefixes, some of each state; the best one has probability 1 again."""
    order = sorted(((one.blank + one.symbol, text) for text, one in grown.items()), reverse=True)
    top = order[0][0] or 1.0
    least = max(effort.faint * top, 1e-300)
    kept: dict[str, _Prefix] = {}
    seen: dict[State, int] = {}
    for whole, text in order:
        prefix = grown[text]
        number = seen[prefix.state] = seen.get(prefix.state, 0) + 1
        if whole < least or (len(kept) >= effort.width and not effort.per_state):
            break
        if len(kept) < effort.width or number <= effort.per_state:
            prefix.blank, prefix.symbol = prefix.blank / top, prefix.symbol / top
            kept[text] = prefix
    return kept
