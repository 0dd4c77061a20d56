from pathlib import Path

import numpy as np
import pytest

from inkdigits.data.number_stock import NumberStock, load_number_stock
from inkdigits.data.number_style import NUMBER_STYLES, NumberStyle, sample_number_style
from inkdigits.data.numbers import compose_number

NOBODY = NumberStock((), (), {}, {})


def test_a_picture_says_what_is_on_it() -> None:
    picture = compose_number(NOBODY, "12 34,5", np.random.default_rng(0), NumberStyle())
    assert picture.label == "1234,5"
    assert len(picture.boxes) == 6
    assert picture.image.dtype == np.uint8
    for box in picture.boxes:
        part = picture.image[box.top : box.top + box.height, box.left : box.left + box.width]
        assert part.min() < 100  # black on white, as the plain style is


def test_the_same_state_gives_the_same_picture() -> None:
    first, second = (compose_number(NOBODY, "705", np.random.default_rng(3)) for _ in range(2))
    assert np.array_equal(first.image, second.image)
    assert first.boxes == second.boxes


def test_every_style_gives_a_picture(small_data: Path) -> None:
    stock = load_number_stock(small_data, held=False)
    rng = np.random.default_rng(1)
    for index in range(60):
        name = [None, *NUMBER_STYLES][index % 4]
        picture = compose_number(stock, "20.170,-", rng, sample_number_style(rng, name))
        height, width = picture.image.shape[:2]
        assert min(height, width) >= 8
        assert picture.image.ndim in (2, 3)
        assert picture.boxes[0].left < picture.boxes[-1].left < width


@pytest.mark.parametrize("hand", ["images", "strokes"])
def test_pens_are_alike_whoever_writes(hand: str) -> None:
    rng = np.random.default_rng(2)
    picture = compose_number(NOBODY, "8888", rng, NumberStyle(hand=hand))
    drawn = (picture.image < 128).mean()
    assert 0.05 < drawn < 0.4
