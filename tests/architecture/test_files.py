"""What may lie in this repository at all."""

import re
from pathlib import Path

from .sources import PACKAGE, REPO, tracked_files

MIB = 1024 * 1024
ASSETS = (".png", ".jpg", ".jpeg", ".onnx", ".keras", ".h5", ".npz", ".ico", ".woff2")
# The brackets keep this pattern from finding itself.
OF_ONE_MACHINE = re.compile(
    r"(?<![\w.-])/(?:[w]ork|[f]arm|[r]oot|[h]ome)/|python[h]osted|pyp[i]\.org/simple"
)
NAMELESS = {"utils", "util", "helpers", "common", "core", "misc", "manager"}


def test_no_file_is_over_4_mib() -> None:
    assert [path for path in tracked_files() if path.stat().st_size > 4 * MIB] == []


def test_no_file_names_a_machine_or_a_registry() -> None:
    found = [
        f"{path.relative_to(REPO)}:{number}"
        for path in tracked_files()
        if path.suffix not in ASSETS
        for number, line in enumerate(path.read_text("utf-8", "replace").splitlines(), start=1)
        if OF_ONE_MACHINE.search(line)
    ]
    assert found == []


def test_no_room_or_module_is_called_after_nothing() -> None:
    names = {name for path in PACKAGE.rglob("*") for name in (path.stem, path.name)}
    assert names & NAMELESS == set()


def test_rooms_are_one_level_deep() -> None:
    deeper = {"routes", "static", "builtin"}
    folders = [path for path in PACKAGE.glob("*/*") if path.is_dir() and path.name[0] != "_"]
    assert {path.name for path in folders} <= deeper


def test_constraints_are_names_and_exact_versions_only() -> None:
    lines = Path(REPO / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = [line for line in lines if not line.startswith("#")]
    assert len(pins) > 20
    assert [line for line in pins if not re.fullmatch(r"[\w.-]+==[\w.]+", line)] == []
