import numpy as np

from inkdigits.image.paper import (
    canvas_colour,
    drawn_window,
    is_mounted_picture,
    local_paper,
    reduced,
    surface_paper,
    work_size,
)

from .drawing import SEVEN, canvas, draw, page


def test_canvas_colour_ignores_a_stroke_that_leaves_the_picture():
    picture = draw(canvas(colour=(10, 20, 30)), SEVEN, (-20, 0, 200, 160), ((250, 250, 250), 9))
    assert canvas_colour(picture).tolist() == [10, 20, 30]


def test_page_has_no_canvas_colour():
    assert canvas_colour(page()) is None


def test_surface_paper_recovers_a_slope_under_a_stroke():
    y, x = np.mgrid[:80, :100]
    slope = (100 + x + 0.5 * y).astype(np.uint8)
    drawn = draw(slope.copy(), SEVEN, (20, 10, 60, 60), ((0,), 12))
    paper = surface_paper(drawn[:, :, None])[:, :, 0]
    assert np.abs(paper - slope).max() < 2


def test_local_paper_follows_a_shadow():
    clean = page(120, 120)
    drawn = draw(clean.copy(), SEVEN, (30, 30, 60, 60), ((20, 20, 20), 3))
    assert np.abs(local_paper(drawn) - clean).mean() < 4


def test_mounted_picture_is_found_inside_its_frame():
    size = np.zeros((100, 100), np.uint8)
    size[20:80, 30:70] = 50
    drawn = drawn_window(size)
    assert drawn == (slice(20, 80), slice(30, 70))
    assert is_mounted_picture(size[drawn], size.shape)


def test_a_drawn_ring_is_not_a_mounted_picture():
    size = canvas(100, 100, (0,))
    draw(size, SEVEN, (20, 20, 60, 60), ((200,), 8))
    assert not is_mounted_picture(size[drawn_window(size)], size.shape)


def test_reduced_keeps_proportions_and_leaves_small_pictures():
    picture = page(400, 200)
    assert work_size(picture).shape == (160, 80, 3)
    assert reduced(picture, 400) is picture


def test_in_a_small_picture_that_the_digit_fills_border_and_area_decide():
    picture = np.full((16, 16, 1), 255, np.uint8)  # an 8: 33 of the 64 px of the border are ink
    picture[4:7, 4:12] = picture[10:13, 4:12] = 0
    picture[0:4, 0] = picture[0:4, 15] = picture[6:10, 0] = picture[6:10, 15] = 0
    picture[12:16, 0] = picture[12:16, 15] = picture[0, 1:4] = picture[15, 12:15] = 0
    assert canvas_colour(picture).tolist() == [255]
    assert canvas_colour(255 - picture).tolist() == [0]
