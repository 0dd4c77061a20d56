from dataclasses import replace
from itertools import islice

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inkdigits.data.augment import Augmentation
from inkdigits.errors import TrainingError
from inkdigits.training.batches import plan_batches, stream_batches, to_samples

from .conftest import TINY, make_pool


def test_an_epoch_shows_each_training_sample_once_but_for_the_last_few(pool, recipe) -> None:
    plan = plan_batches(pool, recipe(), 0)
    order = plan.batches(0).ravel()
    assert (plan.steps, plan.batch_size) == (330 // 32, 32)
    assert len(order) == len(set(order.tolist())) == plan.steps * 32
    assert pool.train[order].all()


@given(epoch=st.integers(0, 1000), seed=st.integers(0, 2**31), share=st.floats(0.05, 0.95))
def test_each_source_gets_its_share(epoch: int, seed: int, share: float) -> None:
    pool = make_pool(220)
    shares = (("mnist", share), ("composed", 1 - share))
    plan = plan_batches(pool, replace(TINY, source_shares=shares, samples_per_epoch=640), seed)
    order = plan.batches(epoch).ravel()
    assert len(order) == 640
    assert abs(np.count_nonzero(pool.source[order] == "mnist") - 640 * share) <= 2


def test_within_a_source_all_come_before_one_comes_again(pool, recipe) -> None:
    plan = plan_batches(pool, recipe(source_shares=(("composed", 1.0),), batch_size=30), 0)
    times = np.bincount(plan.batches(0).ravel(), minlength=len(pool))
    of_the_source = times[pool.train & (pool.source == "composed")]
    assert of_the_source.max() - of_the_source.min() <= 1


def test_epochs_differ_and_repeat(pool, recipe) -> None:
    plan = plan_batches(pool, recipe(), 7)
    assert plan.batches(0).tolist() == plan.batches(0).tolist()
    assert plan.batches(0).tolist() != plan.batches(1).tolist()
    assert plan.batches(0).tolist() != replace(plan, seed=8).batches(0).tolist()


@pytest.mark.parametrize("workers", [1, 3])
def test_a_resumed_stream_goes_on_with_the_same_batches(pool, recipe, workers: int) -> None:
    plan = plan_batches(pool, recipe(augment=Augmentation()), 1)
    whole = list(stream_batches(plan, range(3), 2))
    rest = list(stream_batches(plan, range(2, 3), workers))
    assert len(whole) == 3 * plan.steps
    for (one, labels), (other, other_labels) in zip(whole[2 * plan.steps :], rest, strict=True):
        assert np.array_equal(one, other)
        assert np.array_equal(labels, other_labels)


def test_augmented_batches_differ_from_the_plain_ones_and_stay_in_range(pool, recipe) -> None:
    plain = plan_batches(pool, recipe(), 1)
    varied = replace(plain, recipe=recipe(augment=Augmentation()))
    indices = plain.batches(0)[0]
    samples, labels = varied.make(indices, (0, 0))
    assert np.array_equal(plain.make(indices, (0, 0))[0], to_samples(pool, indices))
    assert not np.array_equal(samples, to_samples(pool, indices))
    assert samples.dtype == np.float32
    assert (samples.min(), samples.max()) >= (0, 0)
    assert samples.max() <= 1
    assert np.array_equal(labels, pool.labels[indices])


def test_a_stream_that_is_left_early_ends_its_threads(pool, recipe) -> None:
    stream = stream_batches(plan_batches(pool, recipe(), 0), range(1000), 2)
    assert len(list(islice(stream, 3))) == 3
    stream.close()
    with pytest.raises(StopIteration):
        next(stream)


def test_pools_that_cannot_be_learned_are_refused(pool, recipe) -> None:
    nothing_held = replace(pool, validation=np.zeros(len(pool), bool))
    with pytest.raises(TrainingError, match="0 to validate on"):
        plan_batches(nothing_held, recipe(), 0)
    with pytest.raises(TrainingError, match="label 10; needed: labels for 10 classes"):
        plan_batches(pool, recipe(classes=10), 0)
    with pytest.raises(TrainingError, match=r"nothing from \['strokes'\]"):
        plan_batches(pool, recipe(source_shares=(("strokes", 1.0),)), 0)
