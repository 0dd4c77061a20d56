from dataclasses import FrozenInstanceError

import pytest

from inkdigits.files.limits import ImageLimits


def test_defaults_are_the_published_ones():
    limits = ImageLimits()
    assert limits.max_bytes == 8 * 1024**2
    assert limits.max_pixels == 25_000_000
    assert limits.max_jpeg_pixels == 50_000_000
    assert limits.max_coefficients == 100_000_000
    assert limits.max_side == 12_000
    assert limits.max_aspect == 40


def test_limits_cannot_be_changed_in_place():
    with pytest.raises(FrozenInstanceError):
        ImageLimits().max_bytes = 1
