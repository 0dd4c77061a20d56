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


def test_a_one_rises_and_a_nine_hangs() -> None:
    rng = np.random.default_rng(1)
    ways = {way.__name__: way for _, way in EVERY}
    for _ in range(20):
        (one,) = map(np.array, ways["_rising_one"](rng))
        assert one[0, 0] < one[:, 0].max() - 0.2  # it comes from the left
        assert one[one[:, 1].argmax(), 1] > 0.85
        for way in set(WAYS[9]) - {ways["_thin_nine"]}:
            nine = np.concatenate(way(rng))
            upper, lower = nine[nine[:, 1] > 0.5], nine[nine[:, 1] < 0.3]
            assert np.ptp(upper[:, 0]) > 0.15
            assert len(lower)


def test_no_leg_of_a_pointed_one_is_a_roof() -> None:
    rng = np.random.default_rng(2)
    (way,) = (way for _, way in EVERY if way.__name__ == "_pointed_one")
    for _ in range(50):
        (one,) = map(np.array, way(rng))
        top = one[one[:, 1].argmax()]
        steep = (top - one[0])[1] / (top - one[0])[0]
        assert steep > 0.55
