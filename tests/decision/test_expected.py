"""What is expected: pencil-sized automata, and what no number can be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inkdigits.decision.expected import MAX_LENGTH, SEPARATORS, Expected
from inkdigits.errors import Mismatch

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
