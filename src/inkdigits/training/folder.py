"""A folder in → the places of a run's files in it, and whether the run may use it."""

import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from inkdigits.errors import TrainingError

_PARTIAL = "partial-"
"""What a kill may leave behind starts so, and is written anew."""


class RunFolder:
    """Everything that one training run writes. A file under its name is always complete.

    Attributes:
        path: of the folder.
        name: of the model.
        identity: which run this folder belongs to, JSON.
        pool: the samples or strips, npz.
        checkpoint: all state after the last complete epoch, npz.
        log: one row an epoch, CSV.
        keras: the trained network, Keras.
        history: how the network was trained, JSON; there once it is.
        onnx: the model file.
    """

    def __init__(self, path: Path, name: str) -> None:
        self.path, self.name = path, name
        self.identity = path / "run.json"
        self.pool = path / "pool.npz"
        self.checkpoint = path / "checkpoint.npz"
        self.log = path / "log.csv"
        self.keras = path / "model.keras"
        self.history = path / "training.json"
        self.onnx = path / f"{name}.onnx"


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
