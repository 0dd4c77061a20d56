import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inkdigits.data.augment import Augmentation, augment_batch
from inkdigits.errors import SampleError

OFF = Augmentation(
    **{name: 0.0 for name in Augmentation.__dataclass_fields__ if name.endswith("_share")}
)


def digits(count: int) -> np.ndarray:
    """Rings and bars, soft at their edges."""
    y, x = np.mgrid[:28, :28] - 13.5
    ring = np.clip(2 - np.abs(np.hypot(x, y * 0.8) - 7), 0, 1)
    bar = np.clip(2 - np.abs(x + 0.2 * y), 0, 1) * (np.abs(y) < 10)
    return np.tile([ring, bar], (count // 2, 1, 1)).astype(np.float32)


def only(**shares: float) -> Augmentation:
    values = {name: getattr(OFF, name) for name in Augmentation.__dataclass_fields__}
    return Augmentation(**(values | shares))


def test_nothing_chosen_changes_nothing() -> None:
    samples = digits(600)
    varied = augment_batch(samples, np.random.default_rng(1), OFF)
    np.testing.assert_allclose(varied, samples, atol=1e-6)


@given(st.integers(0, 2**32), st.sampled_from([0, 1, 2, 7]))
def test_samples_stay_samples(seed: int, pairs: int) -> None:
    samples = digits(2 * pairs)
    before = samples.copy()
    varied = augment_batch(samples, np.random.default_rng(seed))
    assert varied.shape == samples.shape
    assert varied.dtype == np.float32
    assert ((varied >= 0) & (varied <= 1)).all()
    np.testing.assert_array_equal(samples, before)
    assert (varied.sum(axis=(1, 2)) > 10).all()


def test_the_seed_decides() -> None:
    samples = digits(600)
    one, same, other = (augment_batch(samples, np.random.default_rng(s)) for s in (1, 1, 2))
    np.testing.assert_array_equal(one, same)
    assert (np.abs(one - other).max(axis=(1, 2)) > 0.1).all()


@pytest.mark.parametrize(
    "share", [name for name in Augmentation.__dataclass_fields__ if name.endswith("_share")]
)
def test_each_variation_touches_its_share(share: str) -> None:
    samples = digits(1000)
    varied = augment_batch(samples, np.random.default_rng(3), only(**{share: 0.5}))
    changed = (np.abs(varied - samples).max(axis=(1, 2)) > 0.004).mean()
    assert 0.3 < changed <= 0.6


def test_geometry_stays_within_its_bounds() -> None:
    samples = digits(400)[1::2]
    shifted = augment_batch(
        samples,
        np.random.default_rng(4),
        only(affine_share=1, rotation_deg=0, shear=0, scale_low=1, scale_high=1, shift=1.5),
    )
    columns = (shifted.sum(axis=1) * np.arange(28)).sum(axis=1) / shifted.sum(axis=(1, 2))
    assert np.abs(columns - 13.5).max() == pytest.approx(1.5, abs=0.1)
    scaled = augment_batch(
        samples,
        np.random.default_rng(5),
        only(affine_share=1, rotation_deg=0, shear=0, scale_low=0.85, scale_high=0.85, shift=0),
    )
    area = scaled.sum(axis=(1, 2)) / samples.sum(axis=(1, 2))
    np.testing.assert_allclose(area, 0.85**2, atol=0.02)


def test_no_neighbour_bleeds_in() -> None:
    samples = np.zeros((64, 28, 28), np.float32)
    samples[::2] = 1
    varied = augment_batch(
        samples,
        np.random.default_rng(6),
        only(
            affine_share=1,
            elastic_share=1,
            thickness_share=1,
            blur_share=1,
            tone_share=1,
        ),
    )
    assert varied[1::2].max() == 0


def test_what_is_no_batch_is_refused() -> None:
    with pytest.raises(SampleError):
        augment_batch(np.zeros((2, 30, 30), np.float32), np.random.default_rng(0))


def test_an_epoch_does_not_wait_for_it() -> None:
    samples, rng = digits(2000), np.random.default_rng(7)
    spent = []
    for _ in range(5):
        start = time.thread_time()
        augment_batch(samples, rng)
        spent.append(time.thread_time() - start)
    # 12 µs a sample on an idle core; ten times that would double the time of an epoch.
    assert min(spent) / len(samples) < 120e-6
