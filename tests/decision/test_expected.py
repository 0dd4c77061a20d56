"""What is expected: pencil-sized automata, and what no number can be."""

from collections.abc import Collection

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inkdigits.decision.expected import MAX_LENGTH, SEPARATORS, Anything, Expected, Grammar, expect
from inkdigits.errors import Mismatch
from inkdigits.sample import CLASSES, SYMBOLS, Box

texts = st.text(st.sampled_from(["0", "7", *SEPARATORS]), max_size=8)


@pytest.mark.parametrize("text", ["12", "1.2", "$1,2-", "123"])
def test_lengths_count_digits_only(text: str) -> None:
    assert Expected(min_length=2, max_length=3).allows(text)


@pytest.mark.parametrize("text", ["", "1", ".,-", "1.2.3,4"])
def test_too_few_and_too_many_digits(text: str) -> None:
    assert not Expected(min_length=2, max_length=3).allows(text)


@pytest.mark.parametrize(
    ("text", "fits"),
    [("12-34", True), ("12-3", False), ("12-345", False), ("1234", False), ("1-234", False)],
)
def test_a_pattern_is_followed_to_the_letter(text: str, fits: bool) -> None:  # noqa: FBT001
    assert Expected(pattern="99-99").allows(text) is fits


def test_a_space_in_a_pattern_is_nothing_written() -> None:
    assert Expected(pattern="999 99").allows("12345")


@given(texts)
def test_with_nothing_expected_every_number_with_a_digit_fits(text: str) -> None:
    assert Expected().allows(text) == any(letter.isdigit() for letter in text)


@pytest.mark.parametrize(
    "wrong",
    [
        {"min_length": 0},
        {"max_length": MAX_LENGTH + 1},
        {"min_length": 5, "max_length": 4},
        {"pattern": ""},
        {"pattern": "-/-"},
        {"pattern": "99x99"},
        {"pattern": "0099"},
        {"pattern": "9" * (2 * MAX_LENGTH + 1)},
        {"pattern": "99", "min_length": 2},
    ],
)
def test_what_no_number_can_be_is_refused(wrong: dict[str, int | str]) -> None:
    with pytest.raises(Mismatch, match="needed"):
        Expected(**wrong)


@pytest.mark.parametrize("allowed", ["01", "10", "0011", ("0", "1"), {"1", "0"}])
def test_only_the_allowed_digits_fit(allowed: Collection[str]) -> None:
    expected = Expected(allowed=allowed)
    assert expected == Expected(allowed="01")
    assert expected.allows("1.001")
    assert not expected.allows("1.201")


def test_a_pattern_stands_for_the_allowed_digits() -> None:
    expected = Expected(pattern="99-9", allowed="123")
    assert expected.allows("12-3")
    assert not expected.allows("12-4")
    assert not expected.allows("1203")


def test_all_ten_digits_are_nothing_more_than_is_expected_anyway() -> None:
    assert Expected(allowed="9876543210") == Expected()
    assert Expected(allowed="9876543210").allowed is CLASSES


@pytest.mark.parametrize("wrong", ["", "12x", "1,2", ["12"], "\u0661"])
def test_what_are_no_digits_is_refused(wrong: Collection[str]) -> None:
    with pytest.raises(Mismatch, match="0123"):
        Expected(allowed=wrong)


@given(texts, st.sets(st.sampled_from("0123456789"), min_size=1))
def test_fewer_digits_allow_fewer_numbers(text: str, allowed: set[str]) -> None:
    fits = Expected().allows(text) and set(filter(str.isdigit, text)) <= allowed
    assert Expected(allowed=allowed).allows(text) == fits
    assert expect(allowed="".join(allowed), min_length=1).allows(text) == fits


def test_what_people_write_is_put_together() -> None:
    asked = expect(length=3, allowed="01", box="1,2,3,4")
    assert asked == Expected(3, 3, allowed="01", box=Box(1, 2, 3, 4))
    assert expect() == Expected()
    with pytest.raises(Mismatch, match="the box"):
        expect(box="")
    with pytest.raises(Mismatch, match="allowed digits"):
        expect(allowed="")


def is_fit(grammar: Grammar, text: str) -> bool:
    state = grammar.start
    for symbol in text:
        state = grammar.step(state, symbol)
        if state is None:
            return False
    return grammar.accepts(state)


def test_everything_fits_anything() -> None:
    assert all(is_fit(Anything(), text) for text in ("", "12", "".join(SYMBOLS)))


def test_what_is_expected_is_a_grammar() -> None:
    assert is_fit(Expected(max_length=2), "12")
    assert not is_fit(Expected(max_length=2), "123")
