"""The search for slow pictures makes what is allowed, the same from one seed, and finds some."""

from collections.abc import Callable

import numpy as np
import pytest

from inkdigits.files.decode import decode

from . import slowest
from .slowest import MAX_BYTES, crafted, encoded, next_picture, search


def test_the_same_seed_makes_the_same_pictures_and_all_are_within_the_limits() -> None:
    def make(seed: int) -> list[bytes]:
        rng = np.random.default_rng(seed)
        worst = [crafted(rng) for _ in range(3)]
        made = [encoded(next_picture(worst, rng)) for _ in range(25)]
        return [data for data in made if data is not None]

    assert make(1) == make(1) != make(2)
    for data in make(1):
        assert len(data) <= MAX_BYTES
        assert decode(data).size > 0


def _make_counting() -> Callable[[bytes], object]:
    return len


def test_each_one_found_is_slower_than_those_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slowest, "BARS", {"count": (_make_counting, 1.0)})
    rest = iter(range(30))
    found = list(search(0, lambda: next(rest, None) is not None))
    seconds = [one.outcome.seconds for one in found]
    assert seconds == sorted(seconds)
    assert {one.by for one in found} == {"count"}
    assert all(encoded(one.picture) == one.data for one in found)
