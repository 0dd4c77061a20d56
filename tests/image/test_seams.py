"""Seams: where two blots touch, not through one; apart; never more than asked."""

import cv2
import numpy as np

from inkdigits.image.seams import find_seams


def rings(touching: bool = True) -> np.ndarray:  # noqa: FBT001, FBT002
    picture = np.zeros((60, 110), np.uint8)
    apart = 44 if touching else 54
    cv2.circle(picture, (28, 30), 22, 1, 4)
    cv2.circle(picture, (28 + apart, 30), 22, 1, 4)
    return picture.astype(bool)


def test_the_cheapest_seam_runs_between_two_rings() -> None:
    seams = find_seams(rings(), 4.0, 1)
    assert seams.path.shape == (1, 60)
    assert np.abs(seams.path[0, 25:35] - 50).max() <= 3
    assert 1 <= seams.cost[0] <= 2.2


def test_a_gap_costs_nothing() -> None:
    seams = find_seams(rings(touching=False), 4.0, 1)
    assert seams.cost[0] < 0.5


def test_seams_go_left_to_right_and_are_no_more_than_asked() -> None:
    seams = find_seams(rings(), 4.0, 3)
    assert 1 <= len(seams.cost) <= 3
    assert (np.diff(seams.path[:, 30]) > 0).all()


def test_a_seam_leans_with_the_stroke_it_follows() -> None:
    picture = np.zeros((60, 80), np.uint8)
    for left in (10, 30):
        cv2.line(picture, (left, 58), (left + 30, 1), 1, 4)
    seams = find_seams(picture.astype(bool), 4.0, 1)
    assert seams.cost[0] < 0.5
    assert seams.path[0, 10] - seams.path[0, 50] >= 6


def test_a_seam_has_ink_on_either_side() -> None:
    alone = rings()[:, :50]
    for path in find_seams(alone, 4.0, 5).path:
        left = alone & (np.arange(alone.shape[1]) < path[:, None])
        assert 0.02 <= left.sum() / alone.sum() <= 0.98
