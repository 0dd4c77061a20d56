import cv2
import numpy as np
import pytest

from inkdigits.errors import BlankImage
from inkdigits.image.ink import find_ink

from .drawing import SEVEN, canvas, draw, page

PAIRS = [
    ((0, 0, 0), (255, 255, 255)),
    ((255, 255, 255), (0, 0, 0)),
    ((255, 230, 0), (0, 60, 160)),
    ((230, 20, 10), (140, 70, 0)),
    ((250, 190, 200), (255, 255, 255)),
    ((225, 225, 225), (255, 255, 255)),
]


@pytest.mark.parametrize(("ink_colour", "paper_colour"), PAIRS)
def test_same_ink_whatever_the_colours(ink_colour, paper_colour):
    black_on_white = draw(canvas(colour=(255, 255, 255)), SEVEN, (30, 30, 100, 100), ((0, 0, 0), 7))
    picture = draw(canvas(colour=paper_colour), SEVEN, (30, 30, 100, 100), (ink_colour, 7))
    assert np.abs(find_ink(picture) - find_ink(black_on_white)).mean() < 0.01


def test_paper_is_exactly_zero_and_ink_is_one():
    picture = draw(canvas(), SEVEN, (30, 30, 100, 100), ((0,), 9))
    ink = find_ink(picture)
    assert ink.dtype == np.float32
    assert ink.shape == picture.shape
    assert ink[0, 0] == 0
    assert ink.max() == 1
    assert np.array_equal(ink > 0.5, picture < 128)


def test_hairline_on_a_large_canvas_is_found():
    picture = draw(canvas(2300, 2300), SEVEN, (300, 300, 1500, 1700), ((0,), 1))
    assert (find_ink(picture) > 0.5).sum() > 1500


def test_thick_marker_on_a_page_is_not_hollow():
    picture = draw(page(shadow=10), SEVEN, (30, 30, 230, 230), ((40, 40, 60), 60))
    ink = find_ink(picture)
    drawn = np.all(picture == (40, 40, 60), axis=2)
    assert (ink[drawn] > 0.5).mean() > 0.98


def test_ink_is_found_under_a_sensors_grain():
    picture = draw(page(shadow=10), SEVEN, (60, 60, 150, 170), ((110, 110, 100), 9))
    drawn = np.any(picture != page(shadow=10), axis=2)
    grain = np.random.default_rng(2).normal(0, 14, picture.shape)
    ink = find_ink(np.clip(picture + grain, 0, 255).astype(np.uint8))
    assert ink[~drawn].mean() < 0.02
    assert ink[drawn].mean() > 0.6


def test_shadow_is_paper():
    picture = draw(page(), SEVEN, (60, 60, 150, 170), ((40, 40, 90), 6))
    ink = find_ink(picture)
    drawn = np.any(picture != page(), axis=2)
    assert ink[~drawn].mean() < 0.01
    assert ink[drawn].mean() > 0.5


def test_pale_ruled_lines_are_paper():
    picture = page()
    picture[20::40] = (picture[20::40] * 0.85).astype(np.uint8)
    ruled = picture.copy()
    ink = find_ink(draw(picture, SEVEN, (60, 60, 150, 170), ((40, 40, 90), 6)))
    assert ink[np.all(picture == ruled, axis=2)].mean() < 0.01


def test_crop_on_a_white_mount_shows_the_stroke_only():
    picture = canvas(200, 200, (255, 255, 255))
    picture[40:160, 60:140] = page(120, 80)
    draw(picture, SEVEN, (70, 55, 60, 90), ((30, 30, 30), 6))
    ink = find_ink(picture)
    assert ink.shape == (200, 200)
    assert ink[45:50, 65:135].max() == 0
    assert ink[60:150, 70:130].max() > 0.9


def test_block_of_a_broad_marker_is_ink_and_no_mounted_picture():
    picture = canvas(300, 300)
    picture[40:260, 120:180] = 0
    assert np.array_equal(find_ink(picture) > 0, picture == 0)


@pytest.mark.parametrize("value", [0, 128, 255])
@pytest.mark.parametrize("side", [1, 28, 300])
def test_one_colour_is_blank(value, side):
    with pytest.raises(BlankImage):
        find_ink(canvas(side, side, (value,)))


def test_empty_page_is_blank():
    with pytest.raises(BlankImage):
        find_ink(page())


def test_faint_noise_is_blank():
    noise = np.random.default_rng(0).integers(126, 130, (64, 64, 3), dtype=np.uint8)
    with pytest.raises(BlankImage):
        find_ink(noise)


def test_a_photo_is_reduced_as_far_as_asked() -> None:
    photo = cv2.resize(page(), (900, 900), interpolation=cv2.INTER_LINEAR)
    draw(photo, SEVEN, (300, 200, 200, 400), ((20, 20, 40), 20))
    assert find_ink(photo).shape == (640, 640)
    assert find_ink(photo, max_side=800).shape == (800, 800)
    assert find_ink(photo, max_side=2000).shape == (900, 900)
