import numpy as np
import pytest

from inkdigits.image.line import image_to_sample
from inkdigits.image.normalize import to_sample

from .drawing import FIVE_BAR, FIVE_BODY, SEVEN, canvas, draw, page


def read(picture):
    return image_to_sample(picture)[0]


def test_mnist_like_upload_comes_out_almost_as_it_went_in():
    drawn = draw(canvas(140, 140, (0,)), SEVEN, (20, 0, 100, 140), ((255,), 16))
    mnist_like = to_sample(drawn.astype(np.float32) / 255)
    picture = (mnist_like * 255).astype(np.uint8)
    assert np.abs(read(picture) - mnist_like).max() < 0.03


@pytest.mark.parametrize("width", [1, 3, 8])
@pytest.mark.parametrize("side", [160, 700])
@pytest.mark.parametrize("place", [(0.02, 0.02), (0.3, 0.6), (0.66, 0.66)])
def test_place_size_and_brush_do_not_matter(width, side, place):
    reference = read(draw(canvas(), SEVEN, (30, 20, 100, 120), ((0,), 6)))
    box = (int(place[0] * side), int(place[1] * side), side // 4, side * 3 // 10)
    sample = read(draw(canvas(side, side), SEVEN, box, ((0,), width)))
    assert np.corrcoef(sample.ravel(), reference.ravel())[0, 1] > 0.7


def test_box_is_in_px_of_the_image_even_when_a_photo_is_reduced():
    picture = draw(page(1600, 1600), SEVEN, (400, 500, 600, 700), ((20, 20, 40), 30))
    _, box = image_to_sample(picture)
    assert abs(box.left - 445) < 12
    assert abs(box.top - 555) < 12
    assert abs(box.width - 510) < 20
    assert abs(box.height - 625) < 20


def test_five_with_its_bar_apart_is_one_glyph():
    picture = draw(canvas(), FIVE_BODY, (40, 30, 80, 100), ((0,), 6))
    _, body = image_to_sample(picture)
    _, whole = image_to_sample(draw(picture, FIVE_BAR, (40, 22, 80, 100), ((0,), 6)))
    assert whole.top < body.top


def test_dust_and_a_neighbour_at_the_border_change_nothing():
    picture = draw(canvas(), SEVEN, (40, 30, 80, 100), ((0,), 6))
    sample = read(picture)
    picture[10, 10] = picture[150, 150] = 0
    picture[60:90, 155:] = 0
    assert np.array_equal(read(picture), sample)
