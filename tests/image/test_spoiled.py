import numpy as np
import pytest

from inkdigits.data.hand import DRAWINGS, Place, cover
from inkdigits.image.spoiled import mended


def drawn(name: str, height: int = 20) -> np.ndarray:
    covered = cover(name, (28, 28), Place(14 - 0.4 * height, 14 - height / 2, height), 2.2)
    return np.rint(covered * 255).astype(np.uint8)[:, :, None]


NAMES = list(DRAWINGS)


@pytest.mark.parametrize("name", NAMES)
def test_a_clean_picture_stays_as_it_is(name: str) -> None:
    picture = drawn(name)
    assert np.array_equal(mended(picture), picture)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("turned", [False, True])
def test_bands_are_turned_back(name: str, turned: bool) -> None:  # noqa: FBT001
    picture = drawn(name, height=12)  # no stroke runs along an edge of a band
    banded = picture.transpose(1, 0, 2).copy() if turned else picture.copy()
    whole = banded.copy()
    banded[:, :7] = 255 - banded[:, :7]
    banded[:, 21:] = 255 - banded[:, 21:]
    if turned:
        banded, whole = banded.transpose(1, 0, 2), whole.transpose(1, 0, 2)
    found = mended(banded)
    assert np.array_equal(found, whole) or np.array_equal(found, 255 - whole)


def test_salt_and_pepper_go_and_the_digit_stays() -> None:
    rng, picture = np.random.default_rng(1), drawn("5")
    spoiled = picture.copy()
    spoiled[rng.random((28, 28)) < 0.08] = 255
    spoiled[rng.random((28, 28)) < 0.08] = 0
    wrong = np.mean(mended(spoiled) != picture)
    assert np.mean(spoiled != picture) > 0.06
    assert wrong < 0.04


def test_a_flat_picture_is_left_alone() -> None:
    flat = np.full((20, 20, 3), 130, np.uint8)
    assert mended(flat) is flat


def test_a_bar_alone_stays_a_bar() -> None:
    bar = np.zeros((28, 28, 1), np.uint8)
    bar[:, 9:19] = 255
    assert np.array_equal(mended(bar), bar)
