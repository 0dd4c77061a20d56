"""Fusion by pencil: what two readers hold, weighed; when a number is believed; lines joined."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inkdigits.decision.expected import Expected
from inkdigits.decision.number import (
    Held,
    NumberPolicy,
    align,
    decide_number,
    join_lines,
    keep_expected,
    no_number,
    rank_texts,
)
from inkdigits.sample import Box

POLICY = NumberPolicy((1.0, 0.0), 1.0, min_confidence=0.7, min_separators=0.6)


def nowhere(text: str) -> list[Box | None]:
    return [None] * sum(symbol.isdigit() for symbol in text)


def held(texts: list[str], lattice: list[float], *views: list[float]) -> Held:
    views = views or ([0.0] * len(texts),)
    return Held(texts, np.array(lattice), np.array(views).reshape(len(views), len(texts)))


def test_each_reader_counts_as_much_as_it_weighs() -> None:
    texts, first, second = ["12", "17"], [-1.0, -2.0], [-5.0, -1.0]
    assert list(rank_texts(held(texts, first), POLICY)) == ["12", "17"]
    twice = held(["12", "17", "12"], [*first, -1.0], [*second, -5.0])
    ranked = rank_texts(twice, replace(POLICY, weights=(1.0, 0.5)))
    assert list(ranked) == ["17", "12"]
    assert sum(ranked.values()) == pytest.approx(1)
    cold, warm = (rank_texts(held(texts, first), replace(POLICY, temperature=t)) for t in (1, 4))
    assert cold["12"] > warm["12"] > 0.5


def test_where_one_view_doubts_the_answer_is_doubtful() -> None:
    texts, policy = ["12", "17"], NumberPolicy((0.0, 1.0))
    sure, torn = [np.log(0.99), np.log(0.01)], [np.log(0.5), np.log(0.5)]
    ranked = rank_texts(held(texts, [0.0, 0.0], sure, torn), policy)
    assert ranked == pytest.approx({"12": 0.745, "17": 0.255})
    assert rank_texts(held(texts, [0.0, 0.0], torn, sure), policy) == pytest.approx(ranked)


def test_of_one_digit_the_readers_weigh_otherwise() -> None:
    one = held(["9", "4"], [-0.3, -1.6], [-1.6, -0.5])
    policy = NumberPolicy((0.15, 0.75), weights_of_one=(1.0, 0.75))
    assert list(rank_texts(one, policy)) == ["4", "9"]
    assert list(rank_texts(one, policy, is_one=True)) == ["9", "4"]
    assert list(rank_texts(one, replace(policy, weights_of_one=None), is_one=True)) == ["4", "9"]


def test_what_one_reader_holds_impossible_the_other_may_save() -> None:
    equal = held(["12", "17"], [-1e30, 0.0], [0.0, -1e30])
    assert rank_texts(equal, NumberPolicy((1.0, 0.4)))["12"] == pytest.approx(0.5)  # 12, 0.4 * 30
    surer = held(["12", "17"], [-1e30, 0.0], [0.0, -40.0])
    assert rank_texts(surer, NumberPolicy((0.2, 1.0)))["12"] > 0.99


def test_texts_without_a_digit_are_no_numbers() -> None:
    assert rank_texts(held(["-", ""], [0.0, 0.0]), POLICY) == {}


@pytest.mark.parametrize(
    ("ranked", "number", "text", "accepted"),
    [
        ({"12": 0.9, "17": 0.1}, "12", "12", True),
        ({"12": 0.6, "17": 0.4}, "12", "12", False),
        # What stands between the digits is told apart badly here, and well there.
        ({"1.2": 0.5, "1,2": 0.45, "17": 0.05}, "12", "1.2", False),
        ({"1.2": 0.75, "1,2": 0.2, "17": 0.05}, "12", "1.2", True),
        # The number counts, however its separators are spread.
        ({"17": 0.4, "1.2": 0.35, "12": 0.25}, "12", "1.2", False),
    ],
)
def test_a_number_is_believed_when_it_and_its_separators_are_sure(
    ranked: dict[str, float],
    number: str,
    text: str,
    accepted: bool,  # noqa: FBT001
) -> None:
    line = decide_number(ranked, POLICY, nowhere)
    assert (line.number, line.text, line.accepted) == (number, text, accepted)
    assert line.reason == (None if accepted else "unsure")
    numbers = {other.replace(".", "").replace(",", "") for other in ranked}
    assert {other.number for other in line.alternatives} == numbers
    assert line.alternatives[0].probability == pytest.approx(line.confidence)


@pytest.mark.parametrize(
    ("one", "other", "pairs"),
    [
        ("12", "12", ["11", "22"]),
        ("1202", "12027", ["11", "22", "00", "22", "-7"]),
        ("1234", "134", ["11", "2-", "33", "44"]),
        ("12345", "23456", ["1-", "22", "33", "44", "55", "-6"]),
        ("17", "42", ["14", "72"]),
        ("", "12", ["-1", "-2"]),
    ],
)
def test_texts_are_aligned_with_the_fewest_edits(one: str, other: str, pairs: list[str]) -> None:
    assert [(a or "-") + (b or "-") for a, b in align(one, other)] == pairs


numbers = st.text("012", max_size=6)


@given(numbers, numbers)
def test_an_alignment_holds_both_texts_and_costs_as_much_either_way(one: str, other: str) -> None:
    pairs = align(one, other)
    assert "".join(a for a, _ in pairs) == one
    assert "".join(b for _, b in pairs) == other
    edits = sum(a != b for a, b in pairs)
    assert edits == sum(a != b for a, b in align(other, one)) <= max(len(one), len(other))
    assert (edits == 0) == (one == other)


def test_a_digit_is_as_sure_as_that_it_stands_there_however_many_follow() -> None:
    said = decide_number({"1202": 0.52, "12027": 0.48}, POLICY, nowhere)
    assert said.confidence == pytest.approx(0.52)
    assert [one.confidence for one in said.digits] == [pytest.approx(0.999999)] * 4
    shorter = decide_number({"12027": 0.6, "1202": 0.4}, POLICY, nowhere)
    assert [one.confidence for one in shorter.digits] == pytest.approx([0.999999] * 4 + [0.6])


def test_digits_sum_up_over_all_numbers() -> None:
    ranked = {"12": 0.5, "17": 0.3, "42": 0.1, "123": 0.1}
    box = Box(1, 2, 3, 4)
    first, second = decide_number(ranked, POLICY, lambda _: [box, None]).digits
    assert (first.digit, second.digit, first.box, second.box) == ("1", "2", box, None)
    assert first.confidence == pytest.approx(0.9)
    assert second.confidence == pytest.approx(0.7)  # 12, 42 and 123, where a 3 follows it
    assert [other.digit for other in second.alternatives] == ["2", "7"]


@pytest.mark.parametrize(
    ("ranked", "kept"),
    [
        ({"12": 0.6, "123": 0.3, "17": 0.1}, {"12": 6 / 7, "17": 1 / 7}),
        ({"123": 0.9, "12": 0.08, "17": 0.02}, {"12": 0.16, "17": 0.04}),
        ({"123": 1.0}, {}),
    ],
)
def test_what_is_expected_takes_over_what_is_not_unless_that_is_clear(
    ranked: dict[str, float], kept: dict[str, float]
) -> None:
    assert keep_expected(ranked, Expected(2, 2)) == pytest.approx(kept)


def test_one_line_is_the_number() -> None:
    line = decide_number({"1,2": 0.9, "17": 0.1}, POLICY, nowhere)
    whole = join_lines([line])
    assert (whole.number, whole.text, whole.accepted) == ("12", "1,2", True)
    assert whole.alternatives == line.alternatives
    assert whole.lines == (line,)


def test_lines_are_joined_top_to_bottom() -> None:
    first = decide_number({"1-2": 0.9, "17": 0.1}, POLICY, nowhere)
    second = decide_number({"3": 0.6, "8": 0.4}, POLICY, nowhere)
    whole = join_lines([first, no_number("not_a_digit"), second])
    assert (whole.number, whole.text) == ("123", "1-2\n3")
    assert (whole.accepted, whole.reason) == (False, "unsure")
    assert whole.confidence == pytest.approx(0.54)
    assert [one.number for one in whole.alternatives] == ["123", "128", "173", "178"]
    assert [digit.digit for digit in whole.digits] == ["1", "2", "3"]
    assert len(whole.lines) == 3


def test_no_line_is_a_number() -> None:
    whole = join_lines([no_number("not_a_digit"), no_number("not_as_expected")])
    assert (whole.number, whole.accepted, whole.reason) == (None, False, "not_a_digit")
    assert whole.digits == whole.alternatives == ()


def test_without_a_fitted_threshold_nobody_says_whether_to_accept() -> None:
    open_ = decide_number({"12": 0.99, "17": 0.01}, replace(POLICY, min_confidence=None), nowhere)
    assert (open_.number, open_.accepted, open_.reason) == ("12", None, "not_calibrated")
    assert join_lines([open_, open_]).accepted is None
    doubted = decide_number({"12": 0.5, "17": 0.5}, POLICY, nowhere)
    joined = join_lines([open_, doubted])
    assert (joined.accepted, joined.reason) == (False, "unsure")
