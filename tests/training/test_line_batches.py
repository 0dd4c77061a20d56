from dataclasses import replace

import numpy as np
import pytest

from inkdigits.errors import TrainingError
from inkdigits.model.line_model import PAPER
from inkdigits.sample import SYMBOLS
from inkdigits.training.batches import stream_batches
from inkdigits.training.line_batches import LONGEST, LinePlan, held_batches, stack, stack_strips
from inkdigits.training.line_recipe import LineRecipe
from tests.training.strips import draw, make_strips

RECIPE = LineRecipe(strips_per_epoch=40, epochs=2, batch_px=400)


def test_an_epoch_shows_each_training_strip_once_in_batches_of_one_width() -> None:
    pool = make_strips()
    plan = LinePlan(pool, replace(RECIPE, strips_per_epoch=45), 0)
    batches = plan.batches(0)
    shown = np.concatenate(batches)
    assert sorted(shown) == np.flatnonzero(~pool.validation).tolist()
    for batch in batches:
        widths = pool.widths[batch]
        assert len(batch) == 1 or widths.max() * len(batch) <= 400
    assert not np.array_equal(shown, np.concatenate(plan.batches(1)))


def test_a_small_pool_is_shown_again() -> None:
    plan = LinePlan(make_strips(), replace(RECIPE, strips_per_epoch=100), 0)
    counts = np.bincount(np.concatenate(plan.batches(0)))
    assert counts.sum() == 100
    assert counts.max() == 3


def test_validation_strips_are_all_there_once() -> None:
    pool = make_strips()
    found = np.concatenate(held_batches(pool, 400))
    assert sorted(found) == np.flatnonzero(pool.validation).tolist()


def test_strips_lie_left_and_targets_say_what_counts() -> None:
    strips = [draw("1"), draw("7-1")]
    batch, targets = stack(strips, ["1", "7-1"])
    assert batch.shape == (2, 32, 64)
    assert np.array_equal(batch[0, :, :24], strips[0])
    assert batch[0, :, 24:].max() == 0
    assert targets[1, :3].tolist() == [SYMBOLS.index(symbol) for symbol in "7-1"]
    assert targets[:, LONGEST:].tolist() == [[1, 12], [3, 28]]


@pytest.mark.parametrize("width", [8, 52, 56, 60, 64])
def test_there_always_is_paper_to_the_right(width: int) -> None:
    batch, _ = stack([np.ones((32, width), np.float32)], ["1"])
    assert batch.shape[2] % 16 == 0
    assert batch.shape[2] >= width + PAPER
    assert batch[0, :, width:].max() == 0


def test_the_stream_is_the_same_wherever_it_is_resumed() -> None:
    plan = LinePlan(make_strips(), RECIPE, 5)
    whole = list(stream_batches(plan, range(2), 2))
    first = len(plan.batches(0))
    resumed = list(stream_batches(plan, range(1, 2), 1))
    assert len(whole) == first + len(resumed)
    for (a, b), (c, d) in zip(whole[first:], resumed, strict=True):
        assert np.array_equal(a, c)
        assert np.array_equal(b, d)


def test_a_pool_with_one_side_is_refused() -> None:
    pool = replace(make_strips(), validation=np.zeros(60, bool))
    with pytest.raises(TrainingError, match="0 to validate on"):
        LinePlan(pool, RECIPE, 0)


def test_strips_of_several_widths_become_one_array() -> None:
    strips = [np.full((32, width), 0.5, np.float32) for width in (16, 24, 20)]
    stacked = stack_strips(strips, 24)
    assert stacked.shape == (3, 32, 24)
    assert stacked.dtype == np.float32
    assert [int((one > 0).sum()) for one in stacked] == [32 * 16, 32 * 24, 32 * 20]
    assert not stacked[0, :, 16:].any()
