import numpy as np
import pytest

from inkdigits.budget import DIGIT, Allowance, Budget
from inkdigits.errors import BlankImage, DeadlineExceeded, TooComplex
from inkdigits.image.glyphs import cut_glyph
from inkdigits.image.ink import find_ink
from inkdigits.image.normalize import to_sample
from inkdigits.image.stages import walk_line, walk_lines
from inkdigits.image.strokes import match_stroke

from .drawing import FIVE_BAR, FIVE_BODY, SEVEN, canvas, draw, page


@pytest.mark.parametrize("picture", [canvas(), page(900, 900)], ids=["canvas", "photo"])
def test_the_stages_are_those_of_the_line(picture):
    side = picture.shape[0]
    image = draw(picture, SEVEN, (side // 4, side // 5, side // 3, side // 2), ((10, 10, 30), 9))
    stages = walk_line(image)
    assert stages.image is image
    assert np.array_equal(stages.ink, find_ink(image))
    assert np.array_equal(stages.glyph.ink, cut_glyph(stages.ink).ink)
    assert np.array_equal(stages.matched, match_stroke(stages.glyph.ink))
    assert np.array_equal(stages.sample, to_sample(stages.matched))


def test_the_box_is_in_px_of_the_image():
    image = draw(page(1600, 1600), SEVEN, (400, 500, 600, 700), ((20, 20, 40), 30))
    stages = walk_line(image)
    assert stages.ink.shape[1] < 1600
    assert stages.box.width > 1.5 * stages.glyph.box.width


def test_nothing_drawn_is_told():
    with pytest.raises(BlankImage):
        walk_line(canvas())


def test_several_pictures_give_what_each_gives_alone():
    pen = ((10, 10, 30), 9)
    images = [draw(canvas(), SEVEN, (40 + at, 50, 60, 90), pen) for at in (0, 5, 9)]
    images.insert(1, canvas())
    first, blank, *others = walk_lines(images)
    assert isinstance(blank, BlankImage)
    for stages, image in zip((first, *others), (images[0], *images[2:]), strict=True):
        alone = walk_line(image)
        assert stages.box == alone.box
        assert np.array_equal(stages.sample, alone.sample)
    assert walk_lines([]) == []


def test_one_with_too_much_in_it_does_not_spoil_the_others():
    drawn = draw(canvas(), SEVEN, (40, 50, 60, 90), ((10, 10, 30), 9))
    dotted = drawn.copy()
    dotted[3::6, 3::6] = 0
    read, refused = walk_lines([drawn, dotted], Budget(Allowance(4, 0, 9.0)))
    assert np.array_equal(read.sample, walk_line(drawn).sample)
    assert isinstance(refused, TooComplex)


def test_what_was_given_up_stops():
    with pytest.raises(DeadlineExceeded):
        walk_lines([canvas()], Budget(DIGIT, lambda: True))


def read(picture):
    return walk_line(picture).sample


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
    box = walk_line(picture).box
    assert abs(box.left - 445) < 12
    assert abs(box.top - 555) < 12
    assert abs(box.width - 510) < 20
    assert abs(box.height - 625) < 20


def test_five_with_its_bar_apart_is_one_glyph():
    picture = draw(canvas(), FIVE_BODY, (40, 30, 80, 100), ((0,), 6))
    body = walk_line(picture).box
    whole = walk_line(draw(picture, FIVE_BAR, (40, 22, 80, 100), ((0,), 6))).box
    assert whole.top < body.top


def test_dust_and_a_neighbour_at_the_border_change_nothing():
    picture = draw(canvas(), SEVEN, (40, 30, 80, 100), ((0,), 6))
    sample = read(picture)
    picture[10, 10] = picture[150, 150] = 0
    picture[60:90, 155:] = 0
    assert np.array_equal(read(picture), sample)
