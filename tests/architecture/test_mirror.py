"""Tests mirror the rooms: every module that does something has its test file."""

import ast
from pathlib import Path

import pytest

from .sources import MODULES, PACKAGE, REPO


def _does_something(path: Path) -> bool:
    """Tell whether a module defines a function or class; names and docstrings need no test."""
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    body = ast.parse(path.read_text(encoding="utf-8")).body
    return any(isinstance(node, kinds) for node in body)


def _test_of(path: Path) -> Path:
    """src/inkdigits/image/ink.py → tests/image/test_ink.py. A room itself → test_<room>.py."""
    place = path.relative_to(PACKAGE)
    name = path.parent.name if path.stem in ("__init__", "__main__") else path.stem
    return REPO / "tests" / Path(*place.parts[:-1][:1]) / f"test_{name}.py"


@pytest.mark.parametrize(
    "path",
    [path for path in MODULES if _does_something(path)],
    ids=lambda path: str(path.relative_to(REPO)),
)
def test_every_module_has_its_test(path: Path) -> None:
    assert _test_of(path).exists(), f"{_test_of(path).relative_to(REPO)} is missing"


def test_every_test_has_its_module() -> None:
    """A renamed module leaves its test behind; it would go on testing by luck.

    A module may have more files than one: test_decode.py, test_decode_damage.py.
    """
    rooms = {path.name for path in PACKAGE.iterdir() if path.is_dir()}
    mirrored = [path for room in rooms for path in (REPO / "tests" / room).glob("test_*.py")]
    modules = {_test_of(path).stem for path in MODULES}
    lost = [
        path
        for path in mirrored
        if path.stem not in modules and not path.stem.startswith(tuple(f"{m}_" for m in modules))
    ]
    assert lost == []
