"""Numbers, measured: figures by hand."""

import pytest

from inkdigits.evaluation.numbers import count_edits, measure_lengths, measure_numbers

from .conftest import numbers_said


@pytest.mark.parametrize(
    ("one", "other", "edits"),
    [("", "", 0), ("123", "123", 0), ("123", "", 3), ("123", "133", 1), ("123", "23", 1),
     ("12", "21", 2), ("1234", "134", 1)],
)  # fmt: skip
def test_edits_by_hand(one: str, other: str, edits: int) -> None:
    assert count_edits(one, other) == count_edits(other, one) == edits


def test_figures_by_hand() -> None:
    outcomes = numbers_said(
        ("12", "12", 0.99),
        ("1,2", "1.2", 0.9),
        ("34", "84", 0.8),
        ("567", "57", 0.4, "unsure"),
        ("8", "", 0.0, "blank-image"),
    )
    found = measure_numbers(outcomes)
    figures = found.values
    assert figures["count"] == 5
    assert figures["accuracy"] == pytest.approx(2 / 5)
    assert figures["accepted"] == pytest.approx(3 / 5)
    assert figures["error_among_accepted"] == pytest.approx(1 / 3)
    assert figures["edits"] == pytest.approx(3 / 10)
    assert figures["text_right"] == pytest.approx(1 / 5)
    assert figures["ms_per_picture"] == pytest.approx(2)
    low, high = found.intervals["accuracy"]
    assert low < 2 / 5 < high
    lengths = measure_lengths(outcomes)
    assert [(row["length"], row["count"], row["accuracy"]) for row in lengths] == [
        (1, 1, 0),
        (2, 3, pytest.approx(2 / 3)),
        (3, 1, 0),
    ]
    assert "error_among_accepted" not in lengths[0]


def test_each_digit_is_judged_where_the_label_has_it() -> None:
    one = ("123", "13", 0.5, "", (0.9, 0.8))  # both right: the 2 is missing
    other = ("47", "41", 0.5, "", (0.7, 0.3))
    figures = measure_numbers(numbers_said(one, other)).values
    assert figures["digit_ece"] == pytest.approx((0.1 + 0.2 + 0.3 + 0.3) / 4)
    nothing = numbers_said(("8", "", 0.0, "blank-image"))
    assert "digit_ece" not in measure_numbers(nothing).values


def test_separators_are_measured_only_where_there_are_some() -> None:
    assert "text_right" not in measure_numbers(numbers_said(("12", "12", 0.9))).values
