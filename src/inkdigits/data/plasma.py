"""A generator in → a cloud out: the fog of MNIST-C."""

import numpy as np
from numpy.typing import NDArray

SIDE = 256
_FIRST = 100.0

_Cloud = NDArray[np.float64]


def draw_plasma(rng: np.random.Generator, decay: float) -> _Cloud:
    """Draw a plasma cloud by the diamond-square algorithm; it wraps around at the edges.

    Args:
        rng: all randomness.
        decay: above 1; how much smoother the cloud gets from one scale to the next.

    Returns:
        float64 (256, 256), exactly 0 at its lowest to 1 at its highest point.

    Source:
        Fournier, Fussell, Carpenter, "Computer Rendering of Stochastic Models" (1982), as in
        Hendrycks, Dietterich, "Benchmarking Neural Network Robustness" (2019).
    """
    cloud, half, rough = np.zeros((SIDE, SIDE)), SIDE // 2, _FIRST
    while half:
        _refine(cloud, half, rough, rng)
        half //= 2
        rough /= decay
    cloud -= cloud.min()
    return np.asarray(cloud / cloud.max())


def _refine(cloud: _Cloud, half: int, rough: float, rng: np.random.Generator) -> None:
    """Fill the middle of each square, then the middle of each side, as means plus chance."""

    def mean_of(total: _Cloud) -> _Cloud:
        # The original multiplies by the roughness twice, and its clouds look so.
        return total / 4 + rough * rng.uniform(-rough, rough, total.shape)

    step = 2 * half
    corners = cloud[::step, ::step]
    pairs = corners + np.roll(corners, -1, axis=0)
    cloud[half::step, half::step] = mean_of(pairs + np.roll(pairs, -1, axis=1))
    middles = cloud[half::step, half::step]
    beside = corners + np.roll(corners, -1, axis=1)
    cloud[::step, half::step] = mean_of(middles + np.roll(middles, 1, axis=0) + beside)
    below = corners + np.roll(corners, -1, axis=0)
    cloud[half::step, ::step] = mean_of(middles + np.roll(middles, 1, axis=1) + below)
