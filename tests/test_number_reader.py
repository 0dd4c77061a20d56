"""Rows to numbers, with the shipped model of digits, beside readers of lines made here."""

import time
from typing import TYPE_CHECKING, Any, cast

import cv2
import numpy as np
import pytest

from inkdigits.budget import NUMBER, Allowance, Budget
from inkdigits.decision.expected import MAX_LENGTH, Expected
from inkdigits.decision.number import NumberPolicy
from inkdigits.errors import BlankImage, TooComplex
from inkdigits.image.number_ink import find_number_ink
from inkdigits.image.rows import Row, find_rows
from inkdigits.model.loading import load_model
from inkdigits.number_reader import (
    MAX_ROWS,
    SIMPLE_ROWS,
    NumberModels,
    read_if_simple,
    read_number,
    read_row,
)
from inkdigits.row_cutter import DigitModel
from inkdigits.sample import FRAME, SYMBOLS, Strip
from tests.written import written

if TYPE_CHECKING:
    from inkdigits.model.line_model import LineReader


def rows(text: str) -> list[Row]:
    return find_rows(find_number_ink(written(text)))


class Sayer:
    """A line reader that says one text, whatever is written, evenly spread.

    How sure it is of each symbol stands in `shares`, view by view, the last for all further ones.
    """

    def __init__(self, text: str, *shares: float) -> None:
        self.text = text
        self.shares = shares or (0.9,)
        self.views = 0

    def log_probabilities(self, strip: Strip) -> Any:
        share = self.shares[min(self.views, len(self.shares) - 1)]
        self.views += 1
        count = strip.shape[1] // FRAME
        frames = np.full((count, len(SYMBOLS) + 1), 1e-6)
        frames[:, -1] = 1
        for place, symbol in enumerate(self.text):
            at = round((place + 0.5) * count / len(self.text))
            frames[at, -1], frames[at, SYMBOLS.index(symbol)] = 1 - share, share
        return np.log(frames / frames.sum(axis=1, keepdims=True)).astype(np.float32)


@pytest.fixture(scope="module")
def alone() -> NumberModels:
    """The lattice, beside a reader of lines that says nothing and does not count."""
    model, nobody = load_model("cnn"), cast("LineReader", Sayer(""))
    policy = NumberPolicy((0.67, 0.0), min_confidence=0.995)
    return NumberModels(DigitModel(model, model.card.temperature), policy, nobody)


def both(alone: NumberModels, text: str, weights: tuple[float, float]) -> NumberModels:
    line = cast("LineReader", Sayer(text))
    return NumberModels(alone.digits, NumberPolicy(weights), line)


@pytest.mark.parametrize("text", ["2858", "4071", "31415926", "00000", "7"])
def test_the_lattice_alone_reads_spaced_digits(alone: NumberModels, text: str) -> None:
    (row,) = rows(text)
    line = read_row(row, alone, Expected(), Budget(NUMBER))
    assert line.number == line.text == text
    assert line.box == row.box
    for before, after in zip(line.digits, line.digits[1:], strict=False):
        assert before.box is not None
        assert after.box is not None
        assert before.box.left + before.box.width <= after.box.left
    assert all(digit.confidence >= line.confidence - 1e-9 for digit in line.digits)


@pytest.mark.parametrize("text", ["1.204,50", "12-34"])
def test_separators_are_in_the_text_alone(alone: NumberModels, text: str) -> None:
    (row,) = rows(text)
    line = read_row(row, alone, Expected(), Budget(NUMBER))
    assert (line.text, line.number) == (text, text.translate(str.maketrans("", "", ".,-")))
    assert len(line.digits) == len(line.number or "")


def test_what_is_expected_is_kept_to(alone: NumberModels) -> None:
    (row,) = rows("2858")
    assert read_row(row, alone, Expected(pattern="9999"), Budget(NUMBER)).number == "2858"
    none = read_row(row, alone, Expected(MAX_LENGTH, MAX_LENGTH), Budget(NUMBER))
    assert (none.number, none.reason, none.box) == (None, "not_as_expected", row.box)


def test_the_readers_outvote_each_other_by_their_weights(alone: NumberModels) -> None:
    (row,) = rows("2858")
    assert (
        read_row(row, both(alone, "2858", (1.0, 1.0)), Expected(), Budget(NUMBER)).number == "2858"
    )
    assert (
        read_row(row, both(alone, "13", (1.0, 0.01)), Expected(), Budget(NUMBER)).number == "2858"
    )
    assert read_row(row, both(alone, "13", (0.01, 1.0)), Expected(), Budget(NUMBER)).number == "13"


def test_readers_that_agree_are_surer_than_one(alone: NumberModels) -> None:
    (row,) = rows("4071")
    together = read_row(row, both(alone, "4071", (1.0, 1.0)), Expected(), Budget(NUMBER))
    assert together.confidence > read_row(row, alone, Expected(), Budget(NUMBER)).confidence


@pytest.mark.parametrize(("shares", "views"), [((0.99,), 1), ((0.9,), 2), ((0.9, 0.3), 4)])
def test_more_views_are_taken_until_both_readers_are_sure(
    alone: NumberModels, shares: tuple[float, ...], views: int
) -> None:
    sayer, (row,) = Sayer("8", *shares), rows("8")
    models = NumberModels(alone.digits, NumberPolicy((1.0, 1.0)), cast("LineReader", sayer))
    assert read_row(row, models, Expected(), Budget(NUMBER)).number == "8"
    assert sayer.views == views


def test_what_only_the_line_reader_says_is_placed_by_it(alone: NumberModels) -> None:
    (row,) = rows("2858")
    line = read_row(row, both(alone, "12345678", (0.001, 1.0)), Expected(), Budget(NUMBER))
    assert line.number == "12345678"
    lefts = [digit.box.left for digit in line.digits if digit.box is not None]
    assert len(lefts) == 8
    assert lefts == sorted(lefts)
    assert row.box.left <= lefts[0] < row.box.left + row.box.width / 4


@pytest.mark.parametrize("count", [1, 2])
def test_letters_are_not_accepted_however_sure_the_line_reader_is(
    alone: NumberModels, count: int
) -> None:
    ink = np.zeros((80, 20 + 60 * count), np.float32)
    for left in range(20, 20 + 60 * count, 60):  # an H each
        cv2.polylines(
            ink, [np.array([[left, 15], [left, 65]])], isClosed=False, color=1, thickness=5
        )
        ink[15:66, left + 30 : left + 35] = 1
        ink[38:43, left : left + 35] = 1
    (row,) = find_rows(ink)
    line = read_row(row, both(alone, "4" * count, (0.1, 3.0)), Expected(), Budget(NUMBER))
    assert (line.number, line.accepted, line.reason) == ("4" * count, False, "unsure")
    # As sure as that they are digits at all; and a number that is given is among what it may be.
    assert max(line.confidence, *(one.confidence for one in line.digits)) < 0.9
    assert line.alternatives[0].probability == line.confidence
    (digits,) = rows("4" * count)
    assert read_row(
        digits, both(alone, "4" * count, (0.1, 3.0)), Expected(), Budget(NUMBER)
    ).accepted


def test_a_scribble_is_no_number(alone: NumberModels) -> None:
    rng = np.random.default_rng(5)
    ink = np.zeros((60, 60), np.float32)
    ink[rng.random((60, 60)) < 0.5] = 1
    (row,) = find_rows(ink)
    line = read_row(row, alone, Expected(), Budget(NUMBER))
    assert not line.accepted
    assert line.number is None or line.confidence < 0.9


def test_boxes_are_scaled_to_the_picture(alone: NumberModels) -> None:
    once, twice = (
        read_number(written("58"), alone, Expected(), scale, Budget(NUMBER)) for scale in (1.0, 2.0)
    )
    for small, large in zip(once.digits, twice.digits, strict=True):
        assert small.box is not None
        assert large.box == small.box.scaled(2.0)
    assert once.lines[0].box is not None
    assert twice.lines[0].box == once.lines[0].box.scaled(2.0)


def test_no_more_rows_are_read_than_a_page_has(alone: NumberModels) -> None:
    page = written("\n".join(["7"] * (MAX_ROWS + 3)))
    assert len(read_number(page, alone, Expected(), 1.0, Budget(NUMBER)).lines) == MAX_ROWS


def test_a_blank_picture_has_no_rows(alone: NumberModels) -> None:
    with pytest.raises(BlankImage):
        read_number(np.full((50, 90), 255, np.uint8), alone, Expected(), 1.0, Budget(NUMBER))


def test_a_row_of_dots_is_no_number_in_good_time(alone: NumberModels) -> None:
    page = np.full((300, 2000), 255, np.uint8)
    page[20:280:10, 20:1980:10] = 0
    dots = cv2.dilate(255 - page, np.ones((5, 5), np.uint8))
    start_s = time.thread_time()
    read = read_number(255 - dots, alone, Expected(), 1.0, Budget(NUMBER))
    assert time.thread_time() - start_s < 5
    assert (read.number, read.reason) == (None, "not_a_digit")


def test_in_passing_only_what_is_simple_is_read(alone: NumberModels) -> None:
    read = read_if_simple(written("58"), alone, Budget(NUMBER))
    assert read is not None
    assert read.number == "58"
    assert read_if_simple(np.full((50, 90), 255, np.uint8), alone, Budget(NUMBER)) is None
    rows = np.concatenate([written("58")] * (SIMPLE_ROWS + 1))
    assert read_if_simple(rows, alone, Budget(NUMBER)) is None
    # Noise, which takes seconds when it is read as a number.
    noise = np.random.default_rng(0).random((133, 160)) < 0.2
    picture = np.kron(np.where(noise, 0, 255), np.ones((3, 3))).astype(np.uint8)
    assert read_if_simple(picture, alone, Budget(NUMBER)) is None


def test_a_row_past_its_share_is_answered_from_fewer_looks_and_not_accepted(
    alone: NumberModels,
) -> None:
    (row,) = rows("2858")
    whole = read_row(row, alone, Expected(), Budget(NUMBER))
    hasty = read_row(row, alone, Expected(), Budget(NUMBER), share=0.0)
    assert (whole.number, whole.accepted) == ("2858", True)
    assert (hasty.number, hasty.accepted, hasty.reason) == ("2858", False, "unsure")
    assert hasty.confidence <= 0.5


def test_too_much_on_a_page_is_told(alone: NumberModels) -> None:
    with pytest.raises(TooComplex, match="steps of work"):
        read_number(written("2858"), alone, Expected(), 1.0, Budget(Allowance(50, 9, 9.0)))
