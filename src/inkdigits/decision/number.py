"""What two readers hold likely of a row → the number, how sure it is, whether to believe it.

The readers see different things: one cuts the row into digits, the other reads it as a whole, in
several views. Where they agree, the answer is surer than what each says alone.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product, zip_longest
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inkdigits.decision.expected import Expected
from inkdigits.decision.fields import SHARE, WIRE, fields_of, row_fields, short
from inkdigits.decision.plausible import log_prior
from inkdigits.decision.prediction import Alternative, ModelName, Reason
from inkdigits.decision.reject import LEAST_EXPECTED, LEAST_SHARE, MAX_ALTERNATIVES, MIN_ALTERNATIVE
from inkdigits.sample import CLASSES, Box

_FLOORS = (-12.0, -30.0)
"""Log probabilities of what the lattice, and the line reader, hold impossible: the other one may
know better. The lattice does so sooner, for it cannot say what no seam cuts."""


@dataclass(frozen=True, slots=True)
class NumberAlternative:
    """A number that it may be, and its calibrated probability (0 to 1)."""

    number: str = field(metadata={"pattern": "^[0-9]+$"})
    probability: float = field(metadata=SHARE)


@dataclass(frozen=True, slots=True)
class DigitReading:
    """One digit of a number.

    Attributes:
        digit: "0" to "9".
        confidence: calibrated probability that this digit stands here, 0 to 1, whatever the others
            are and however many.
        box: where it lies in the picture; None where that could not be told.
        alternatives: digits that it may be, best first, this one among them.
    """

    digit: str = field(metadata={"pattern": "^[0-9]$"})
    confidence: float = field(metadata=SHARE)
    box: Box | None
    alternatives: tuple[Alternative, ...]


@dataclass(frozen=True, slots=True)
class NumberLine:
    """The answer for one line of writing.

    Attributes:
        number: its digits alone; None where it is no number, or none that was expected.
        text: the same with what stands between and beside them, `. , - / : % ( )`, as "1.204,50"
            or "7%"; `$` stands for any currency, a line break for the next line of writing.
        accepted: whether the answer, separators included, is sure enough to be used unseen; None
            where nobody has fitted how sure that is.
        reason: why it was not accepted; None when it was.
        confidence: calibrated probability of the number, 0 to 1.
        digits: of the number, left to right.
        alternatives: numbers that it may be, best first, this one among them.
        box: where the line lies in the picture.
    """

    number: str | None
    text: str | None
    accepted: bool | None
    reason: Reason | None
    confidence: float = field(metadata=SHARE)
    digits: tuple[DigitReading, ...]
    alternatives: tuple[NumberAlternative, ...]
    box: Box | None = None


@dataclass(frozen=True, slots=True)
class NumberPrediction:
    """The answer for a picture.

    One line of writing is the number. Of several, the numbers are joined, top to bottom, and
    their texts by line breaks; `confidence` is that all of them are right. A line that holds no
    number adds nothing, unless there is no other.

    Attributes:
        number, text, accepted, reason, confidence, digits, alternatives: as of `NumberLine`.
        lines: what each line of writing is, top to bottom, at least one.
        page: of the file, from 1, where a page was asked for.
        model: which one read single digits.
        line_reader: what read each line as a whole, beside `model`.
    """

    __pydantic_config__ = WIRE

    number: str | None
    text: str | None
    accepted: bool | None
    reason: Reason | None
    confidence: float = field(metadata=SHARE)
    digits: tuple[DigitReading, ...]
    alternatives: tuple[NumberAlternative, ...]
    lines: tuple[NumberLine, ...]
    page: int | None = field(default=None, metadata={"ge": 1})
    model: ModelName | None = field(default=None, compare=False)  # where no `Reader` did it
    line_reader: ModelName | None = field(default=None, compare=False)

    def to_dict(self) -> dict[str, Any]:
        """Give the fields of `POST /numbers`, ready for JSON."""
        return fields_of(self)

    def to_row(self) -> dict[str, Any]:
        """Give what a table has of it, one value a column, as for `pandas.DataFrame`."""
        return row_fields(self, number=self.number, text=self.text)

    def __repr__(self) -> str:
        return f"<NumberPrediction {short(self, self.text)}>"


@dataclass(frozen=True, slots=True, eq=False)
class Held:
    """What the readers hold of a row.

    Attributes:
        texts: whatever any of them holds likely.
        lattice: float64 (N,), the lattice's log probabilities of the texts.
        views: float64 (V, N), those of the line reader in each of its views of the row.
    """

    texts: Sequence[str]
    lattice: NDArray[np.float64]
    views: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class NumberPolicy:
    """How readers are weighed against each other, and when a number is believed.

    Attributes:
        weights: on the log probabilities of the lattice and the line reader.
        weights_of_one: the same for a row that is one digit; None where they are no others.
        temperature: the weighted sum is divided by it; positive.
        min_confidence: a number less likely is "unsure", 0 to 1; None: nobody has fitted it.
        min_separators: so is one whose separators are less likely, given its digits, 0 to 1.
    """

    weights: tuple[float, float]
    temperature: float = 1.0
    min_confidence: float | None = 0.9
    min_separators: float = 0.5
    weights_of_one: tuple[float, float] | None = None


TOGETHER = NumberPolicy(
    (0.15, 0.85), min_confidence=0.923, min_separators=0.3, weights_of_one=(1.0, 0.75)
)
"""For the lattice and the line reader: with these weights, confidences are a point too low on real
cheques, and 2.6 points too high on numbers written with a pen (tuning sets). From this confidence
on, 61% of the cheques are accepted, 2% of them wrongly, or 0.8% if their labels are corrected.
bench/number_policy.py, which fits to composed numbers of writers held out, leaves the lattice out,
(0, 1.04), and accepts from 0.915."""


def rank_texts(held: Held, policy: NumberPolicy, *, is_one: bool = False) -> dict[str, float]:
    """Weigh what the readers hold of texts, and what people write.

    The views of the line reader are weighed one by one, each with the lattice, and the mean is
    taken of what they say then: where one of them doubts, the answer is doubtful.

    Args:
        held: what the readers hold.
        policy: their weights.
        is_one: whether the row is surely one digit, whichever.

    Returns:
        Text → probability, the likeliest first; they sum to 1. Empty where there are no texts.

    Source:
        Stone, "The opinion pool" (1961).
    """
    places = {text: place for place, text in enumerate(held.texts) if to_number(text)}
    if not places:
        return {}
    kept = list(places.values())
    weights = (is_one and policy.weights_of_one) or policy.weights
    total = np.array([log_prior(text) for text in places])
    scores = held.lattice[None, kept], held.views[:, kept]
    for weight, score, floor in zip(weights, scores, _FLOORS, strict=True):
        total = total + weight / policy.temperature * np.maximum(score, floor)
    powers = np.exp(total - total.max(axis=1, keepdims=True))
    shares = (powers / powers.sum(axis=1, keepdims=True)).mean(axis=0).tolist()
    ranked = dict(zip(places, shares, strict=True))
    return dict(sorted(ranked.items(), key=lambda pair: -pair[1]))


def keep_expected(ranked: Mapping[str, float], expected: Expected) -> dict[str, float]:
    """Leave the texts that are expected, and share the others' probability out among them.

    Where the readers see clearly something else, it is not shared out in full: then what is
    expected is not there, whatever somebody expects.

    Args:
        ranked: from `rank_texts`.
        expected: what the row is known to hold.

    Returns:
        Text → probability, the likeliest first; they sum to 1, or to less.
    """
    kept = {text: share for text, share in ranked.items() if expected.allows(text)}
    mass = sum(kept.values())
    return {text: share / max(mass, LEAST_EXPECTED) for text, share in kept.items()}


def to_number(text: str) -> str:
    """Leave the digits of a text."""
    return "".join(symbol for symbol in text if symbol in CLASSES)


def align(one: str, other: str) -> list[tuple[str, str]]:
    """Pair the symbols of two texts up with the fewest edits; "" where one of them has none.

    Source:
        Levenshtein (1966); Wagner, Fischer, "The String-to-String Correction Problem" (1974).
    """
    begin = _shared(one, other)
    end = _shared(one[begin:][::-1], other[begin:][::-1])
    left, right = one[begin : len(one) - end], other[begin : len(other) - end]
    middle = [*zip_longest(left, right, fillvalue="")]
    if left and right and len(middle) > 1:
        middle = _with_fewest_edits(left, right)
    same = zip(one[:begin], other[:begin], strict=True)
    return [*same, *middle, *zip(one[len(one) - end :], other[len(other) - end :], strict=True)]


def _shared(one: str, other: str) -> int:
    """How many symbols two texts have in common at their beginning."""
    differs = (i for i, (left, right) in enumerate(zip(one, other, strict=False)) if left != right)
    return next(differs, min(len(one), len(other)))


def _with_fewest_edits(left: str, right: str) -> list[tuple[str, str]]:
    # What it costs to pair up each beginning of `left` with each beginning of `right`.
    costs = [[*range(len(right) + 1)]]
    for i, symbol in enumerate(left):
        row = [i + 1]
        for j, theirs in enumerate(right):
            changed = costs[i][j] + (symbol != theirs)
            row.append(min(changed, costs[i][j + 1] + 1, row[j] + 1))
        costs.append(row)
    pairs: list[tuple[str, str]] = []
    i, j = len(left), len(right)
    while i or j:
        cost, changed = costs[i][j], left[i - 1 : i] != right[j - 1 : j]
        both = i > 0 and j > 0 and costs[i - 1][j - 1] + changed == cost
        ours = both or (i > 0 and costs[i - 1][j] + 1 == cost)
        pairs.append((left[i - 1] if ours else "", right[j - 1] if both or not ours else ""))
        i, j = i - ours, j - (both or not ours)
    return pairs[::-1]


def decide_number(
    ranked: Mapping[str, float], policy: NumberPolicy, place: Callable[[str], Sequence[Box | None]]
) -> NumberLine:
    """Say what a row is, and whether to believe it.

    Args:
        ranked: from `rank_texts`; not empty.
        policy: the thresholds.
        place: text → a box for each of its digits, or as many None.
    """
    numbers: dict[str, float] = {}
    for text, share in ranked.items():
        numbers[to_number(text)] = numbers.get(to_number(text), 0.0) + share
    ordered = sorted(((n, _capped(p)) for n, p in numbers.items()), key=lambda pair: -pair[1])
    number, confidence = ordered[0]
    text = next(text for text in ranked if to_number(text) == number)
    reason: Reason | None = None
    if policy.min_confidence is None:
        reason = "not_calibrated"
    elif confidence < policy.min_confidence or ranked[text] < policy.min_separators * confidence:
        reason = "unsure"
    return NumberLine(
        number=number,
        text=text,
        accepted=None if reason == "not_calibrated" else reason is None,
        reason=reason,
        confidence=confidence,
        digits=_digits(number, numbers, place(text)),
        alternatives=_shown(ordered),
    )


def no_number(reason: Reason, box: Box | None = None) -> NumberLine:
    """Say that a row holds no number."""
    return NumberLine(None, None, False, reason, 0.0, (), (), box)  # noqa: FBT003  accepted


def join_lines(lines: Sequence[NumberLine]) -> NumberPrediction:
    """Put the lines of a picture together.

    Args:
        lines: top to bottom, at least one.
    """
    read = [line for line in lines if line.number is not None] or list(lines[:1])
    # A line that is surely none, or not sure enough, says more than one nobody can judge.
    least = min(read, key=lambda line: (line.accepted is not False, line.accepted is not None))
    found = read[0].number is not None
    return NumberPrediction(
        number="".join(line.number or "" for line in read) if found else None,
        text="\n".join(line.text or "" for line in read) if found else None,
        accepted=least.accepted,
        reason=least.reason,
        confidence=math.prod(line.confidence for line in read),
        digits=tuple(digit for line in read for digit in line.digits),
        alternatives=_joined(read),
        lines=tuple(lines),
    )


def _joined(lines: Sequence[NumberLine]) -> tuple[NumberAlternative, ...]:
    joined = [("", 1.0)]
    for line in lines:
        pairs = product(joined, line.alternatives)
        longer = [(text + one.number, share * one.probability) for (text, share), one in pairs]
        joined = sorted(longer, key=lambda pair: -pair[1])[:MAX_ALTERNATIVES]
    return _shown(joined)


def _shown(ordered: Sequence[tuple[str, float]]) -> tuple[NumberAlternative, ...]:
    return tuple(
        NumberAlternative(number, share)
        for place, (number, share) in enumerate(ordered[:MAX_ALTERNATIVES])
        if not place or share >= MIN_ALTERNATIVE
    )


def _digits(
    number: str, numbers: Mapping[str, float], boxes: Sequence[Box | None]
) -> tuple[DigitReading, ...]:
    """Sum up, for each place, over all numbers, aligned with this one, what stands there."""
    places: list[dict[str, float]] = [{} for _ in number]
    for other, share in numbers.items():
        pairs = [(ours, theirs) for ours, theirs in align(number, other) if ours]
        for shares, (_, theirs) in zip(places, pairs, strict=True):
            shares[theirs] = shares.get(theirs, 0.0) + share
    return tuple(
        _digit(digit, shares, box) for digit, shares, box in zip(number, places, boxes, strict=True)
    )


def _digit(digit: str, shares: Mapping[str, float], box: Box | None) -> DigitReading:
    order = sorted(shares.items(), key=lambda pair: -pair[1])
    likely = [(one, p) for one, p in order if one == digit or (one and p >= MIN_ALTERNATIVE)]
    alternatives = tuple(Alternative(one, _capped(p)) for one, p in likely[:MAX_ALTERNATIVES])
    return DigitReading(digit, _capped(shares[digit]), box, alternatives)


def _capped(share: float) -> float:
    """Leave what ten other outcomes would have at least: nothing is certain."""
    return min(share, 1 - len(CLASSES) * LEAST_SHARE)
