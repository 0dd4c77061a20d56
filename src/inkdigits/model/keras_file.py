"""The bytes of a Keras file in → its configuration out; refused, where they bring code.

HDF5 can take a group or the values of an array from any other file of this machine. Not every
version of Keras looks for that, so all of it is walked here before Keras sees it. Nor may the
layers be code of the file's own.
"""

import importlib
import json
import zipfile
from collections.abc import Iterator
from io import BytesIO
from itertools import pairwise
from typing import Any

from inkdigits.errors import BrokenModel, InkdigitsError, MissingExtra, UnsupportedModel
from inkdigits.model.base import shorten

WHOLE = "a whole model, as model.save writes it"
_MAX_OBJECTS = 20_000  # arrays and groups: a thousand layers, and a second or two to walk them
_WEIGHTS = "model.weights.h5"
_MEMBERS = {"config.json", "metadata.json", _WEIGHTS}
NEEDED = "built-in Keras layers only"
# They run stored code, or read a file that the configuration names.
_REFUSED = {
    *("Lambda", "__lambda__", "TFSMLayer", "TorchModuleWrapper", "JaxLayer", "FlaxLayer"),
    *("StringLookup", "IntegerLookup", "TextVectorization"),
}
# Where Keras itself says that its classes live, after "keras" or "keras.src". Its other rooms
# hold functions that fetch, unpack and read files.
_ROOMS = {
    *("activations", "constraints", "dtype_policies", "engine", "initializers", "layers", "losses"),
    *("metrics", "models", "ops", "optimizers", "quantizers", "random", "regularizers", "trainers"),
}
MAX_CONFIG = 4_000_000
"""Characters: ten times what a network of a thousand layers needs."""
_FREE_WEIGHTS = 10_000_000  # may be declared, whatever the file holds


def read_keras_config(data: bytes, path: str, *, hdf5: bool, max_bytes: int) -> str | bytes:
    """Make sure that a Keras file is complete in itself and of built-in layers, without Keras.

    Args:
        data: the whole file.
        path: only for the errors.
        hdf5: whether the content is HDF5, else a zip.
        max_bytes: of what the file holds once unpacked.

    Returns:
        The JSON that describes the layers.

    Raises:
        MissingExtra: h5py, which comes with Keras, is not installed.
        UnsupportedModel: weights alone or in other files, code of its own, unpacked too large.
        BrokenModel: a damaged file, or a configuration that is no JSON.
    """
    try:
        config, held_bytes = (_read_hdf5 if hdf5 else _read_zip)(data, path, max_bytes)
    except InkdigitsError:
        raise
    except Exception as error:  # noqa: BLE001 a damaged file fails anywhere in zipfile and h5py
        raise BrokenModel(path, f"a damaged file ({shorten(error)})", WHOLE) from None
    if config is None:
        raise UnsupportedModel(path, "an HDF5 file of weights, without the model", WHOLE)
    check_keras_config(config, path, held_bytes)
    return config


def import_for_keras(module: str) -> Any:
    """Import Keras, or what comes with it.

    Raises:
        MissingExtra: it is not installed.
    """
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise MissingExtra("reading a Keras model", error.name or module, "train") from None


def _read_zip(data: bytes, path: str, max_bytes: int) -> tuple[bytes, int]:
    with zipfile.ZipFile(BytesIO(data)) as archive:
        for name in archive.namelist():
            if name not in _MEMBERS:
                needed = f"only {', '.join(sorted(_MEMBERS))}"
                raise UnsupportedModel(path, f"an archive that holds {name[:80]!r}", needed)
        _check_size(sum(item.file_size for item in archive.infolist()), path, max_bytes)
        weights = archive.read(_WEIGHTS) if _WEIGHTS in archive.namelist() else None
        held_bytes = _read_hdf5(weights, path, max_bytes)[1] if weights is not None else 0
        return archive.read("config.json"), held_bytes


def _read_hdf5(data: bytes, path: str, max_bytes: int) -> tuple[str | bytes | None, int]:
    """Give the attribute that describes the layers, and how many bytes all arrays take."""
    h5py = import_for_keras("h5py")
    sizes: list[int] = []

    def note(_name: str, item: Any) -> None:
        if isinstance(item, h5py.Group):
            links = item.id.links
            # Asked below h5py's own classes, which know nothing of links that users define.
            elsewhere = any(links.get_info(name).type != h5py.h5l.TYPE_HARD for name in item.id)
        else:
            elsewhere = isinstance(item, h5py.Dataset) and (item.external or item.is_virtual)
        sizes.append(getattr(item, "nbytes", 0))
        if len(sizes) > _MAX_OBJECTS:
            raise UnsupportedModel(path, "HDF5 of very many parts", f"at most {_MAX_OBJECTS:,}")
        if elsewhere:
            raise UnsupportedModel(
                path, "HDF5 that points elsewhere, perhaps to other files", "all in one file"
            )

    with h5py.File(BytesIO(data), "r") as file:
        note("/", file)
        file.visititems(note)
        _check_size(sum(sizes), path, max_bytes)
        config: str | bytes | None = file.attrs.get("model_config")
    return config, sum(sizes)


def _check_size(found: int, path: str, max_bytes: int) -> None:
    if found > max_bytes:
        raise UnsupportedModel(path, f"{found:,} bytes once unpacked", f"at most {max_bytes:,}")


def check_keras_config(text: str | bytes, path: str, held_bytes: int) -> None:
    """Make sure that a Keras configuration names built-in layers only, and no giants.

    Safe mode refuses most of the same, but what it covers has changed with each
    version of Keras, and was once nothing at all for HDF5 files.

    Args:
        text: the JSON of `config.json` or of the attribute `model_config`.
        path: only for the errors.
        held_bytes: of the weights that the file holds. One that declares more than it holds
            costs memory before anybody finds out.

    Raises:
        BrokenModel: no JSON.
        UnsupportedModel: a Lambda, a custom class, a layer that reads files, or far more weights
            than are there.
    """
    if len(text) > MAX_CONFIG:
        found = f"a configuration of {len(text):,} characters"
        raise UnsupportedModel(path, found, f"at most {MAX_CONFIG:,}")
    try:
        config = json.loads(text)
    except (ValueError, RecursionError):
        raise BrokenModel(path, "a configuration that is no JSON", "a Keras model") from None
    for part in _parts(config):
        # Keras writes a function as the class "function", with its name as the configuration.
        name = part.get("config") if part["class_name"] == "function" else part["class_name"]
        full = f"{part['module']}.{name}" if part.get("module") is not None else str(name)
        if full.rsplit(".", 1)[-1] in _REFUSED:
            raise UnsupportedModel(path, f"{full}, which can run or read anything", NEEDED)
        registered = part.get("registered_name")
        named = isinstance(registered, str) and ">" in registered
        if named or "." in str(name) or not _is_built_in(part.get("module")):
            raise UnsupportedModel(path, f"custom code: {registered if named else full}", NEEDED)

    declared, allowed = _count_weights(config), max(_FREE_WEIGHTS, held_bytes)
    if declared > allowed:
        found = f"layers of {declared:,} weights, and {held_bytes:,} bytes of them"
        raise UnsupportedModel(path, found, f"at most {allowed:,}")


def _count_weights(config: Any) -> int:
    """Count what full connections between each layer and the next take: a lower bound, roughly."""
    inside = (part["config"] for part in _parts(config) if isinstance(part.get("config"), dict))
    widths = [one[key] for one in inside for key in ("units", "filters") if key in one]
    known = [1, *(width for width in widths if isinstance(width, int) and width > 0), 1]
    return sum(one * other for one, other in pairwise(known))


def _is_built_in(module: object) -> bool:
    if module in (None, "keras", "builtins"):  # the last one is where Keras says functions are
        return True
    inside = str(module).removeprefix("keras.").removeprefix("src.")
    return str(module).startswith("keras.") and inside.split(".")[0] in _ROOMS


def modernize_config(text: str | bytes) -> str | None:
    """Rewrite what Keras 2 wrote and Keras 3 reads wrongly: where a Sequential begins.

    Up to Keras 2.2 its layers stood in a bare list, and the input's shape in the first
    layer, from where Keras 3 takes it with the batch counted as one more dimension.

    Args:
        text: the JSON of the attribute `model_config`, already checked.

    Returns:
        The JSON that says the same to Keras 3; None where nothing has to change.
    """
    model = json.loads(text)
    if not isinstance(model, dict) or model.get("class_name") != "Sequential":
        return None
    if isinstance(model.get("config"), list):
        model["config"] = {"name": "sequential", "layers": model["config"]}
    layers = model.get("config", {}).get("layers", [])
    shapes = [layer["config"].pop("batch_input_shape", None) for layer in layers[:2]]
    if shapes and layers[0]["class_name"] == "InputLayer":
        layers[0]["config"]["batch_shape"] = shapes[0] or layers[0]["config"].get("batch_shape")
    elif shapes and shapes[0]:
        source = {"batch_shape": shapes[0], "dtype": "float32", "name": "samples"}
        layers.insert(0, {"class_name": "InputLayer", "config": source})
    return json.dumps(model) if any(shapes) else None


def _parts(config: Any) -> Iterator[dict[str, Any]]:
    """Give every object of the configuration that names a class, at any depth."""
    pending = [config]
    while pending:
        value = pending.pop()
        if isinstance(value, dict):
            pending.extend(value.values())
            if isinstance(value.get("class_name"), str):
                yield value
        elif isinstance(value, list):
            pending.extend(value)
