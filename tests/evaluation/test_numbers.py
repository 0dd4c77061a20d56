"""Numbers, measured: figures by hand, and a real reader on pictures of this project's hand."""

from dataclasses import replace

import pytest

from inkdigits.data.labelled import Labelled
from inkdigits.evaluation.numbers import (
    NumberOutcome,
    count_edits,
    measure_numbers,
    run_numbers,
)
from inkdigits.evaluation.suite import Suite
from inkdigits.model.loading import load_model
from inkdigits.reader import Reader
from tests.tiny import blank_png
from tests.written import number_png


def suite(*pictures: Labelled) -> Suite:
    return Suite("some", "a few", "number", len(pictures), lambda: iter(pictures), "")


def said(label: str, text: str, confidence: float, reason: str = "") -> NumberOutcome:
    number = "".join(symbol for symbol in text if symbol.isdigit())
    return NumberOutcome(label, number, text, not reason, reason, confidence, label, 0.01)


@pytest.mark.parametrize(
    ("one", "other", "edits"),
    [("", "", 0), ("123", "123", 0), ("123", "", 3), ("123", "133", 1), ("123", "23", 1),
     ("12", "21", 2), ("1234", "134", 1)],
)  # fmt: skip
def test_edits_by_hand(one: str, other: str, edits: int) -> None:
    assert count_edits(one, other) == count_edits(other, one) == edits


def test_figures_by_hand() -> None:
    outcomes = [
        said("12", "12", 0.99),
        said("1,2", "1.2", 0.9),
        said("34", "84", 0.8),
        said("567", "57", 0.4, "unsure"),
        said("8", "", 0.0, "blank-image"),
    ]
    found = measure_numbers(suite(), outcomes)
    figures = found["figures"]
    assert figures["accuracy"] == pytest.approx(2 / 5)
    assert figures["accepted"] == pytest.approx(3 / 5)
    assert figures["error_among_accepted"] == pytest.approx(1 / 3)
    assert figures["edits"] == pytest.approx(3 / 10)
    assert figures["text_right"] == pytest.approx(1 / 5)
    low, high = found["intervals"]["accuracy"]
    assert low < 2 / 5 < high
    assert found["errors"] == {"blank-image": 1}
    assert [(row["length"], row["count"], row["accuracy"]) for row in found["lengths"]] == [
        (1, 1, 0),
        (2, 3, pytest.approx(2 / 3)),
        (3, 1, 0),
    ]


def test_each_digit_is_judged_where_the_label_has_it() -> None:
    one = replace(said("123", "13", 0.5), digits=(0.9, 0.8))  # both right: the 2 is missing
    other = replace(said("47", "41", 0.5), digits=(0.7, 0.3))
    figures = measure_numbers(suite(), [one, other])["figures"]
    assert figures["digit_ece"] == pytest.approx((0.1 + 0.2 + 0.3 + 0.3) / 4)
    assert (
        "digit_ece" not in measure_numbers(suite(), [said("8", "", 0.0, "blank-image")])["figures"]
    )


def test_separators_are_measured_only_where_there_are_some() -> None:
    assert "text_right" not in measure_numbers(suite(), [said("12", "12", 0.9)])["figures"]


def test_a_reader_reads_suites_of_numbers() -> None:
    told: list[tuple[str, int, int]] = []
    pictures = suite(
        Labelled(number_png("2858"), 10, "a", "2858"),
        Labelled(blank_png(), 10, "b", "7"),
    )
    reader = Reader(load_model("cnn"))
    found = run_numbers(reader, [pictures], lambda *args: told.append(args))["some"]
    assert [(one.number, one.right, one.name) for one in found] == [
        ("2858", True, "a"),
        ("", False, "b"),
    ]
    assert found[1].reason == "blank-image"
    assert found[0].seconds > 0
    assert len(found[0].digits) == 4
    assert min(found[0].digits) > 0.5
    assert told[-1] == ("Reading numbers", 2, 2)
