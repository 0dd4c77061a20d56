import numpy as np
import pytest

from inkdigits.data.number_glyphs import write_quickly, write_zeros


@pytest.mark.parametrize("digit", range(10))
def test_digits_are_about_one_high_and_never_twice_the_same(digit: int) -> None:
    rng = np.random.default_rng(digit)
    first, *others = [write_quickly(digit, rng) for _ in range(20)]
    for strokes in (first, *others):
        points = np.concatenate(strokes)
        assert points.dtype == np.float32
        assert points.shape[1] == 2
        assert 0.75 < np.ptp(points[:, 1]) < 1.35
        assert np.ptp(points[:, 0]) < 1.4
    assert not any(np.array_equal(first[0], strokes[0]) for strokes in others)


def test_strokes_are_smooth() -> None:
    rng = np.random.default_rng(0)
    for digit in range(10):
        for stroke in write_quickly(digit, rng):
            assert len(stroke) >= 12
            assert np.hypot(*np.diff(stroke, axis=0).T).max() < 0.3


def test_who_has_a_habit_writes_a_digit_alike_but_not_the_same() -> None:
    rng = np.random.default_rng(1)
    for digit in range(10):
        (first, second), (other, _) = (
            [write_quickly(digit, rng, np.random.default_rng(habit)) for _ in range(2)]
            for habit in (3, 4)
        )
        assert [len(stroke) for stroke in first] == [len(stroke) for stroke in second]
        away = np.abs(np.concatenate(first) - np.concatenate(second)).max()
        assert 0 < away < 0.25
        assert str(first) != str(other)


@pytest.mark.parametrize("count", [1, 2, 3, 5])
def test_zeros_in_one_stroke_are_as_many_rings(count: int) -> None:
    rng = np.random.default_rng(count)
    for _ in range(20):
        (stroke,) = write_zeros(count, rng)
        width, height = np.ptp(stroke, axis=0)
        assert 0.6 < height < 1.3
        # A ring has two sides.
        crossings = np.count_nonzero(np.diff(stroke[:, 1] > 0.4))
        assert 2 * count - 1 <= crossings <= 2 * count + 2
        assert width > 0.35 * count
