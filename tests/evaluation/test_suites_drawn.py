from pathlib import Path

import cv2
import numpy as np
import pytest

from inkdigits.data.pool import PoolSpec
from inkdigits.data.stock import load_stock
from inkdigits.errors import DataError
from inkdigits.evaluation.suite import Suite, build
from inkdigits.evaluation.suites_drawn import DRAWN, paint_style
from inkdigits.files.decode import decode
from inkdigits.image.ink import find_ink
from tests.data import conftest as data

small_data = data.small_data
ENTRIES = {entry.name: entry for entry in DRAWN}


def suite(name: str, folder: Path, limit: int = 0) -> Suite:
    return build(ENTRIES[name], folder, limit)


def test_digits_and_letters_are_of_writers_held_back(small_data: Path) -> None:
    stock = load_stock(PoolSpec(mnist_copies=0, digit_strokes=1, negatives=1), small_data)
    assert suite("rendered", small_data).count == stock.digits.held.sum() > 0
    letters, symbols = (suite(f"not-a-digit/{name}", small_data) for name in ("letters", "symbols"))
    assert letters.count + symbols.count == stock.others.held.sum()
    assert letters.count > 0
    assert {picture.name.split()[-1] for picture in letters.pictures()} <= {"A", "K"}
    assert {picture.name.split()[-1] for picture in symbols.pictures()} == {"+"}
    for picture in suite("rendered", small_data).pictures():
        assert picture.label == int(picture.name.split()[-1])


@pytest.mark.parametrize("name", ENTRIES)
def test_pictures_show_ink_and_are_the_same_each_time(small_data: Path, name: str) -> None:
    made = suite(name, small_data, 6)
    once, again = list(made.pictures()), list(made.pictures())
    assert [picture.picture for picture in once] == [picture.picture for picture in again]
    for picture in once:
        assert np.ptp(decode(bytes(picture.picture))) >= 60
        assert (picture.label == 10) == (made.kind == "not-a-digit")


@pytest.mark.parametrize("name", [name for name in ENTRIES if name.startswith("several/")])
def test_several_digits_are_apart_and_whole(small_data: Path, name: str) -> None:
    for picture in suite(name, small_data, 4).pictures():
        ink = find_ink(decode(bytes(picture.picture)))
        count, _ = cv2.connectedComponents((ink > 0).view(np.uint8))
        assert count - 1 >= 2
        rim = np.concatenate((ink[0], ink[-1], ink[:, 0], ink[:, -1]))
        assert not rim.any()


def test_styles_differ_and_can_be_seen(rng: np.random.Generator) -> None:
    styles = [paint_style(rng) for _ in range(200)]
    grounds = [(style.ground.paper, style.ground.ink) for style in styles]
    assert len(set(grounds)) > 20
    luma = np.array([0.299, 0.587, 0.114])
    assert all(abs((np.array(paper) - ink) @ luma) >= 80 for paper, ink in grounds)
    assert {style.tool.smooth_edge for style in styles} == {True, False}


def test_what_is_missing_is_named(small_data: Path) -> None:
    (small_data / "train" / "unipen_upper.npz").unlink()
    with pytest.raises(DataError, match="unipen_upper"):
        suite("rendered", small_data)
