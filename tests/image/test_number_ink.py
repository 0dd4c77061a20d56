"""Ink of numbers: strips of any paper and polarity; what `find_ink` can do is left to it."""

import cv2
import numpy as np
import pytest

from inkdigits.errors import BlankImage
from inkdigits.image.ink import find_ink
from inkdigits.image.number_ink import MAX_SIDE_NUMBER, find_number_ink

from . import drawing


def cheque(paper: int = 170, ink: int = 60, height: int = 50) -> drawing.Picture:
    """Two sevens from side to side over hatching, on paper that is darker on one side."""
    x, y = np.meshgrid(np.arange(100), np.arange(height))
    grey = paper + 0.2 * (x - 50) + 6.0 * ((x + y) % 7 == 0)
    strip = np.clip(grey, 0, 255).astype(np.uint8)
    for left in (2, 55):
        drawing.draw(strip, drawing.SEVEN, (left, 1, 40, height - 3), ((ink,), 4))
    return cv2.GaussianBlur(strip, (0, 0), 0.7)


@pytest.mark.parametrize(("paper", "ink"), [(170, 60), (60, 200)])
def test_strokes_are_told_from_what_is_printed_below_them(paper: int, ink: int) -> None:
    found = find_number_ink(cheque(paper, ink))
    drawn = cheque(0, 255)[..., None] > 128
    stroke, far = drawn[..., 0], ~cv2.dilate(drawn.astype(np.uint8), np.ones((9, 9))).astype(bool)
    assert (found[stroke] > 0).mean() > 0.95
    assert (found[far] > 0).mean() < 0.02
    assert found.dtype == np.float32
    assert found.max() <= 1


def test_a_canvas_is_left_to_find_ink() -> None:
    picture = drawing.draw(drawing.canvas(60, 200), drawing.SEVEN, (20, 8, 30, 40), ((0,), 3))
    np.testing.assert_array_equal(find_number_ink(picture), find_ink(picture))


def test_a_photo_keeps_more_pixels_than_for_one_digit() -> None:
    photo = cv2.resize(drawing.page(), (1700, 1400), interpolation=cv2.INTER_LINEAR)
    drawing.draw(photo, drawing.SEVEN, (700, 500, 120, 200), ((20, 20, 40), 14))
    assert max(find_number_ink(photo).shape) == MAX_SIDE_NUMBER
    assert max(find_ink(photo).shape) == 640


@pytest.mark.parametrize("blur", [0.0, 1.0, 2.0])
def test_noise_is_no_ink(blur: float) -> None:
    noise = np.random.default_rng(3).normal(0, 1, (50, 160))
    noise = cv2.GaussianBlur(noise, (0, 0), blur) if blur else noise
    noise = 170 + 12 * noise / noise.std()
    with pytest.raises(BlankImage):
        find_number_ink(np.clip(noise, 0, 255).astype(np.uint8))
