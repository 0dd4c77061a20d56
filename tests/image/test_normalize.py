import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inkdigits.errors import BlankImage
from inkdigits.image.normalize import to_sample


def test_longest_side_becomes_20_and_proportions_stay():
    sample = to_sample(np.ones((100, 50), np.float32))
    rows, columns = np.flatnonzero(sample.any(1)), np.flatnonzero(sample.any(0))
    assert rows.size == 20
    assert columns.size == 10


def test_bar_of_20_comes_out_as_it_went_in():
    bar = np.zeros((20, 20), np.float32)
    bar[:, 8:12] = 1
    sample = to_sample(bar[:, 8:12])
    assert np.array_equal(sample[5:25, 13:17], np.ones((20, 4)))
    assert sample.sum() == 80


def test_heavy_side_is_moved_to_the_centre():
    ink = np.zeros((20, 20), np.float32)
    ink[:, 5:7] = 1
    ink[9:11] = 1
    sample = to_sample(ink)
    column = float(sample.sum(0) @ (np.arange(28) + 0.5)) / float(sample.sum())
    assert 14 < column <= 15


def test_darkest_pixel_becomes_one():
    assert to_sample(np.full((40, 40), 0.25, np.float32)).max() == 1


def test_nothing_left_is_blank():
    with pytest.raises(BlankImage):
        to_sample(np.zeros((30, 30), np.float32))


@given(
    height=st.integers(1, 120),
    width=st.integers(1, 120),
    seed=st.integers(0, 2**32 - 1),
)
def test_every_glyph_gives_a_sample(height, width, seed):
    ink = np.random.default_rng(seed).random((height, width), dtype=np.float32)
    sample = to_sample(ink)
    assert sample.shape == (28, 28)
    assert sample.dtype == np.float32
    assert sample.min() >= 0
    assert sample.max() == 1
