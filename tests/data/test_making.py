from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import numpy as np
import pytest

from inkdigits.data.making import (
    COMPOSED,
    COPIES,
    NEGATIVES,
    RARE,
    RAW,
    RESTYLED,
    STROKES,
    make,
    plan_jobs,
)
from inkdigits.data.pool import NOT_A_DIGIT, PoolSpec
from inkdigits.data.stock import Stock, load_stock
from inkdigits.image.stages import Stages, walk_line

SPEC = PoolSpec(2, 1, 50, 70, 40, 30, 25, 15, validation_share=0.3)


@pytest.fixture
def stock(small_data: Path) -> Stock:
    return load_stock(SPEC, small_data)


def test_jobs_follow_the_spec(stock: Stock) -> None:
    jobs = plan_jobs(SPEC, stock, seed=3)
    assert np.bincount(jobs[:, 0]).tolist() == [64, 32, 50, 70, 40, 30, 25, 15]
    assert (np.diff(jobs[:, 0]) >= 0).all()
    for source, times in ((RAW, {2}), (COPIES, {1}), (RESTYLED, {1, 2}), (STROKES, {2, 3})):
        counts = np.bincount(jobs[jobs[:, 0] == source, 1], minlength=32)
        assert set(counts.tolist()) == times
    assert (jobs == plan_jobs(SPEC, stock, seed=3)).all()
    assert (jobs != plan_jobs(SPEC, stock, seed=4)).any()


def test_an_empty_stock_gives_no_jobs(small_data: Path) -> None:
    spec = PoolSpec(mnist_copies=0, negatives=5)
    assert len(plan_jobs(spec, load_stock(spec, small_data), 0)) == 5


def test_raw_is_raw_and_a_copy_is_the_lines(stock: Stock) -> None:
    rng = np.random.default_rng(0)
    image = stock.mnist.images[5]
    raw, copy = make(stock, RAW, 5, rng), make(stock, COPIES, 5, rng)
    np.testing.assert_array_equal(raw.sample, image)
    np.testing.assert_array_equal(copy.sample, np.rint(walk_line(image).sample * 255))
    assert raw.label == copy.label == stock.mnist.labels[5]
    assert raw.writer == copy.writer == "mnist/1"
    assert raw.held == copy.held == stock.mnist.held[5]


@pytest.mark.parametrize("source", [RESTYLED, STROKES, NEGATIVES, COMPOSED])
def test_pictures_become_samples(stock: Stock, source: int) -> None:
    rng = np.random.default_rng(1)
    made = [make(stock, source, index % 20, rng) for index in range(80)]
    kept = [one for one in made if not one.lost]
    assert len(kept) > 50
    assert {one.lost for one in made} <= {"", "blank-image", "missed", "a bar"}
    assert all(one.sample.dtype == np.uint8 and one.sample.max() > 100 for one in kept)
    assert len({one.sample.tobytes() for one in kept}) == len(kept)
    labels = {one.label for one in made}
    assert labels == ({0, 1, 2, 7} if source in (RESTYLED, STROKES) else {NOT_A_DIGIT})


def test_rare_ways_are_written_by_nobody(stock: Stock) -> None:
    rng = np.random.default_rng(2)
    made = [make(stock, RARE, index % 10, rng) for index in range(40)]
    assert [one.label for one in made] == [*range(10)] * 4
    assert {one.writer for one in made} == {""}
    assert not any(one.held for one in made)
    assert sum(not one.lost for one in made) > 25


def test_some_of_mnist_can_be_taken(stock: Stock) -> None:
    jobs = plan_jobs(replace(SPEC, mnist_copies=1.25), stock, seed=3)
    counts = np.bincount(jobs[jobs[:, 0] == COPIES, 1], minlength=32)
    assert sorted(counts.tolist()) == [1] * 24 + [2] * 8


def test_scribbles_need_no_data(small_data: Path) -> None:
    spec = PoolSpec(mnist_copies=0, scribbled=20)
    nothing, rng = load_stock(spec, small_data / "nowhere"), np.random.default_rng(4)
    jobs = plan_jobs(spec, nothing, 0)
    made = [make(nothing, *job, rng) for job in jobs.tolist() * 10]
    assert {one.label for one in made} == {NOT_A_DIGIT}
    assert 5 < sum(one.held for one in made) < 60
    assert len({one.sample.tobytes() for one in made if not one.lost}) > 100


def test_what_is_no_digit_is_found_whole_or_not_at_all(stock: Stock) -> None:
    def lose_the_first(image: np.ndarray) -> Stages:
        stages = walk_line(image)
        box = stages.box
        box = replace(box, left=box.left + box.width // 4, width=box.width * 3 // 4)
        return replace(stages, box=box)

    with patch("inkdigits.data.making.walk_line", lose_the_first):
        made = [make(stock, NEGATIVES, k % 20, np.random.default_rng(k)) for k in range(20)]
        assert {one.lost for one in made} <= {"missed", "blank-image"}
        made = [make(stock, STROKES, k % 20, np.random.default_rng(k)) for k in range(20)]
        assert [one.lost for one in made].count("") > 10


def test_a_bar_among_textures_is_left_out(stock: Stock) -> None:
    bar = np.zeros((60, 60), np.uint8)
    bar[5:55, 25:35] = 200
    with (
        patch("inkdigits.data.making.texture_image", lambda _: bar),
        patch("inkdigits.data.making.scribble", lambda _: [np.zeros((1, 2), np.float32)]),
    ):
        made = [make(stock, COMPOSED, 3, np.random.default_rng(k)) for k in range(60)]
    assert "a bar" in {one.lost for one in made}


def test_a_blank_picture_is_counted_as_lost(stock: Stock) -> None:
    stock.mnist.images[0] = 0
    assert make(stock, COPIES, 0, np.random.default_rng(0)).lost == "blank-image"
