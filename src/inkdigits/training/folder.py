"""A folder in → the places of a run's files in it, and whether the run may use it."""

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from inkdigits.errors import TrainingError

_PARTIAL = "partial-"
"""What a kill may leave behind starts so, and is written anew."""


@dataclass(frozen=True, slots=True)
class RunFolder:
    """Everything that one training run writes. A file under its name is always complete."""

    path: Path
    name: str

    @property
    def identity(self) -> Path:
        """Which run this folder belongs to, JSON."""
        return self.path / "run.json"

    @property
    def pool(self) -> Path:
        """The samples, npz."""
        return self.path / "pool.npz"

    @property
    def checkpoint(self) -> Path:
        """All state after the last complete epoch, npz."""
        return self.path / "checkpoint.npz"

    @property
    def log(self) -> Path:
        """One row an epoch, CSV."""
        return self.path / "log.csv"

    @property
    def keras(self) -> Path:
        """The trained network, Keras."""
        return self.path / "model.keras"

    @property
    def history(self) -> Path:
        """How the network was trained, JSON; there once it is."""
        return self.path / "training.json"

    @property
    def onnx(self) -> Path:
        """The model file."""
        return self.path / f"{self.name}.onnx"


def claim(folder: RunFolder, identity: Mapping[str, Any]) -> None:
    """Make the folder this run's own, or make sure that it is.

    Args:
        folder: need not exist.
        identity: whatever makes two runs different; plain JSON values.

    Raises:
        TrainingError: the folder belongs to another run, or holds something else.
    """
    wanted = json.loads(json.dumps(identity))
    if not folder.identity.exists():
        if folder.path.exists() and any(
            not entry.name.startswith(_PARTIAL) for entry in folder.path.iterdir()
        ):
            found = "a folder that holds something else"
            raise TrainingError(str(folder.path), found, "a new or empty folder")
        folder.path.mkdir(parents=True, exist_ok=True)
        text = json.dumps(wanted, indent=2) + "\n"
        write_whole(folder.identity, lambda path: path.write_text(text, encoding="utf-8"))
        return
    try:
        found = json.loads(folder.identity.read_text(encoding="utf-8"))
    except ValueError as error:
        raise TrainingError(str(folder.identity), str(error), "the run.json of a run") from None
    if found != wanted:
        raise TrainingError(
            str(folder.path),
            f"another run: {_differences(found, wanted)}",
            "a new folder, or the same recipe, seed and options",
        )


def write_whole(path: Path, write: Callable[[Path], object]) -> None:
    """Write a file so that it is there completely or not at all, even after a kill.

    Args:
        path: the file.
        write: called with a path in the same folder, with the same suffix.
    """
    partial = path.with_name(_PARTIAL + path.name)
    write(partial)
    with partial.open("rb") as file:
        os.fsync(file.fileno())
    partial.replace(path)


def _differences(found: Any, wanted: dict[str, Any]) -> str:
    if not isinstance(found, dict):
        return "its run.json is no object"
    flat_found, flat_wanted = _flatten(found), _flatten(wanted)
    names = sorted(flat_found.keys() | flat_wanted.keys())
    return ", ".join(
        f"{name} is {flat_found.get(name)}, not {flat_wanted.get(name)}"
        for name in names
        if flat_found.get(name) != flat_wanted.get(name)
    )


def _flatten(values: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in values.items():
        if isinstance(value, Mapping):
            flat |= _flatten(value, f"{prefix}{name}.")
        else:
            flat[prefix + name] = value
    return flat
