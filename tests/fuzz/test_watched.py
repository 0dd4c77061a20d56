"""A reader that fails in any way is noticed, and the next file is read all the same."""

import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from inkdigits.errors import BrokenImage
from tests.patience import PATIENCE_S

from .seeds import large_seeds, small_seeds
from .watched import MAX_MIB, Outcome, Watched, read_with_cnn

ON_LINUX = pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="weighs on Linux")


def _fail(data: bytes) -> object:
    return {
        b"crash": lambda: os._exit(3),
        b"hang": threading.Event().wait,
        b"grow": lambda: bytearray(500 * 1024 * 1024),
        b"raise": lambda: 1 / 0,
        b"refuse": _refuse,
    }.get(data, int)()


def _refuse() -> None:
    raise BrokenImage("as it should be")


def _make_failing() -> Callable[[bytes], object]:
    return _fail


@pytest.fixture
def failing() -> Iterator[Watched]:
    watched = Watched(_make_failing)
    yield watched
    watched.close()


@ON_LINUX
def test_what_goes_wrong_is_told_and_offends(failing: Watched) -> None:
    told = {word: failing.read(word.encode()) for word in ("crash", "grow", "raise")}
    assert {word: one.what.split(":")[0] for word, one in told.items()} == {
        "crash": "crash",
        "grow": "read",
        "raise": "exception",
    }
    assert all(one.offends for one in told.values())
    assert told["grow"].peak_mib > MAX_MIB


def test_what_hangs_is_told_and_the_next_one_is_read() -> None:
    watched = Watched(_make_failing, patience_s=0.5)
    try:
        told = watched.read(b"hang")
        watched.patience_s = PATIENCE_S
        assert (told.what, told.offends, watched.read(b"anything").what) == ("hang", True, "read")
    finally:
        watched.close()


@ON_LINUX
def test_what_one_file_took_is_not_counted_for_the_next(failing: Watched) -> None:
    assert failing.read(b"grow").offends
    after = [failing.read(word) for word in (b"refuse", b"anything")]
    assert [one.what for one in after] == ["broken-image", "read"]
    assert not any(one.offends for one in after)


def test_slow_is_an_offence() -> None:
    assert Outcome("read", seconds=2.1).offends
    assert not Outcome("broken-image", seconds=1.9, peak_mib=390).offends


def test_the_costliest_pictures_within_the_limits_are_read_in_bounded_memory() -> None:
    """Each of 20 to 25 million px, or with a million pieces; 7 s is for machines at work."""
    watched = Watched(read_with_cnn)
    try:
        for name, data in {**small_seeds(), **large_seeds()}.items():
            outcome = watched.read(data)
            assert outcome.what in ("read", "blank-image", "image-too-large"), (name, outcome)
            assert outcome.peak_mib <= MAX_MIB, (name, outcome)
            assert outcome.seconds < 7, (name, outcome)
    finally:
        watched.close()
