import cv2
import numpy as np
import pytest

from inkdigits.errors import BlankImage
from inkdigits.image.strip import DIGIT_HEIGHT, MAX_WIDTH, THINNEST, to_strip
from inkdigits.sample import STRIP_HEIGHT


def row(height: int = 80, count: int = 4, pen: int = 8, pitch: float = 0.9) -> np.ndarray:
    """Rings of `height`, side by side."""
    width = round(height * pitch)
    ink = np.zeros((height + 2 * pen, count * width + 2 * pen), np.float32)
    for index in range(count):
        middle = pen + width // 2 + index * width, pen + height // 2
        axes = round(0.32 * height - pen / 2), height // 2 - pen // 2
        cv2.ellipse(ink, middle, axes, 0, 0, 360, 1.0, pen)
    return ink


def drawn_rows(strip: np.ndarray) -> tuple[int, int]:
    rows = np.flatnonzero(strip.max(axis=1) > 0.4)
    return int(rows[0]), int(rows[-1]) + 1


@pytest.mark.parametrize("height", [22, 40, 80, 300])
def test_digits_are_of_one_height_and_in_the_middle(height: int) -> None:
    strip = to_strip(row(height, pen=max(2, height // 10)))
    top, bottom = drawn_rows(strip)
    assert bottom - top == pytest.approx(DIGIT_HEIGHT, abs=2)
    assert (top + bottom) / 2 == pytest.approx(STRIP_HEIGHT / 2, abs=1)
    assert strip.shape[1] % 4 == 0
    assert strip.dtype == np.float32
    assert strip.min() == 0
    assert strip.max() <= 1


def test_digits_may_be_asked_for_smaller() -> None:
    top, bottom = drawn_rows(to_strip(row(), 18.0))
    assert bottom - top == pytest.approx(18, abs=1.5)


@pytest.mark.parametrize("extra", ["comma", "slash", "dash"])
def test_separators_do_not_decide_the_height(extra: str) -> None:
    ink = np.pad(row(count=5), ((20, 30), (0, 60)))
    right = ink.shape[1]
    shapes = {
        "comma": ((right - 30, 100), (right - 36, 125)),
        "slash": ((right - 20, 5), (right - 50, 130)),
        "dash": ((right - 55, 64), (right - 5, 64)),
    }
    cv2.line(ink, *shapes[extra], 1.0, 8)
    strip = to_strip(ink)
    digits = strip[:, : round(strip.shape[1] * 0.7)]
    top, bottom = drawn_rows(digits)
    assert bottom - top == pytest.approx(DIGIT_HEIGHT, abs=2.5)


def test_taller_digits_than_most_stay_on_the_strip() -> None:
    tall, low = row(80, 1), row(44, 4, pen=8)
    low = np.pad(low, ((tall.shape[0] - low.shape[0], 0), (0, 0)))
    strip = to_strip(np.hstack([tall, low]))
    first = strip[:, : round(strip.shape[1] * 0.28)]
    top, bottom = drawn_rows(first)
    assert top >= 0
    assert first[:2].sum() < 0.08 * first.sum()  # its roof is there
    assert bottom <= STRIP_HEIGHT


def test_dust_decides_nothing() -> None:
    clean = np.pad(row(), ((60, 60), (0, 0)))
    dusty = clean.copy()
    dusty[2, 50] = dusty[-3, 90] = 1
    top, bottom = drawn_rows(to_strip(dusty))
    assert bottom - top == pytest.approx(DIGIT_HEIGHT, abs=2)


def test_hairlines_survive() -> None:
    thin = row(300, pen=1)
    strip = to_strip(thin)
    crossed = strip[STRIP_HEIGHT // 2]
    assert crossed.max() > 0.6
    ink = float(to_strip(row(300, pen=round(300 * THINNEST / DIGIT_HEIGHT))).sum())
    assert float(strip.sum()) == pytest.approx(ink, rel=0.35)


def test_long_rows_are_squeezed_and_short_ones_have_room() -> None:
    assert to_strip(row(40, count=60, pen=4)).shape == (STRIP_HEIGHT, MAX_WIDTH)
    one = np.zeros((40, 4), np.float32)
    one[:, 1:3] = 1
    assert to_strip(one).shape[1] == 16


def test_a_dot_alone_and_nothing_at_all() -> None:
    dot = np.zeros((9, 9), np.float32)
    dot[4, 4] = 1
    assert to_strip(dot).max() > 0
    with pytest.raises(BlankImage):
        to_strip(np.zeros((20, 30), np.float32))
