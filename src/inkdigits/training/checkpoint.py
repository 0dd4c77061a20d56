"""A network in training → one file with all of its state, and back.

State is every variable of the network (weights, statistics, the seeds of its dropout) and of
its optimizer (moments, how many steps it took), the averaged weights, and the log so far.
"""

import json
import zipfile
from dataclasses import asdict, dataclass, field
from pathlib import Path

import keras
import numpy as np

from inkdigits.errors import TrainingError
from inkdigits.training.averaging import Average, read_arrays, write_arrays
from inkdigits.training.folder import write_whole


@dataclass(frozen=True, slots=True)
class Row:
    """What one epoch came to.

    Attributes:
        epoch: from 1.
        loss: mean over the augmented training batches, nats.
        acc: share read right of the same.
        val_loss: mean cross-entropy on validation, with the averaged weights, nats.
        val_acc: share read right of the same.
        lr: learning rate at the end.
        seconds: wall clock.
    """

    epoch: int
    loss: float
    acc: float
    val_loss: float
    val_acc: float
    lr: float
    seconds: float


@dataclass(slots=True)
class State:
    """A run between two epochs: the compiled network, its average, the rows of what is done."""

    model: keras.Model
    average: Average
    rows: list[Row] = field(default_factory=list)


def save_checkpoint(path: Path, state: State) -> None:
    """Write all state; a kill while writing leaves the file before it."""
    arrays = _name("variable", read_arrays(_variables(state.model)))
    arrays |= _name("average", state.average.weights)
    log = {"rows": [asdict(row) for row in state.rows], "steps": state.average.steps}
    arrays["log"] = np.array(json.dumps(log))
    write_whole(path, lambda place: np.savez(place, allow_pickle=False, **arrays))


def load_checkpoint(path: Path, state: State) -> None:
    """Put all state back; nothing where there is no checkpoint.

    Args:
        path: the checkpoint.
        state: with the same network, compiled, its optimizer built.

    Raises:
        TrainingError: the file is damaged, or of another network.
    """
    if not path.exists():
        return
    try:
        # NumPy leaves a file that it cannot read open, unless it is ours.
        with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            log = json.loads(str(arrays["log"]))
            names = sorted(arrays.files)
            values = [arrays[name] for name in names if name.startswith("variable")]
            average = [arrays[name] for name in names if name.startswith("average")]
        rows, steps = [Row(**row) for row in log["rows"]], int(log["steps"])
    except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile) as error:
        raise TrainingError(
            str(path), str(error), "a checkpoint; delete it to start over"
        ) from None
    variables = _variables(state.model)
    if [tuple(v.shape) for v in variables] != [array.shape for array in values]:
        raise TrainingError(str(path), "the state of another network", "the same recipe")
    write_arrays(variables, values)
    state.average.weights, state.average.steps = average, steps
    state.rows[:] = rows


def _name(kind: str, arrays: list[np.ndarray]) -> dict[str, np.ndarray]:
    return {f"{kind}-{index:05}": array for index, array in enumerate(arrays)}


def _variables(model: keras.Model) -> list[keras.Variable]:
    return [*model.variables, *model.optimizer.variables]
