import time

import numpy as np
import pytest

from inkdigits.budget import Allowance, Budget
from inkdigits.errors import BlankImage, TooComplex
from inkdigits.image.glyphs import cut_glyph
from inkdigits.sample import Box


def ink_with(*blocks):
    ink = np.zeros((100, 100), np.float32)
    for top, bottom, left, right in blocks:
        ink[top:bottom, left:right] = 1
    return ink


def test_box_is_tight():
    glyph = cut_glyph(ink_with((20, 70, 30, 40)))
    assert glyph.box == Box(left=30, top=20, width=10, height=50)
    assert glyph.ink.shape == (50, 10)
    assert glyph.ink.min() == 1


def test_broken_piece_belongs_to_the_glyph():
    glyph = cut_glyph(ink_with((30, 80, 30, 40), (20, 25, 35, 60)))
    assert glyph.box == Box(left=30, top=20, width=30, height=60)


def test_dust_is_dropped():
    glyph = cut_glyph(ink_with((30, 80, 30, 50), (32, 34, 55, 57)))
    assert glyph.box.width == 20


def test_pieces_of_a_faint_stroke_are_chained():
    glyph = cut_glyph(ink_with((10, 30, 30, 34), (34, 42, 30, 34), (46, 54, 30, 34)))
    assert glyph.box == Box(left=30, top=10, width=4, height=44)


def test_far_piece_is_dropped():
    glyph = cut_glyph(ink_with((10, 50, 30, 50), (90, 97, 30, 45)))
    assert glyph.box == Box(left=30, top=10, width=20, height=40)


def test_neighbour_cut_by_the_border_is_dropped():
    glyph = cut_glyph(ink_with((30, 80, 30, 60), (40, 60, 0, 25)))
    assert glyph.box.left == 30


def test_glyph_that_touches_the_border_is_kept():
    assert cut_glyph(ink_with((0, 80, 0, 20))).box == Box(0, 0, 20, 80)


def test_dropped_ink_inside_the_box_is_gone():
    ink = ink_with((20, 80, 20, 25), (75, 80, 20, 80), (40, 42, 60, 62))
    assert cut_glyph(ink).ink[20:22, 40:42].max() == 0


def test_no_ink_is_blank():
    with pytest.raises(BlankImage):
        cut_glyph(ink_with())


def test_a_tight_crop_keeps_the_bar_of_its_own_digit():
    five = np.zeros((16, 16), np.float32)
    five[0, 9:16] = 1  # the bar, cut off from the body
    five[3:16, 0:4] = 1
    five[13:16, 0:10] = 1
    assert cut_glyph(five).box == Box(0, 0, 16, 16)


def test_a_tight_crop_still_drops_the_neighbour_beside():
    ink = np.zeros((40, 40), np.float32)
    ink[0:40, 10:30] = 1
    ink[10:40, 38:40] = 1
    assert cut_glyph(ink).box == Box(10, 0, 20, 40)


ONE = (20, 70, 40, 50)


@pytest.mark.parametrize(
    "other",
    [
        (18, 72, 75, 85),  # as tall, beside
        (4, 17, 4, 14),  # small, in a corner
        (86, 99, 36, 46),  # small, below
    ],
)
def test_what_may_be_another_character_is_told_and_changes_nothing(other):
    alone, several = cut_glyph(ink_with(ONE)), cut_glyph(ink_with(ONE, other))
    assert (alone.others, several.others) == (False, True)
    np.testing.assert_array_equal(alone.ink, several.ink)


@pytest.mark.parametrize(
    "other",
    [
        (80, 84, 70, 74),  # dust
        (90, 94, 5, 95),  # a line below
        (5, 95, 2, 5),  # the wall of a frame, near the edge
        (20, 70, 90, 100),  # cut by the border
        (12, 16, 40, 60),  # a roof of its own, torn off
        (75, 95, 41, 43),  # thin and light: the end of a stroke
    ],
)
def test_what_is_no_other_character_is_not_told(other):
    assert not cut_glyph(ink_with(ONE, other)).others


def test_a_stub_that_ends_where_the_character_does_is_no_other_one():
    seven = (0, 60, 0, 40)
    assert not cut_glyph(ink_with(seven, (70, 86, 0, 8))).others
    assert cut_glyph(ink_with(seven, (0, 60, 60, 90))).others  # as tall, in the same tight crop


def test_what_stands_in_line_may_stand_out_of_the_picture_above_or_below():
    low = (45, 95, 20, 40)
    assert cut_glyph(ink_with(low, (50, 100, 60, 80))).others
    assert not cut_glyph(ink_with(low, (50, 95, 80, 100))).others  # cut at its side: a neighbour
    assert not cut_glyph(ink_with((30, 95, 20, 40), (0, 100, 60, 75))).others  # from edge to edge
    assert not cut_glyph(ink_with(low, (0, 30, 60, 75))).others  # of the line above


@pytest.mark.parametrize(
    ("upper", "lower", "others"),
    [
        ((10, 50, 30, 50), (56, 96, 30, 50), True),  # one above the other
        ((10, 50, 30, 50), (58, 76, 32, 45), True),  # a small one below, not so near
        ((10, 50, 30, 50), (51, 91, 30, 50), False),  # a stroke that broke in the middle
        ((10, 50, 30, 50), (53, 71, 32, 45), False),  # near and small: the end of a stroke
        ((30, 52, 10, 80), (58, 80, 10, 80), False),  # not as high as two: halves of one
        ((10, 45, 30, 40), (50, 85, 41, 51), False),  # not below each other: a slanted stroke
    ],
)
def test_pieces_above_each_other_may_be_two_characters(upper, lower, others):
    glyph = cut_glyph(ink_with(upper, lower))
    assert glyph.box.height > max(upper[1] - upper[0], lower[1] - lower[0])  # both were kept
    assert glyph.others is others


def test_of_many_pieces_the_largest_are_looked_at_in_good_time():
    """Each near the next: 40,000 squares, measured each against each, would take minutes."""
    squares = np.zeros((1_000, 1_000), np.float32)
    for row in range(200):
        for column in range(200):
            squares[5 * row : 5 * row + 4, 5 * column : 5 * column + 4] = 1
    squares[500:700, 500:520] = 1
    start = time.process_time()
    glyph = cut_glyph(squares)
    assert time.process_time() - start < 5
    assert glyph.box.height >= 200
    stroke = glyph.ink[500 - glyph.box.top :, 500 - glyph.box.left :][:200, :20]
    assert (stroke == 1).all()  # the largest piece: what is kept is what was chosen


def test_more_pieces_than_allowed_are_refused():
    ink = ink_with(*((row, row + 2, column, column + 2) for row in (9, 50) for column in (9, 50)))
    assert cut_glyph(ink, Budget(Allowance(4, 0, 1.0))).box.width > 0
    with pytest.raises(TooComplex, match="pieces of ink: 4"):
        cut_glyph(ink, Budget(Allowance(3, 0, 1.0)))
