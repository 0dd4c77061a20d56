import numpy as np
import pytest

from inkdigits.data.number_hand import write_quickly


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


def test_a_one_rises_and_a_nine_hangs() -> None:
    rng = np.random.default_rng(1)
    for _ in range(20):
        (one,) = write_quickly(1, rng)
        assert one[0, 0] < one[:, 0].max() - 0.2  # it comes from the left
        assert one[one[:, 1].argmax(), 1] > 0.85
        nine = np.concatenate(write_quickly(9, rng))
        upper, lower = nine[nine[:, 1] > 0.5], nine[nine[:, 1] < 0.3]
        assert np.ptp(upper[:, 0]) > 0.15
        assert len(lower)
