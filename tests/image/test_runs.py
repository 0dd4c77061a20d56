"""Runs: whole groups, what may be one character besides, and where they lie."""

import cv2
import numpy as np
import pytest

from inkdigits.budget import NUMBER, Budget
from inkdigits.image.pieces import Pieces, cut_pieces, find_pieces
from inkdigits.image.runs import (
    groups_to_cut,
    measure_runs,
    other_runs,
    to_samples,
    whole_groups,
)


def pieces() -> Pieces:
    """Two bars, two rings that touch, a dot."""
    picture = np.zeros((60, 220), np.uint8)
    for left in (10, 30):
        cv2.line(picture, (left, 8), (left, 54), 255, 4)
    for left in (80, 122):
        cv2.circle(picture, (left, 31), 21, 255, 4)
    picture[50:55, 200:205] = 255
    return find_pieces((picture / np.float32(255)).astype(np.float32), Budget(NUMBER))


def test_whole_groups_are_runs() -> None:
    assert whole_groups(pieces()) == [(0, 1), (1, 2), (2, 3), (3, 4)]
    cut = cut_pieces(pieces(), [2])
    runs = whole_groups(cut)
    assert len(runs) == 4
    assert runs[2][1] - runs[2][0] > 1


def test_only_what_may_be_several_digits_is_cut() -> None:
    sure, unsure = np.ones(4, bool), np.zeros(4, bool)
    assert groups_to_cut(pieces(), sure) == [2]  # it is too wide to be one
    assert groups_to_cut(pieces(), unsure) == [2]  # the others are narrow, or too low


def test_sure_digits_are_not_joined_and_far_ones_never() -> None:
    found = pieces()
    assert other_runs(found, np.ones(4, bool)) == []
    unsure = other_runs(found, np.zeros(4, bool))
    assert (0, 2) not in unsure  # 16 px apart: more than a quarter of the height
    cut = cut_pieces(found, [2])
    runs = other_runs(cut, np.zeros(4, bool))
    first, last = whole_groups(cut)[2]
    assert all(first <= a < b <= last for a, b in runs)
    assert (first, last) not in runs


def test_runs_are_measured_in_digit_heights() -> None:
    found = pieces()
    runs = measure_runs(found, whole_groups(found))
    assert runs.size[0, 1] == pytest.approx(1, abs=0.1)
    assert runs.size[0, 0] == pytest.approx(0.1, abs=0.05)
    assert runs.rise[3, 0] == pytest.approx(-0.9, abs=0.1)  # the dot lies at the foot
    assert not runs.inner.any()
    assert not runs.cut.any()
    cut = cut_pieces(found, [2])
    first, last = whole_groups(cut)[2]
    inside = measure_runs(cut, [(first, first + 1), (last - 1, last)])
    assert inside.inner.tolist() == [[False, True], [True, False]]
    assert inside.cut[0, 1] > 0


def test_samples_are_made_of_each_run() -> None:
    found = pieces()
    samples = to_samples(found, whole_groups(found))
    assert samples.shape == (4, 28, 28)
    assert samples.max(axis=(1, 2)) == pytest.approx(1)
    assert to_samples(found, []).shape == (0, 28, 28)
