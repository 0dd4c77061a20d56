import numpy as np
import pytest

from inkdigits.budget import DIGIT, Allowance, Budget
from inkdigits.errors import BlankImage, DeadlineExceeded, TooComplex
from inkdigits.image.glyphs import cut_glyph
from inkdigits.image.ink import find_ink
from inkdigits.image.line import image_to_sample
from inkdigits.image.normalize import to_sample
from inkdigits.image.stages import walk_line, walk_lines
from inkdigits.image.strokes import match_stroke

from .drawing import SEVEN, canvas, draw, page


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
    sample, box = image_to_sample(image)
    assert np.array_equal(stages.sample, sample)
    assert stages.box == box


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
