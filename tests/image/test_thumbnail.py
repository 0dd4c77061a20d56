import numpy as np
import pytest

from inkdigits.files.decode import decode
from inkdigits.image.thumbnail import thumbnail


def test_ink_is_black_on_white():
    ink = np.array([[0, 1], [0.5, 0]], np.float32)
    assert decode(thumbnail(ink)).tolist() == [[255, 0], [128, 255]]


def test_colours_stay():
    red = np.zeros((3, 2, 3), np.uint8)
    red[..., 0] = 200
    assert np.array_equal(decode(thumbnail(red)), red)


@pytest.mark.parametrize(("shape", "small"), [((400, 200), (100, 50)), ((150, 5000), (3, 100))])
def test_what_is_large_is_reduced(shape, small):
    assert decode(thumbnail(np.full(shape, 7, np.uint8), 100)).shape == small
