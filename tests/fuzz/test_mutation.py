"""Hostile files are made again from their seed, and are what their makers say."""

import zlib
from collections import Counter

import numpy as np
import pytest

from inkdigits.errors import ImageError
from inkdigits.files.decode import decode

from .mutation import (
    ANYWHERE,
    IN_JPEG,
    IN_PNG,
    add_chunk,
    bomb,
    join_jpeg,
    join_png,
    lie_in_ihdr,
    mutate,
    repeat_scans,
    split_jpeg,
    split_png,
    spoil_checksum,
)
from .seeds import small_seeds

SEEDS = small_seeds()
PNGS = [name for name in SEEDS if name.endswith(".png")]
JPEGS = [name for name in SEEDS if name.endswith(".jpg")]


def test_the_same_generator_makes_the_same_files() -> None:
    def make(seed: int) -> list[bytes]:
        rng = np.random.default_rng(seed)
        return [mutate([*SEEDS.values()], rng) for _ in range(50)]

    assert make(3) == make(3)
    assert make(3) != make(4)


@pytest.mark.parametrize("name", SEEDS)
def test_seeds_are_pictures_of_a_seven(name: str) -> None:
    image = decode(SEEDS[name])
    assert image.min() < 60
    assert image.max() > 200


@pytest.mark.parametrize("name", PNGS)
def test_a_png_is_taken_apart_and_put_together(name: str) -> None:
    assert join_png(split_png(SEEDS[name])) == SEEDS[name]


@pytest.mark.parametrize("name", JPEGS)
def test_a_jpeg_is_taken_apart_and_put_together(name: str) -> None:
    assert join_jpeg(*split_jpeg(SEEDS[name])) == SEEDS[name]


@pytest.mark.parametrize("change", [*ANYWHERE, *IN_PNG, *IN_JPEG], ids=lambda one: one.__name__)
def test_every_change_changes_and_bears_rubbish(change, rng) -> None:
    names = JPEGS if change in IN_JPEG else PNGS
    changed = [change(SEEDS[name], rng) != SEEDS[name] for name in names for _ in range(5)]
    assert sum(changed) > len(changed) / 3
    for data in (b"", b"\x89", SEEDS["L.png"][:20], SEEDS["grey.jpg"][:4], bytes(100)):
        assert isinstance(change(data, rng), bytes)


def test_lies_have_right_checksums_and_spoilt_ones_have_not(rng) -> None:
    for _ in range(20):
        lied = lie_in_ihdr(SEEDS["L.png"], rng)
        assert join_png(split_png(lied)) == lied
    spoilt = spoil_checksum(SEEDS["L.png"], rng)
    assert join_png(split_png(spoilt)) != spoilt


def test_bombs_are_bombs(rng) -> None:
    assert len(zlib.decompress(bomb())) > 500 * len(bomb())
    assert any(bomb() in add_chunk(SEEDS["L.png"], rng) for _ in range(50))


def test_scans_are_repeated(rng) -> None:
    found = [repeat_scans(SEEDS["progressive.jpg"], rng).count(b"\xff\xda") for _ in range(30)]
    assert max(found) > 100


def test_some_are_read_and_some_are_not_for_many_reasons() -> None:
    """Files that all end at the first check would test nothing."""
    rng, found = np.random.default_rng(0), Counter[str]()
    for _ in range(400):
        try:
            decode(mutate([*SEEDS.values()], rng))
            found["read"] += 1
        except ImageError as error:
            found[str(error).split(";")[0][:50]] += 1
    assert 40 < found["read"] < 300
    assert len(found) > 20
