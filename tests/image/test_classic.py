import numpy as np
import pytest

from inkdigits.image.classic import classic_sample

from .drawing import canvas


def test_28_by_28_is_only_divided():
    picture = np.arange(784, dtype=np.uint32).reshape(28, 28).astype(np.uint8)
    assert np.array_equal(classic_sample(picture), picture.astype(np.float32) / np.float32(255))


@pytest.mark.parametrize("shape", [(100, 60), (100, 60, 3)])
def test_any_picture_becomes_28_by_28(shape):
    sample = classic_sample(np.full(shape, 51, np.uint8))
    assert sample.shape == (28, 28)
    assert sample.dtype == np.float32
    assert sample == pytest.approx(0.2)


def test_polarity_stays():
    assert classic_sample(canvas()).min() == 1
