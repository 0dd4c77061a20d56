from dataclasses import replace

import numpy as np
import pytest

from inkdigits.data.number_glyphs import Writer
from inkdigits.data.number_line import write_line
from inkdigits.data.number_stock import NumberStock
from inkdigits.data.number_style import NumberStyle, Script, Spacing
from inkdigits.data.style import Tool

EVEN = Script(size_spread=0, base_spread=0, turn_spread_deg=0)
RING = [np.array([[0, 1], [-0.6, 0], [0, -1], [0.6, 0], [0, 1]], np.float32)]
WRITER = Writer({"0": [RING]}, NumberStock((), (), {}, {}), images=False)


def style(**spacing: float) -> NumberStyle:
    return NumberStyle(40, spacing=Spacing(**spacing), script=EVEN, tool=Tool(width=0.08))


def gaps(line) -> np.ndarray:
    return line.boxes[1:, 0] - line.boxes[:-1, 2]


def test_boxes_hold_the_characters_in_order() -> None:
    line = write_line("0.0-0", WRITER, style(), np.random.default_rng(0))
    assert len(line.boxes) == 5
    assert (np.diff(line.boxes[:, 0]) > 0).all()
    for left, top, right, bottom in line.boxes.astype(int):
        assert line.ink[top:bottom, left:right].max() > 0.9
    assert line.boxes[:, :2].min() == 0
    assert tuple(line.boxes[:, :1:-1].max(axis=0)) == line.ink.shape


def test_gaps_are_as_wide_as_asked_for() -> None:
    how = style(gap=0.5, spread=0, kern=0, least=0)
    line = write_line("000", WRITER, how, np.random.default_rng(1))
    assert gaps(line) == pytest.approx([20, 20], abs=1.5)


def test_a_space_is_a_wider_gap_and_no_character() -> None:
    how = style(gap=0.1, spread=0, kern=0)
    first, second = gaps(write_line("00 0", WRITER, how, np.random.default_rng(2)))
    assert second > first + 8


def test_what_is_joined_touches_and_what_is_apart_does_not() -> None:
    rng = np.random.default_rng(3)
    for joined in (0.0, 1.0):
        line = write_line("00", WRITER, style(gap=0.3, spread=0, least=0.05, joined=joined), rng)
        empty = (line.ink.max(axis=0) == 0).any()
        assert empty == (joined == 0)


def test_upright_strokes_that_are_joined_do_not_become_one_block() -> None:
    stem = [np.array([[0, 1], [0, 0]], np.float32)]
    writer = Writer({"1": [stem]}, NumberStock((), (), {}, {}), images=False)
    how = style(gap=0.0, spread=0.05, least=-0.15, joined=1.0)
    for seed in range(20):
        line = write_line("1111", writer, how, np.random.default_rng(seed))
        middle = line.ink[line.ink.shape[0] // 2] > 0.5
        assert np.count_nonzero(np.diff(middle.astype(int), prepend=0) == 1) == 4


def test_separators_do_not_touch_digits() -> None:
    how = style(gap=-0.2, spread=0.05, least=-0.1, joined=1.0)
    for seed in range(20):
        line = write_line("0-0", WRITER, how, np.random.default_rng(seed))
        dash = line.boxes[1]
        beside = line.ink[int(dash[1]) : int(dash[3]), int(dash[0]) - 1]
        assert beside.max() < 0.9


def test_a_ligature_bridges_the_gap() -> None:
    how = style(gap=0.6, spread=0, kern=0)
    apart = write_line("00", WRITER, how, np.random.default_rng(4))
    joined = replace(how, script=replace(EVEN, zeros_joined=1.0))
    bridged = write_line("00", WRITER, joined, np.random.default_rng(4))
    assert (apart.ink.max(axis=0) == 0).any()
    assert (bridged.ink.max(axis=0) > 0).all()


def test_cents_may_be_small_and_raised() -> None:
    how = replace(style(), script=replace(EVEN, small_cents=True))
    line = write_line("00.00", WRITER, how, np.random.default_rng(5))
    heights = line.boxes[:, 3] - line.boxes[:, 1]
    assert heights[3:].max() < 0.8 * heights[:2].min()
    assert line.boxes[3:, 3].max() < line.boxes[:2, 3].min()


def test_zeros_in_one_stroke_share_its_box() -> None:
    how = replace(style(gap=0.4, spread=0), script=replace(EVEN, zeros_chained=1.0))
    line = write_line("1000.0", WRITER, how, np.random.default_rng(7))
    assert len(line.boxes) == 6
    first, second, third = line.boxes[1:4]
    assert first[2] == second[0]
    assert second[2] == third[0]
    inside = line.ink[:, int(first[0]) : int(third[2])]
    assert (inside.max(axis=0) > 0).all()


@pytest.mark.parametrize(("text", "low", "high"), [("1/2", 10, 40), ("01/02/03", -5, 5)])
def test_a_fraction_stands_on_two_levels(text: str, low: float, high: float) -> None:
    how = replace(style(gap=0.3, spread=0), script=replace(EVEN, fractions=True))
    middles = []
    for seed in range(20):
        line = write_line(text, WRITER, how, np.random.default_rng(seed))
        middle = (line.boxes[:, 1] + line.boxes[:, 3]) / 2
        middles.append(middle[-1] - middle[0])
    assert low < np.mean(middles) < high


@pytest.mark.parametrize("slope", [-8.0, 8.0])
def test_a_line_rises_or_falls_and_its_boxes_with_it(slope: float) -> None:
    how = replace(style(gap=0.4, spread=0), script=replace(EVEN, slope_deg=slope))
    line = write_line("000000", WRITER, how, np.random.default_rng(6))
    middles = (line.boxes[:, 1] + line.boxes[:, 3]) / 2
    run = line.boxes[-1, 0] - line.boxes[0, 0]
    # A positive angle turns against the clock: the line rises.
    assert (middles[0] - middles[-1]) / run == pytest.approx(np.tan(np.radians(slope)), abs=0.03)
    left, top, right, bottom = line.boxes[-1].astype(int)
    assert line.ink[top:bottom, left:right].sum() > 0.5 * line.ink.sum() / 6
