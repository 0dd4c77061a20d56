"""Views: the same writing, upright and wider; nothing is lost at the edges."""

import cv2
import numpy as np
import pytest

from inkdigits.budget import NUMBER, Budget
from inkdigits.image.pieces import find_pieces
from inkdigits.image.views import upright, wider
from inkdigits.sample import Ink


def leaning(run: int) -> Ink:
    picture = np.zeros((60, 160), np.uint8)
    for left in (35, 75, 115):
        cv2.line(picture, (left, 57), (left + run, 2), 255, 4)
    return (picture / np.float32(255)).astype(np.float32)


@pytest.mark.parametrize("run", [-25, 0, 25])
def test_slanted_strokes_become_upright(run: int) -> None:
    ink = leaning(run)
    turned = upright(ink, find_pieces(ink, Budget(NUMBER)).slant)
    assert abs(find_pieces(turned, Budget(NUMBER)).slant) < 0.1
    assert turned.sum() == pytest.approx(ink.sum(), rel=0.03)


def test_what_is_wider_keeps_its_height() -> None:
    ink = leaning(10)
    stretched = wider(ink)
    assert stretched.shape == (60, 192)
    assert stretched.sum() == pytest.approx(1.2 * ink.sum(), rel=0.05)
    assert stretched.dtype == np.float32
