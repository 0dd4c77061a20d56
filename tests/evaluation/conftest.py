"""Outcomes and suites written by hand, and a reader of printed digits."""

from typing import Any

import numpy as np
import pytest

from inkdigits.data.labelled import Labelled
from inkdigits.decision.number import to_number
from inkdigits.evaluation.run import AnyOutcomes, NumberOutcomes, Outcomes, run_suites
from inkdigits.evaluation.suite import Kind, Suite
from inkdigits.model.loading import load_model
from inkdigits.reader import Reader
from tests.tiny import blank_png, png, write_model


def said(*rows: tuple[Any, ...]) -> Outcomes:
    """Outcomes of (label, best, confidence, reason, name); best -1 for no answer.

    Confidence is that of what is answered, as everywhere: the best digit, or that there is none;
    then the best digit has the rest.
    """
    padded = [(*row, *("", f"{i}/x")[len(row) - 3 :]) for i, row in enumerate(rows)]
    label, best, confidence, reason, name = (list(column) for column in zip(*padded, strict=True))
    probabilities = np.zeros((len(rows), 10))
    reasons = np.array(reason, np.str_)
    none = reasons == "not_a_digit"
    for i, (digit, sure) in enumerate(zip(best, confidence, strict=True)):
        if digit >= 0:
            probabilities[i] = 0 if none[i] else (1 - sure) / 9
            probabilities[i, digit] = 1 - sure if none[i] else sure
    return Outcomes(
        np.array(label),
        np.array(best),
        probabilities,
        none * np.array(confidence, float),
        np.array(confidence, float),
        reasons == "",
        reasons,
        np.array(name, np.str_),
        np.full(len(rows), 0.002),
    )


def numbers_said(*rows: tuple[Any, ...]) -> NumberOutcomes:
    """Outcomes of (label, text, confidence, reason, confidences of the digits)."""
    padded = [(*row, *("", ())[len(row) - 3 :]) for row in rows]
    label, text, confidence, reason, digits = (list(column) for column in zip(*padded, strict=True))
    return NumberOutcomes(
        np.array(label),
        np.array([to_number(one) for one in text]),
        np.array(text),
        np.fromiter(digits, object),
        np.array(confidence, float),
        np.array(reason, np.str_) == "",
        np.array(reason, np.str_),
        np.array(label),
        np.full(len(rows), 0.002),
    )


def suite_of(*pictures: Labelled, name: str = "some", kind: Kind = "digits") -> Suite:
    return Suite(name, "a few", kind, len(pictures), lambda: iter(pictures), "")


def run_suite(reader: Reader, suite: Suite) -> AnyOutcomes:
    return run_suites(reader, [suite], lambda *_: None)[suite.name]


def printed(*labels: int) -> list[Labelled]:
    """Printed digits, which the tiny model reads; 10 is a blank picture."""
    return [
        Labelled(blank_png() if label == 10 else png(str(label)), label, f"{i}/{label}")
        for i, label in enumerate(labels)
    ]


@pytest.fixture(scope="session")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    path = write_model(tmp_path_factory.mktemp("models") / "tiny.onnx")
    return Reader(load_model(path))
