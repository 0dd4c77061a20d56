import numpy as np
import pytest

from inkdigits.data.number_ways import WAYS

EVERY = [(digit, way) for digit, ways in WAYS.items() for way in ways]


def test_every_digit_has_a_way() -> None:
    assert sorted(WAYS) == list(range(10))
    assert len(set(EVERY)) == len(EVERY) > 20


@pytest.mark.parametrize(("digit", "way"), EVERY, ids=[way.__name__ for _, way in EVERY])
def test_a_way_is_about_one_high_and_never_twice_the_same(digit, way) -> None:
    rng = np.random.default_rng(digit)
    drawn = [way(rng) for _ in range(20)]
    for strokes in drawn:
        points = np.array([point for stroke in strokes for point in stroke])
        assert 0.7 < np.ptp(points[:, 1]) < 1.3
        assert 0.02 < np.ptp(points[:, 0]) < 1.4
        assert all(len(stroke) >= 3 for stroke in strokes)
    assert len({str(strokes) for strokes in drawn}) == 20
