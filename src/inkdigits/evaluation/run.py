"""A reader and a suite in → what was said of each picture out."""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inkdigits.data.labelled import Labelled
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


def run_suite(reader: Reader, suite: Suite, tell: Tell) -> Outcomes:
    """Read every picture of a suite, one at a time, as the product would.

    Args:
        reader: what to measure.
        suite: its pictures are made as they are read.
        tell: told every now and then.

    Returns:
        The outcomes, in the suite's order. A picture that cannot be read, or is blank, is a
        row without an answer.

    Raises:
        DataError: a picture of the suite cannot be made.
    """
    rows = []
    for number, picture in enumerate(suite.pictures()):
        if number % _EVERY == 0:
            tell(suite.name, number, suite.count)
        rows.append(_read(reader, picture))
    tell(suite.name, len(rows), suite.count)
    return _gather(rows)


def run_suites(reader: Reader, suites: Sequence[Suite], tell: Tell) -> dict[str, Outcomes]:
    """Read suite after suite, and tell how much of all of it is done."""
    total, found, before = sum(suite.count for suite in suites), {}, 0
    for suite in suites:

        def tell_all(name: str, done: int, _: int, before: int = before) -> None:
            tell(f"Reading {name}", before + done, total)

        found[suite.name] = run_suite(reader, suite, tell_all)
        before += suite.count
    return found


def join(parts: Iterable[Outcomes]) -> Outcomes:
    """Put the outcomes of several suites into one."""
    listed = list(parts)
    columns = (np.concatenate([getattr(p, name) for p in listed]) for name in Outcomes.__slots__)
    return Outcomes(*columns)


def _read(reader: Reader, picture: Labelled) -> tuple[Any, ...]:
    data = picture.data  # before the clock starts
    start = time.perf_counter()
    try:
        said = reader.predict_digit(data)
    except ImageError as error:
        spent = time.perf_counter() - start
        nothing = (0.0,) * _DIGITS
        return picture.label, -1, nothing, 0.0, 0.0, False, error.code, picture.name, spent
    spent = time.perf_counter() - start
    best = int(said.alternatives[0].digit)
    reason = (said.reason or "") if said.digit else "not_a_digit"
    return (
        picture.label, best, said.probabilities, said.not_a_digit, said.confidence,
        bool(said.accepted), reason, picture.name, spent,
    )  # fmt: skip


def _gather(rows: list[tuple[Any, ...]]) -> Outcomes:
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(Outcomes.__slots__)
    kinds = (np.int64, np.int64, float, float, float, bool, np.str_, np.str_, float)
    arrays = [np.array(column, kind) for column, kind in zip(columns, kinds, strict=True)]
    arrays[2] = arrays[2].reshape(-1, _DIGITS)
    return Outcomes(*arrays)
