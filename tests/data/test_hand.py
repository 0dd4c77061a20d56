import numpy as np
import pytest

from inkdigits.data.hand import DRAWINGS, Place, cover
from tests.golden import draw

SIZE = (200, 160)


def box_of(covered: np.ndarray) -> tuple[int, int, int, int]:
    """Left, top, right, bottom."""
    rows, columns = (np.flatnonzero(covered.any(axis=axis)) for axis in (1, 0))
    return columns[0], rows[0], columns[-1] + 1, rows[-1] + 1


def test_every_digit_is_there_and_most_in_more_ways() -> None:
    digits = [name[0] for name in DRAWINGS]
    assert set(digits) == set("0123456789")
    assert min(digits.count(digit) for digit in "0123456789") >= 2
    assert all(digit in DRAWINGS for digit in "0123456789")


@pytest.mark.parametrize("name", DRAWINGS)
def test_a_drawing_stands_where_it_is_put(name: str) -> None:
    covered = cover(name, SIZE, Place(60, 20, 100), 6)
    assert covered.shape == (160, 200)
    assert covered.min() == 0
    assert covered.max() == 1
    left, top, right, bottom = box_of(covered)
    assert 57 <= left < right <= 143
    assert 17 <= top < bottom <= 123
    assert bottom - top > 80


@pytest.mark.parametrize("name", DRAWINGS)
def test_every_drawing_is_its_own(name: str) -> None:
    mine = cover(name, SIZE, Place(60, 20, 100), 6)
    others = [cover(other, SIZE, Place(60, 20, 100), 6) for other in DRAWINGS if other != name]
    assert min(np.abs(mine - other).sum() for other in others) > 150


def test_a_thicker_brush_covers_more() -> None:
    covered = [cover("8", SIZE, Place(60, 20, 100), px).sum() for px in (1, 2, 5, 12, 25)]
    assert covered == sorted(covered)
    assert covered[1] == pytest.approx(2 * covered[0], rel=0.2)


def test_turning_is_clockwise_about_the_middle() -> None:
    turned = cover("1b", SIZE, Place(60, 30, 100, 90), 4)
    left, top, right, bottom = box_of(turned)
    assert (right - left, bottom - top) == (pytest.approx(94, abs=3), pytest.approx(4, abs=1))
    assert (top + bottom) / 2 == pytest.approx(80, abs=1)
    # A 7's roof is at the top; turned by 20° clockwise, its right end is the lower one.
    roof = cover("7", SIZE, Place(60, 30, 100, 20), 4)
    first = [np.flatnonzero(roof[:, column])[0] for column in (95, 130)]
    assert first[1] > first[0]


@pytest.mark.parametrize("name", ["7_hairline.png", "2_marker.png", "8_small.png"])
def test_golden_pictures_are_this_hand(name: str) -> None:
    digit, style = name.removesuffix(".png").split("_")
    assert draw.STYLES[style][1](digit) == (draw.PICTURES / name).read_bytes()
