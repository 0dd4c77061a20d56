"""Pieces: groups of what hangs together, left to right; cuts; every px of ink in one piece."""

import cv2
import numpy as np
import pytest

from inkdigits.budget import NUMBER, Budget
from inkdigits.image.pieces import cut_pieces, find_pieces
from inkdigits.sample import Ink


def row(scale: int = 1, *, joined: bool = False) -> Ink:
    """A ring, a bar, a ring with a roof over it."""
    picture = np.zeros((60 * scale, 170 * scale), np.uint8)
    cv2.circle(picture, (26 * scale, 34 * scale), 20 * scale, 255, 4 * scale)
    cv2.line(picture, (80 * scale, 12 * scale), (80 * scale, 56 * scale), 255, 4 * scale)
    cv2.circle(picture, (130 * scale, 36 * scale), 18 * scale, 255, 4 * scale)
    cv2.line(picture, (120 * scale, 8 * scale), (142 * scale, 8 * scale), 255, 4 * scale)
    if joined:
        cv2.line(picture, (44 * scale, 40 * scale), (80 * scale, 40 * scale), 255, 3 * scale)
    return (picture / np.float32(255)).astype(np.float32)


@pytest.mark.parametrize("scale", [1, 4])
def test_groups_come_left_to_right_with_their_loose_parts(scale: int) -> None:
    pieces = find_pieces(row(scale), Budget(NUMBER))
    assert len(pieces) == 3
    assert (np.diff(pieces.boxes[:, 0]) > 0).all()
    assert pieces.box(2, 3).top < 12 * scale
    assert pieces.height == pytest.approx(44 * scale, rel=0.15)
    assert list(pieces.group) == [0, 1, 2]
    assert not pieces.cost.any()


@pytest.mark.parametrize("scale", [1, 3])
def test_no_ink_is_lost_and_none_is_given_twice(scale: int) -> None:
    ink = row(scale, joined=True)
    pieces = cut_pieces(find_pieces(ink, Budget(NUMBER)), [0])
    whole = sum(float(pieces.glyph(i, i + 1).sum()) for i in range(len(pieces)))
    assert whole == pytest.approx(float(ink.sum()), rel=1e-3)
    assert pieces.glyph(0, len(pieces)).shape == (
        pieces.box(0, len(pieces)).height,
        pieces.box(0, len(pieces)).width,
    )


def test_a_group_is_cut_where_it_joins() -> None:
    groups = find_pieces(row(joined=True), Budget(NUMBER))
    assert len(groups) == 2
    pieces = cut_pieces(groups, [0])
    assert len(pieces) > 2
    within = np.flatnonzero(pieces.group == 0)
    assert (pieces.cost[within[1:]] > 0).all()
    lefts = pieces.boxes[within, 0]
    assert ((lefts > 46) & (lefts < 80)).any()  # along the stroke that joins them


def test_what_is_not_to_be_cut_stays_whole() -> None:
    groups = find_pieces(row(), Budget(NUMBER))
    assert len(cut_pieces(groups, [])) == len(groups)


def test_strokes_that_lean_are_measured() -> None:
    picture = np.zeros((60, 160), np.uint8)
    for left in (10, 50, 90):
        cv2.line(picture, (left, 55), (left + 25, 5), 255, 4)
    slant = find_pieces((picture / np.float32(255)).astype(np.float32), Budget(NUMBER)).slant
    assert slant == pytest.approx(0.5, abs=0.12)
    assert abs(find_pieces(row(), Budget(NUMBER)).slant) < 0.1
