from pathlib import Path

import numpy as np
import pytest

from inkdigits.data.pool import PoolSpec
from inkdigits.data.stock import hash_inputs, load_stock, needed_sources
from inkdigits.errors import DataError

EVERYTHING = PoolSpec(1, 1, 1, 1, 1, 1, validation_share=0.3)


def test_only_what_is_needed_is_asked_for() -> None:
    assert needed_sources(PoolSpec()) == [
        "mnist-train-images",
        "mnist-train-labels",
        "mnist-writers",
    ]
    assert needed_sources(PoolSpec(mnist_copies=0, composed=1)) == ["unipen_digits"]
    assert not [name for name in needed_sources(EVERYTHING) if "test" in name]


def test_inputs_are_hashed_and_writers_may_be_missing(small_data: Path) -> None:
    hashes = hash_inputs(EVERYTHING, small_data)
    assert set(hashes) == set(needed_sources(EVERYTHING))
    assert {len(value) for value in hashes.values()} == {64}
    (small_data / "train" / "mnist" / "writers.npz").unlink()
    assert set(hashes) - set(hash_inputs(EVERYTHING, small_data)) == {"mnist-writers"}


def test_writers_are_on_one_side_in_all_sets(small_data: Path) -> None:
    stock = load_stock(EVERYTHING, small_data)
    for part in (stock.mnist, stock.digits, stock.others):
        held, learned = set(part.writers[part.held]), set(part.writers[~part.held])
        assert held
        assert learned
        assert not held & learned
    held = set(stock.digits.writers[stock.digits.held])
    assert not held & set(stock.others.writers[~stock.others.held])


def test_negatives_hold_no_look_alikes(small_data: Path) -> None:
    others = load_stock(EVERYTHING, small_data).others
    labels = [str(others.sets[number].label[index]) for number, index in others.chosen.tolist()]
    assert set(labels) == {"A", "K", "+"}
    assert len(labels) == 8 * 2 + 2 * 2 + 8


def test_parts_that_are_not_needed_are_empty(small_data: Path) -> None:
    stock = load_stock(PoolSpec(mnist_copies=0, negatives=1), small_data)
    assert len(stock.mnist.labels) == len(stock.digits.chosen) == 0
    assert stock.mnist.images.shape == (0, 28, 28)
    assert np.array_equal(stock.others.held, stock.others.held.astype(bool))


def test_what_is_missing_is_named(small_data: Path) -> None:
    (small_data / "train" / "unipen_upper.npz").unlink()
    with pytest.raises(DataError, match="unipen_upper"):
        load_stock(EVERYTHING, small_data)
    with pytest.raises(DataError, match="unipen_upper"):
        hash_inputs(EVERYTHING, small_data)
