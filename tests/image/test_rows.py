"""Rows: as many as are written, top to bottom, level, with the places they were cut from."""

import cv2
import numpy as np
import pytest

from inkdigits.image.rows import count_pieces, find_rows
from inkdigits.sample import Box, Ink

from . import drawing


def page(rows: int = 1, slope: float = 0.0) -> Ink:
    """Rows of four sevens, 40 px high, along baselines that fall by `slope`."""
    picture = np.zeros((rows * 80 + 40, 260), np.uint8)
    for row in range(rows):
        for left in range(20, 220, 50):
            top = 20 + 80 * row + round(slope * (left - 130))
            drawing.draw(picture, drawing.SEVEN, (left, top, 24, 40), ((255,), 3))
    return (picture / np.float32(255)).astype(np.float32)


@pytest.mark.parametrize("count", [1, 2, 5])
def test_rows_come_top_to_bottom(count: int) -> None:
    rows = find_rows(page(count))
    assert [round(row.box.top / 80) for row in rows] == list(range(count))
    for row in rows:
        assert row.ink.shape == (row.box.height, row.box.width)
        assert row.ink.dtype == np.float32
        assert row.ink.any(axis=1)[[0, -1]].all()
        assert row.ink.any(axis=0)[[0, -1]].all()


def test_no_ink_no_rows() -> None:
    assert find_rows(np.zeros((20, 30), np.float32)) == []


@pytest.mark.parametrize("slope", [-0.17, -0.09, 0.0, 0.09, 0.17])
def test_a_baseline_becomes_level_and_places_are_kept(slope: float) -> None:
    ink = page(slope=slope)
    (row,) = find_rows(ink)
    assert row.ink.shape[0] <= 50
    parts = cv2.connectedComponentsWithStats((row.ink > 0).astype(np.uint8))[2][1:]
    for left, top, width, height in parts[:, :4].tolist():
        place = row.place(Box(left, top, width, height))
        window = np.s_[max(place.top, 0) : place.top + height, place.left : place.left + width]
        found = (ink[window] > 0).sum()
        assert found >= 0.85 * (row.ink[top : top + height, left : left + width] > 0).sum()


def test_a_high_row_is_reduced_its_hairlines_stay_and_places_are_kept() -> None:
    ink = np.zeros((1900, 1200), np.float32)
    ink[50:1850, [200, 500, 900]] = 1
    (row,) = find_rows(ink)
    assert row.ink.shape == (600, round((901 - 200) / 3))
    assert row.ink[300, 90:110].max() >= 0.6  # 500 was here
    assert row.scale == 3
    place = row.place(Box(0, 0, 1, 600))
    assert (place.left, place.top, place.height) == (200, 50, 1800)


def test_dust_and_what_the_border_cuts_are_left_out() -> None:
    ink = page()
    clean = find_rows(ink)[0].box
    ink[2, 2] = 1
    ink[30:42, 252:] = 1  # a neighbour's foot
    (row,) = find_rows(ink)
    assert row.box == clean


def test_a_low_digit_that_a_shadow_leads_to_the_edge_is_kept() -> None:
    ink = page()
    ink[42:58, 222:246] = 1
    ink[48:50, 246:] = 0.4
    (row,) = find_rows(ink)
    assert row.box.left + row.box.width == ink.shape[1]
    ink[42:46, 222:246] = 0
    ink[50:58, 222:246] = 0  # a dash that goes on is none
    (row,) = find_rows(ink)
    assert row.box.left + row.box.width < 222


def test_a_comma_belongs_to_its_row() -> None:
    ink = page(2)
    ink[56:68, 60:64] = 1
    rows = find_rows(ink)
    assert len(rows) == 2
    assert rows[0].box.top + rows[0].box.height == 68


def test_a_long_comma_that_hangs_belongs_to_its_row_and_a_digit_below_does_not() -> None:
    ink = page()
    ink[54:80, 225:230] = 1
    (row,) = find_rows(ink)
    assert row.box.top + row.box.height == 80
    below = page(2)
    below[60:, :160] = 0  # one digit remains of the second row
    assert len(find_rows(below)) == 2


def test_an_eight_of_two_loops_that_do_not_meet_is_in_one_row() -> None:
    drawn = np.zeros((80, 120), np.uint8)
    for centre in ((25, 22), (25, 52)):
        cv2.circle(drawn, centre, 12, 255, 3)
    cv2.ellipse(drawn, (80, 31), (20, 22), 0, 0, 360, 255, 3)
    (row,) = find_rows((drawn / np.float32(255)).astype(np.float32))
    assert row.box.left < 15
    assert row.ink[:, :30].any(axis=1).sum() > 45


def test_a_pale_one_is_writing_and_a_pale_speck_is_not() -> None:
    ink = page()
    ink[22:58, 232:235] = 0.5
    ink[40:46, 245:248] = 0.5
    (row,) = find_rows(ink)
    assert row.box.left + row.box.width == 235


def test_specks_far_below_are_no_row_of_their_own() -> None:
    ink = page()
    tall = np.zeros((200, 260), np.float32)
    tall[: len(ink)] = ink
    tall[180:188, 100:108] = 1
    assert len(find_rows(tall)) == 1


def test_pieces_are_counted_dust_included() -> None:
    ink = np.zeros((20, 30), np.float32)
    assert count_pieces(ink) == 0
    ink[2:9, 3:5] = 1
    ink[9, 5] = 0.2  # touches at its corner
    ink[15, 15] = 0.1
    assert count_pieces(ink) == 2
