"""The page's examples are what the script draws, and show what they are for."""

from pathlib import Path

import numpy as np
import pytest
from tests.golden.draw_examples import DRAWN, EXAMPLES

from inkdigits import Reader, load_model
from inkdigits.errors import BlankImage
from inkdigits.files.decode import decode

SHOWN = {"mnist.png": "3", "paint.png": "5", "photo.jpg": "2"}


@pytest.fixture(scope="module")
def reader():
    return Reader(load_model("cnn"))


def _bytes(name):
    return Path(EXAMPLES / name).read_bytes()


@pytest.mark.parametrize("name", DRAWN)
def test_an_example_is_what_the_script_draws(name):
    found, drawn = (decode(data).astype(int) for data in (_bytes(name), DRAWN[name]()))
    assert np.abs(found - drawn).max() <= 8  # another libjpeg rounds otherwise


def test_there_are_no_others_and_they_are_small():
    assert {path.name for path in EXAMPLES.iterdir()} == set(DRAWN)
    assert sum(path.stat().st_size for path in EXAMPLES.iterdir()) < 10_000


@pytest.mark.parametrize(("name", "digit"), SHOWN.items())
def test_a_digit_is_read_for_sure(reader, name, digit):
    prediction = reader.predict_digit(_bytes(name))
    assert (prediction.digit, prediction.accepted) == (digit, True)


def test_a_letter_is_no_digit_and_blank_is_blank(reader):
    assert reader.predict_digit(_bytes("letter.png")).reason == "not_a_digit"
    with pytest.raises(BlankImage):
        reader.predict_digit(_bytes("blank.png"))


def test_the_mnist_one_is_as_mnist_is():
    image = decode(_bytes("mnist.png"))
    assert image.shape == (28, 28)
    assert image[0].max() == 0
    assert image.max() > 240
