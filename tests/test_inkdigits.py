"""`import inkdigits` is light, and every public name is there at its first use."""

import importlib
import importlib.metadata
import json
import subprocess
import sys

import pytest

import inkdigits

HEAVY = (
    "PIL",
    "cv2",
    "onnxruntime",
    "keras",
    "tensorflow",
    "fastapi",
    "pydantic",
    "typer",
    "numpy",
)
MAX_IMPORT_S = 0.2
PROGRAM = f"""
import json, sys, time
start = time.perf_counter()
import inkdigits
took = time.perf_counter() - start
print(json.dumps([took, [name for name in {HEAVY!r} if name in sys.modules]]))
"""


def measure_import() -> tuple[float, list[str]]:
    answer = subprocess.run(
        [sys.executable, "-c", PROGRAM], check=True, capture_output=True, text=True
    )
    took, loaded = json.loads(answer.stdout)
    return took, loaded


def test_the_import_is_light() -> None:
    results = [measure_import() for _ in range(3)]
    assert [loaded for _, loaded in results] == [[], [], []]
    # The best of three: a busy machine can slow one start, not make one fast.
    assert min(took for took, _ in results) <= MAX_IMPORT_S


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
