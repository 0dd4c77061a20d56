"""Every public name is there at its first use."""

import importlib
import importlib.metadata

import pytest

import inkdigits


@pytest.mark.parametrize("name", [name for name in inkdigits.__all__ if name != "__version__"])
def test_every_public_name_is_the_one_of_its_room(name: str) -> None:
    value = getattr(inkdigits, name)
    assert value is getattr(importlib.import_module(value.__module__), name)
    assert name in dir(inkdigits)


def test_every_error_is_public() -> None:
    errors = importlib.import_module("inkdigits.errors")
    names = {
        name
        for name, value in vars(errors).items()
        if isinstance(value, type) and issubclass(value, errors.InkdigitsError)
    }
    assert names <= set(inkdigits.__all__)


def test_the_version_is_the_one_installed() -> None:
    assert inkdigits.__version__ == importlib.metadata.version("inkdigits")


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'read_everything'"):
        _ = inkdigits.read_everything
