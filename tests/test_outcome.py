"""An outcome is given, or raised so that nothing of where it was raised lives on."""

import gc
import weakref
from contextlib import suppress

import pytest

from inkdigits.errors import BlankImage, InkdigitsError
from inkdigits.outcome import or_raise


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
