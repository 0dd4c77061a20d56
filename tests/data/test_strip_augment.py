from dataclasses import fields

import numpy as np
import pytest

from inkdigits.data.strip_augment import StripAugmentation, vary_strip

OFF = {f.name: 0.0 for f in fields(StripAugmentation) if f.name.endswith("share")}
STRIP = np.zeros((32, 96), np.float32)
STRIP[6:26, 20:23] = 1
STRIP[6:26, 70:73] = 1


def test_nothing_chosen_changes_nothing() -> None:
    assert np.allclose(vary_strip(STRIP, np.random.default_rng(0), StripAugmentation(**OFF)), STRIP)


@pytest.mark.parametrize("name", list(OFF))
def test_each_variation_changes_something_and_stays_in_range(name: str) -> None:
    how = StripAugmentation(**{**OFF, name: 1.0})
    rng = np.random.default_rng(1)
    results = [vary_strip(STRIP, rng, how) for _ in range(30)]
    changed = [one.shape != STRIP.shape or not np.allclose(one, STRIP) for one in results]
    assert sum(changed) >= 2  # a gap may fall on paper
    for one in results:
        assert one.shape[0] == 32
        assert one.shape[1] % 4 == 0
        assert one.dtype == np.float32
        assert one.min() >= 0
        assert one.max() <= 1


def test_the_input_is_left_alone_and_the_ink_is_kept() -> None:
    before, rng = STRIP.copy(), np.random.default_rng(2)
    for _ in range(50):
        varied = vary_strip(STRIP, rng, StripAugmentation())
        assert varied.sum() > 0.3 * STRIP.sum()
    assert np.array_equal(STRIP, before)


def test_stretching_makes_a_strip_wider_and_narrower() -> None:
    how = StripAugmentation(**{**OFF, "affine_share": 1.0})
    rng = np.random.default_rng(3)
    widths = {vary_strip(STRIP, rng, how).shape[1] for _ in range(40)}
    assert min(widths) < 90
    assert max(widths) > 104
