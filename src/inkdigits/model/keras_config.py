"""What a Keras file says of its layers in → refused, where it brings code of its own."""

import json
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from inkdigits.errors import BrokenModel, UnsupportedModel

NEEDED = "built-in Keras layers only"
# They run stored code, or read a file that the configuration names.
_REFUSED = {
    "Lambda",
    "__lambda__",
    "TFSMLayer",
    "TorchModuleWrapper",
    "JaxLayer",
    "FlaxLayer",
    "StringLookup",
    "IntegerLookup",
    "TextVectorization",
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
