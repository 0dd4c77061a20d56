"""An outcome is given, or raised so that nothing of where it was raised lives on."""

import errno
import gc
import weakref
from contextlib import suppress

import pytest

from inkdigits.errors import BlankImage, InkdigitsError, UploadError
from inkdigits.outcome import is_shortage, or_raise


class Picture:
    """Something that can be asked whether it lives."""


def _read(picture: Picture, alive: list[weakref.ref[Picture]]) -> int:
    alive.append(weakref.ref(picture))
    return or_raise(_outcome())


def _outcome() -> int | InkdigitsError:
    return BlankImage()


def test_what_was_read_is_given() -> None:
    assert or_raise(7) == 7


def test_an_error_is_raised() -> None:
    error = BlankImage()
    with pytest.raises(BlankImage) as caught:
        or_raise(error)
    assert caught.value is error


def test_an_error_keeps_no_picture_alive() -> None:
    alive: list[weakref.ref[Picture]] = []
    gc.disable()
    try:
        with suppress(BlankImage):
            _read(Picture(), alive)
        assert alive[0]() is None
    finally:
        gc.enable()


@pytest.mark.parametrize(
    ("error", "short"),
    [
        (MemoryError(), True),
        (OSError(errno.EMFILE, "Too many open files"), True),
        (OSError(errno.ENOENT, "No such file"), False),
        (RuntimeError("can't start new thread"), True),
        (RuntimeError("cannot schedule new futures after shutdown"), False),
        (OSError("out of memory error when reading image file"), True),
        (UploadError("std::bad_alloc", ()), False),  # what a client sent decides nothing
    ],
)
def test_a_machine_that_is_short_is_told_from_other_failures(
    error: Exception, *, short: bool
) -> None:
    assert is_shortage(error) is short
