import numpy as np
import pytest

from inkdigits.data.penmanship import across, arc, cross


def test_an_arc_lies_on_its_ellipse_from_angle_to_angle() -> None:
    points = np.array(arc((0.4, 0.7), (0.3, 0.2), (180, 0)))
    assert points[[0, -1]].ravel().tolist() == pytest.approx([0.1, 0.7, 0.7, 0.7])
    around = (points - (0.4, 0.7)) / (0.3, 0.2)
    assert np.hypot(*around.T) == pytest.approx(np.ones(len(points)))
    assert (points[1:-1, 1] > 0.7).all()  # over the top


def test_a_bar_goes_through_its_middle() -> None:
    left, middle, right = across((0.5, 0.4), (0.2, 0.3), 0.05)
    assert middle == (0.5, 0.4)
    assert left == pytest.approx((0.3, 0.35))
    assert right == pytest.approx((0.8, 0.45))


def test_a_stem_is_crossed_in_its_middle_part() -> None:
    rng = np.random.default_rng(0)
    for _ in range(50):
        left, (x, y), right = cross((0.6, 1.0), (0.2, 0.0), rng)
        assert 0.3 < y < 0.61
        assert x == pytest.approx(0.2 + 0.4 * y)
        assert left[0] < x < right[0]
