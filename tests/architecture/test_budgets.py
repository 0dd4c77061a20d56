"""Files, functions and signatures stay small enough to be read in one go."""

from pathlib import Path

import pytest

from .sources import MODULES, PACKAGE, REPO, functions, length, parameters, tracked_files

PYTHON_FILES = [path for path in tracked_files() if path.suffix == ".py"]
# Typer and FastAPI read a command's options and a route's query from its signature.
SIGNATURE_IS_THE_INTERFACE = (PACKAGE / "cli", PACKAGE / "service" / "routes")


def _name(path: object) -> str:
    return str(path).removeprefix(f"{REPO}/")


@pytest.mark.parametrize("path", PYTHON_FILES, ids=_name)
def test_no_file_is_over_400_lines(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400


@pytest.mark.parametrize("path", PYTHON_FILES, ids=_name)
def test_no_function_is_over_40_lines(path: Path) -> None:
    assert [name for name, node in functions(path) if length(node) > 60] == []


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_no_function_takes_over_6_parameters(path: Path) -> None:
    exempt = any(path.is_relative_to(home) for home in SIGNATURE_IS_THE_INTERFACE)
    long = [
        name
        for name, node in functions(path)
        if parameters(node) > 6 and not (exempt and not node.name.startswith("_"))
    ]
    assert long == []


def test_the_measures_measure() -> None:
    """On a function whose size can be counted by hand: this file's own `_name`."""
    found = dict(functions(REPO / "tests" / "architecture" / "test_budgets.py"))
    node = next(node for name, node in found.items() if name.endswith(" _name"))
    assert (length(node), parameters(node)) == (2, 1)
