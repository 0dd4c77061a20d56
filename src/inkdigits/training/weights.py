"""A shipped name or a `.keras` file in → a trained network to go on from, or to learn from."""

from dataclasses import dataclass
from hashlib import sha256
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from inkdigits.errors import TrainingError
from inkdigits.model.keras_file import read_keras_config
from inkdigits.model.trial import MAX_BYTES

if TYPE_CHECKING:
    import keras

_NEEDED = "a .keras file made by `train`"


@dataclass(frozen=True, slots=True)
class Weights:
    """A file of a trained network: how it was asked for, where it lies, its sha256."""

    name: str
    path: Path
    sha256: str


def find_weights(name: str, purpose: str) -> Weights:
    """Find a network's file. A shipped name goes before a file of that name.

    Args:
        name: of a shipped model, or the path of a `.keras` file.
        purpose: what it is for, to say in the error: "start", "teacher".

    Raises:
        TrainingError: there is no such file.
    """
    shipped = shipped_weights()
    path = shipped.get(name, Path(name))
    if not path.is_file():
        needed = f"{_NEEDED}, or a shipped name ({', '.join(shipped) or 'none here'})"
        raise TrainingError(purpose, f"no file {name}", needed)
    return Weights(name, path, sha256(path.read_bytes()).hexdigest())


def shipped_weights() -> dict[str, Path]:
    """Give the networks that this package ships to go on from, by the names of their models."""
    folder = Path(str(resources.files("inkdigits.model") / "builtin"))
    return {path.stem: path for path in sorted(folder.glob("*.keras"))}


def load_network(weights: Weights, purpose: str) -> "keras.Model":
    """Load a network; no code that its file may bring is run.

    Raises:
        TrainingError: the file is no whole Keras network, or brings code.
    """
    import keras  # noqa: PLC0415 takes seconds

    try:
        data = weights.path.read_bytes()
        read_keras_config(data, weights.name, hdf5=False, max_bytes=MAX_BYTES)
        return keras.saving.load_model(weights.path, compile=False, safe_mode=True)
    except Exception as error:  # noqa: BLE001 a damaged file fails anywhere inside Keras
        found = f"{weights.name} cannot be loaded ({str(error).splitlines()[0][:80]})"
        raise TrainingError(purpose, found, _NEEDED) from None


def copy_weights(weights: Weights, model: "keras.Model") -> None:
    """Begin with the weights of another network, its normalizations' statistics included.

    Args:
        weights: of a network of the same architecture and classes.
        model: gets them.

    Raises:
        TrainingError: it is another network, or cannot be loaded.
    """
    start = load_network(weights, "start")
    shapes, needed = ([tuple(w.shape) for w in net.weights] for net in (start, model))
    if shapes != needed:
        found = (
            f"{weights.name} is another network ({start.name}, {start.count_params():,} weights)"
        )
        raise TrainingError("start", found, f"a {model.name} of {model.count_params():,}")
    model.set_weights(start.get_weights())
