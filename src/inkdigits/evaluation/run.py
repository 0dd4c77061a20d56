"""A reader and a suite in → what was said of each picture out."""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inkdigits.data.labelled import Labelled
from inkdigits.decision.number import NumberPrediction, to_number
from inkdigits.errors import ImageError
from inkdigits.evaluation.suite import Suite
from inkdigits.reader import Reader

Tell = Callable[[str, int, int], None]
"""What is being done, how much of it is done, how much there is."""
_DIGITS = 10
_EVERY = 50  # pictures: a bar that moves more often costs more than it shows


@dataclass(frozen=True, slots=True, eq=False)
class Outcomes:
    """What a reader said of each of N pictures.

    Attributes:
        label: (N,), 0 to 9, or 10 for what is no digit.
        best: (N,), the likeliest digit, also where it was refused; -1 where there was no answer.
        probabilities: (N, 10); zeros where there was no answer.
        not_a_digit: (N,), 0 to 1; in a row, it and the ten probabilities sum to 1.
        confidence: (N,), of what was answered, the best digit or that there is none, 0 to 1.
        accepted: (N,), bool; not where nobody can say.
        reason: (N,), "" (accepted), "unsure", "not_a_digit" and so on, or the code of an error.
        name: (N,), of the pictures.
        seconds: (N,), of the whole line, from bytes to prediction.
    """

    label: NDArray[np.int64]
    best: NDArray[np.int64]
    probabilities: NDArray[np.float64]
    not_a_digit: NDArray[np.float64]
    confidence: NDArray[np.float64]
    accepted: NDArray[np.bool_]
    reason: NDArray[np.str_]
    name: NDArray[np.str_]
    seconds: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.label)

    @property
    def answered(self) -> NDArray[np.bool_]:
        """Where there is an answer at all: the picture could be read and was not blank."""
        return np.asarray(self.best >= 0)

    @property
    def score(self) -> NDArray[np.float64]:
        """How sure it is that this is the best digit and a digit at all; 0 without an answer."""
        return np.asarray(self.probabilities.max(axis=1, initial=0.0))


@dataclass(frozen=True, slots=True, eq=False)
class NumberOutcomes:
    """What a reader said of each of N pictures of numbers. All others are as of `Outcomes`.

    Attributes:
        label: (N,), what is written, perhaps with separators.
        number: (N,), what was read, digits alone; "" for no answer.
        text: (N,), the same with separators.
        digits: (N,), tuples of the confidences of the digits of each `number`.
    """

    label: NDArray[np.str_]
    number: NDArray[np.str_]
    text: NDArray[np.str_]
    digits: NDArray[np.object_]
    confidence: NDArray[np.float64]
    accepted: NDArray[np.bool_]
    reason: NDArray[np.str_]
    name: NDArray[np.str_]
    seconds: NDArray[np.float64]

    @property
    def written(self) -> NDArray[np.str_]:
        """The labels without their separators."""
        return np.array([to_number(label) for label in self.label.tolist()], np.str_)

    @property
    def answered(self) -> NDArray[np.bool_]:
        """Where there is a number."""
        return np.asarray(self.number != "")

    @property
    def right(self) -> NDArray[np.bool_]:
        """Where all digits are right, whatever stands between them."""
        return np.asarray(self.number == self.written)

    @property
    def score(self) -> NDArray[np.float64]:
        """How sure it is of the whole number."""
        return self.confidence


AnyOutcomes = Outcomes | NumberOutcomes
Said = Mapping[str, AnyOutcomes]
"""What a reader said, by the names of the suites."""
_OWN_COLUMNS: dict[type, tuple[type, ...]] = {
    Outcomes: (np.int64, np.int64, float, float),
    NumberOutcomes: (np.str_, np.str_, np.str_, object),
}
_SHARED_COLUMNS = (float, bool, np.str_, np.str_, float)


def run_suites(reader: Reader, suites: Sequence[Suite], tell: Tell) -> Said:
    """Read every picture of each suite, one at a time, as the product would.

    Args:
        reader: what to measure.
        suites: their pictures are made as they are read.
        tell: told every now and then how much of all of it is done.

    Returns:
        Of a suite of numbers NumberOutcomes, of others Outcomes, each in the suite's order. A
        picture that cannot be read, or is blank, is a row without an answer.

    Raises:
        DataError: a picture of a suite cannot be made.
    """
    total, done, found = sum(suite.count for suite in suites), 0, {}
    for suite in suites:
        rows: list[tuple[Any, ...]] = []
        of_numbers = suite.kind == "number"
        for picture in suite.pictures():
            if len(rows) % _EVERY == 0:
                tell(f"Reading {suite.name}", done, total)
            rows.append(_read(reader, picture, of_numbers=of_numbers))
            done += 1
        found[suite.name] = _gather(rows, NumberOutcomes if of_numbers else Outcomes)
    tell("Reading", total, total)
    return found


def join(parts: Iterable[Outcomes]) -> Outcomes:
    """Put the outcomes of several suites into one."""
    listed = list(parts)
    columns = (np.concatenate([getattr(p, name) for p in listed]) for name in Outcomes.__slots__)
    return Outcomes(*columns)


def _read(reader: Reader, picture: Labelled, *, of_numbers: bool) -> tuple[Any, ...]:
    predict = reader.predict_number if of_numbers else reader.predict_digit
    label = picture.number if of_numbers else picture.label
    data = picture.data  # before the clock starts
    start = time.perf_counter()
    try:
        said = predict(data)
    except ImageError as error:
        spent = time.perf_counter() - start
        nothing = ("", "", ()) if of_numbers else (-1, (0.0,) * _DIGITS, 0.0)
        return label, *nothing, 0.0, False, error.code, picture.name, spent
    spent = time.perf_counter() - start
    what: tuple[Any, ...]
    if isinstance(said, NumberPrediction):
        what = said.number or "", said.text or "", tuple(one.confidence for one in said.digits)
        reason = said.reason or ""
    else:
        what = int(said.alternatives[0].digit), said.probabilities, said.not_a_digit
        reason = (said.reason or "") if said.digit else "not_a_digit"
    return label, *what, said.confidence, bool(said.accepted), reason, picture.name, spent


def _gather(rows: list[tuple[Any, ...]], outcomes: type[AnyOutcomes]) -> AnyOutcomes:
    types = (*_OWN_COLUMNS[outcomes], *_SHARED_COLUMNS)
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(types)
    arrays: list[NDArray[Any]] = [
        np.fromiter(column, object) if kind is object else np.array(column, kind)
        for column, kind in zip(columns, types, strict=True)
    ]
    if outcomes is Outcomes:
        arrays[2] = arrays[2].reshape(-1, _DIGITS)
    return outcomes(*arrays)
