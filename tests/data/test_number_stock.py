from pathlib import Path

import numpy as np
import pytest

from inkdigits.data.number_stock import NumberStock, load_number_stock, load_test_stock
from inkdigits.data.sources import load_mnist
from inkdigits.errors import DataError


@pytest.fixture
def sides(small_data: Path) -> tuple[NumberStock, NumberStock]:
    return tuple(load_number_stock(small_data, held=held, share=0.3) for held in (False, True))


def count(writing: dict) -> int:
    return sum(map(len, writing.values()))


def test_the_sides_share_nothing_and_are_everything(sides, small_data: Path) -> None:
    learned, held = sides
    images, _ = load_mnist("train", small_data)
    assert count(learned.other_images) + count(held.other_images) == len(images)
    assert count(learned.other_strokes) + count(held.other_strokes) == 8 * 4
    assert learned.images
    assert held.images
    first = {stroke.tobytes() for digits in learned.other_strokes.values() for (stroke,) in digits}
    second = {stroke.tobytes() for digits in held.other_strokes.values() for (stroke,) in digits}
    assert not first & second


def test_a_writer_has_his_own_digits_alone(sides) -> None:
    for stock in sides:
        assert sum(map(count, stock.images)) == count(stock.other_images)
        assert all(count(writing) == 4 for writing in stock.images)  # as the fixture numbers them


def test_the_tested_wrote_mnists_test_images_and_the_pens_are_those_held_back(
    small_data: Path,
) -> None:
    images, labels = load_mnist("test", small_data)
    tested, held = load_test_stock(small_data), load_number_stock(small_data, held=True)
    written = {
        (digit, one.tobytes()) for digit, some in tested.other_images.items() for one in some
    }
    assert written == {(str(d), one.tobytes()) for d, one in zip(labels, images, strict=True)}
    assert sum(map(count, tested.images)) == len(images)
    assert len(tested.images) > 1
    assert set(tested.other_strokes) == set(held.other_strokes)
    for name, drawings in held.other_strokes.items():
        for one, other in zip(tested.other_strokes[name], drawings, strict=True):
            np.testing.assert_array_equal(np.concatenate(one), np.concatenate(other))


def test_letters_that_are_no_symbol_are_left_out(sides) -> None:
    assert set(sides[0].other_strokes) <= set("0127")


def test_who_wrote_little_is_not_asked_for_a_number(sides) -> None:
    assert sides[0].strokes == ()  # four digits each


def test_a_one_that_lies_is_left_out(small_data: Path) -> None:
    path = small_data / "train" / "unipen_digits.npz"
    with np.load(path) as arrays:
        changed = dict(arrays)
    before = load_number_stock(small_data, held=False, share=0.3)
    changed["points"] = changed["points"][:, ::-1] * (5, 0.1)  # all of them lie
    np.savez(path, **changed)
    after = load_number_stock(small_data, held=False, share=0.3)
    assert "1" in before.other_strokes
    assert "1" not in after.other_strokes
    assert len(after.other_strokes["7"]) == len(before.other_strokes["7"])


def test_what_is_missing_is_named(small_data: Path) -> None:
    (small_data / "train" / "unipen_lower.npz").unlink()
    with pytest.raises(DataError, match="unipen_lower"):
        load_number_stock(small_data, held=False)


def test_images_are_mnists(sides) -> None:
    image = next(iter(sides[0].other_images.values()))[0]
    assert image.shape == (28, 28)
    assert image.dtype == np.uint8
