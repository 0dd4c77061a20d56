from dataclasses import replace

import numpy as np
import pytest

from inkdigits.data.number_glyphs import Writer, choose_writer, draw_digit, draw_mark, draw_zeros
from inkdigits.data.number_stock import NumberStock
from inkdigits.data.number_style import NumberStyle, Script
from inkdigits.data.style import Tool

EVEN = Script(size_spread=0, base_spread=0, turn_spread_deg=0)
PLAIN = NumberStyle(height=50, script=EVEN, tool=Tool(width=0.1))
BAR = np.zeros((28, 28), np.uint8)
BAR[4:24, 12:16] = 255
STROKE = [np.array([[0, 0], [0, 10]], np.float32)]
STOCK = NumberStock(({"1": [BAR]},), ({"1": [STROKE]},), {"1": [BAR]}, {"1": [STROKE]})


@pytest.mark.parametrize("images", [True, False])
def test_a_digit_is_as_high_as_the_style_says(images) -> None:
    writer = Writer({}, STOCK, images)
    patch = draw_digit("1", writer, PLAIN, np.random.default_rng(0))
    assert patch.ink.shape[0] == pytest.approx(50, abs=3)
    assert patch.ink.dtype == np.float32
    assert patch.ink.max() == 1
    assert patch.above == 0
    assert not patch.is_mark


def test_a_pen_is_as_wide_on_small_digits_as_on_large_ones() -> None:
    writer, rng = Writer({}, STOCK, images=False), np.random.default_rng(1)
    for size in (0.7, 1.0):
        patch = draw_digit("0", writer, replace(PLAIN, script=replace(EVEN, zero_size=size)), rng)
        row = patch.ink[patch.ink.shape[0] // 2] > 0.5
        begins = int(row.argmax())
        assert 3 <= int((~row[begins:]).argmax()) <= 9  # 5 px, and the ring leans


def test_zeros_may_be_smaller() -> None:
    style = replace(PLAIN, script=replace(EVEN, zero_size=0.5))
    rng = np.random.default_rng(2)
    small = [draw_digit("0", Writer({}, STOCK, images=False), style, rng) for _ in range(10)]
    assert all(patch.ink.shape[0] < 32 for patch in small)
    assert any(patch.above > 0 for patch in small)


def test_what_nobody_wrote_is_written_by_nobodys_hand() -> None:
    patch = draw_digit("8", Writer({}, STOCK, images=True), PLAIN, np.random.default_rng(3))
    assert patch.ink.shape[0] == pytest.approx(50, abs=3)
    assert patch.ink.shape[1] > 12


def test_a_leaning_one_is_not_blown_up() -> None:
    leaning = np.zeros((28, 28), np.uint8)
    for step in range(20):
        leaning[12 + step // 5 : 15 + step // 5, 4 + step] = 255
    stock = replace(STOCK, other_images={"1": [leaning]})
    patch = draw_digit("1", Writer({}, stock, images=True), PLAIN, np.random.default_rng(4))
    assert patch.ink.shape[1] < 80


@pytest.mark.parametrize(
    ("mark", "low", "high"), [(".", -0.15, 0.1), (",", -0.35, 0), ("-", 0.2, 0.61), ("/", -0.45, 0)]
)
def test_marks_stand_where_they_belong(mark: str, low: float, high: float) -> None:
    rng = np.random.default_rng(5)
    for _ in range(20):
        patch = draw_mark(mark, Writer({}, STOCK, images=False), PLAIN, rng)
        assert patch.is_mark
        assert low * 50 <= patch.above <= high * 50


def test_the_hand_may_be_chosen() -> None:
    rng = np.random.default_rng(6)
    for hand, images in (("images", {True}), ("strokes", {False}), ("either", {True, False})):
        style = replace(PLAIN, hand=hand)
        assert {choose_writer(STOCK, style, rng).images for _ in range(40)} == images


def test_only_who_writes_in_rare_ways_has_habits() -> None:
    rng = np.random.default_rng(7)
    assert {choose_writer(STOCK, PLAIN, rng).habit for _ in range(20)} == {None}
    habits = [choose_writer(STOCK, replace(PLAIN, rare=0.5), rng).habit for _ in range(40)]
    assert 10 < sum(habit is not None for habit in habits) < 38


def test_a_habit_decides_how_a_digit_is_written_each_time() -> None:
    style, rng = replace(PLAIN, rare=0.6), np.random.default_rng(8)
    for habit in range(10):
        writer = Writer({}, STOCK, images=False, habit=habit)
        patches = [draw_digit("1", writer, style, rng).ink for _ in range(3)]
        widths = [patch.shape[1] for patch in patches]
        assert max(widths) < 1.6 * min(widths) + 8


def test_who_writes_a_1_in_a_rare_way_writes_a_7_so_too() -> None:
    style, rng = replace(PLAIN, rare=0.5), np.random.default_rng(10)
    lying = [np.array([[0, 0], [10, 1]], np.float32)]  # what all others have for both
    stock = replace(STOCK, other_strokes={"1": [lying], "7": [lying]})
    together = set()
    for habit in range(30):
        writer = Writer({}, stock, images=False, habit=habit)
        one, seven = (draw_digit(digit, writer, style, rng).ink.shape[0] > 30 for digit in "17")
        assert one == seven
        together.add(one)
    assert together == {True, False}


def test_zeros_in_one_stroke_are_wide_and_low() -> None:
    style, rng = replace(PLAIN, script=replace(EVEN, zero_size=0.6)), np.random.default_rng(9)
    for _ in range(20):
        patch = draw_zeros(3, style, rng)
        height, width = patch.ink.shape
        assert height <= 36
        assert 1.2 * height < width <= 6 * height
        assert not patch.is_mark
