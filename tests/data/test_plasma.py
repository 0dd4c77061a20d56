import numpy as np

from inkdigits.data.plasma import SIDE, draw_plasma


def roughness(cloud: np.ndarray) -> float:
    return float(np.abs(np.diff(cloud, axis=0)).mean())


def test_it_fills_the_range() -> None:
    cloud = draw_plasma(np.random.default_rng(0), 1.4)
    assert cloud.shape == (SIDE, SIDE)
    assert cloud.min() == 0
    assert cloud.max() == 1
    assert np.isfinite(cloud).all()


def test_more_decay_is_smoother() -> None:
    rough, smooth = (draw_plasma(np.random.default_rng(1), decay) for decay in (1.4, 3.0))
    assert roughness(smooth) < roughness(rough) / 2


def test_it_wraps_around() -> None:
    cloud = draw_plasma(np.random.default_rng(2), 3.0)
    assert np.abs(cloud[0] - cloud[-1]).mean() < 3 * roughness(cloud)


def test_the_seed_decides() -> None:
    one, same, other = (draw_plasma(np.random.default_rng(s), 1.4) for s in (1, 1, 2))
    np.testing.assert_array_equal(one, same)
    assert np.abs(one - other).max() > 0.1
