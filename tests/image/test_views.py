"""Views: the same writing, upright and wider; nothing is lost at the edges."""

import cv2
import numpy as np
import pytest

from inkdigits.image.pieces import find_pieces
from inkdigits.image.views import other_views
from inkdigits.sample import Ink


def leaning(run: int) -> Ink:
    picture = np.zeros((60, 160), np.uint8)
    for left in (35, 75, 115):
        cv2.line(picture, (left, 57), (left + run, 2), 255, 4)
    return (picture / np.float32(255)).astype(np.float32)


@pytest.mark.parametrize("run", [-25, 0, 25])
def test_the_first_is_upright(run: int) -> None:
    ink = leaning(run)
    upright = other_views(ink, find_pieces(ink).slant)[0]
    assert abs(find_pieces(upright).slant) < 0.1
    assert upright.sum() == pytest.approx(ink.sum(), rel=0.03)


def test_the_second_is_wider() -> None:
    ink = leaning(10)
    wider = other_views(ink, 0.0)[1]
    assert wider.shape == (60, 192)
    assert wider.sum() == pytest.approx(1.2 * ink.sum(), rel=0.05)
    assert wider.dtype == np.float32
