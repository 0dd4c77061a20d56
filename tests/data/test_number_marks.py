import numpy as np
import pytest

from inkdigits.data.number_marks import mark_strokes
from inkdigits.data.number_stock import NumberStock
from inkdigits.decision.expected import SEPARATORS

NOBODY = NumberStock((), (), {}, {})


def extent(strokes: list) -> tuple[float, float]:
    width, height = np.ptp(np.concatenate(strokes), axis=0)
    return float(width), float(height)


@pytest.mark.parametrize("mark", SEPARATORS)
def test_without_writers_marks_are_drawn(mark: str) -> None:
    rng = np.random.default_rng(0)
    for _ in range(30):
        strokes = mark_strokes(mark, NOBODY, rng)
        assert all(len(stroke) >= 2 and np.isfinite(stroke).all() for stroke in strokes)


def test_a_dash_lies_and_a_slash_stands() -> None:
    rng = np.random.default_rng(1)
    for _ in range(50):
        bars = mark_strokes("-", NOBODY, rng)
        (x, y), (to_x, to_y) = bars[0][[0, -1]]
        level = [bar - np.outer(bar[:, 0] - x, (0, (to_y - y) / (to_x - x))) for bar in bars]
        wide, low = extent(level)  # a dash may rise
        assert wide > 2 * low
        narrow, high = extent(mark_strokes("/", NOBODY, rng))
        assert high > narrow


def test_some_dashes_rise() -> None:
    rng = np.random.default_rng(6)
    dashes = [np.concatenate(mark_strokes("-", NOBODY, rng)[:1]) for _ in range(200)]
    slopes = [(dash[-1, 1] - dash[0, 1]) / np.ptp(dash[:, 0]) for dash in dashes]
    assert 10 < sum(slope > 0.15 for slope in slopes) < 60
    assert max(slopes) < 0.9


def test_what_somebody_wrote_is_taken_if_it_can_be_that_mark() -> None:
    good = [np.array([[0, 0], [10, 0.5]], np.float32)]
    bad = [np.array([[0, 0], [0.5, 10]], np.float32)]
    rng = np.random.default_rng(2)
    for drawing, taken in ((good, True), (bad, False)):
        stock = NumberStock((), (), {}, {"-": [drawing]})
        found = [mark_strokes("-", stock, rng) is drawing for _ in range(40)]
        assert any(found) == taken


def test_two_bars_that_somebody_wrote_are_a_dash_too() -> None:
    bars = [np.array([[0, y], [5, y]], np.float32) for y in (0, 2)]
    stock = NumberStock((), (), {}, {"=": [bars]})
    rng = np.random.default_rng(4)
    taken = [mark_strokes("-", stock, rng) is bars for _ in range(200)]
    assert 1 <= sum(taken) < 40


def test_brackets_open_and_close() -> None:
    rng = np.random.default_rng(5)
    for _ in range(30):
        (opening,), (closing,) = (mark_strokes(mark, NOBODY, rng) for mark in "()")
        assert opening[2, 0] < opening[[0, -1], 0].min()
        assert closing[2, 0] > closing[[0, -1], 0].max()


def test_a_euro_is_a_written_c_with_two_bars() -> None:
    letter = [np.array([[8, 9], [2, 5], [8, 1]], np.float32)]
    stock = NumberStock((), (), {}, {"C": [letter]})
    rng = np.random.default_rng(3)
    drawn = [mark_strokes("$", stock, rng) for _ in range(40)]
    euros = [strokes for strokes in drawn if strokes[0] is letter[0]]
    assert 5 < len(euros) < 30
    assert all(len(strokes) == 3 for strokes in euros)
    assert all(np.ptp(bar[:, 1]) == 0 for strokes in euros for bar in strokes[1:])
