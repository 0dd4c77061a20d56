"""The bytes of a Keras file in → a network. With `training`, the home of Keras.

Keras goes by the name of a file; here the content decides, so the bytes go to a
temporary file whose name is true. Nothing is ever compiled: a model is only read
with, and the loss that old files carry is refused by Keras 3.
"""

import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inkdigits.errors import BrokenModel, UnsupportedModel
from inkdigits.model.base import NEEDED_SHAPE, find_layout, shorten
from inkdigits.model.keras_file import (
    WHOLE,
    import_for_keras,
    modernize_config,
    read_keras_config,
)


@dataclass(frozen=True, slots=True)
class KerasNetwork:
    """A network that Keras runs, on whichever backend is set up."""

    input_shape: tuple[int, ...]
    model: Any
    to_numpy: Callable[[Any], NDArray[Any]]

    def run(self, batch: NDArray[np.float32]) -> NDArray[np.float32]:
        """Answer a batch: (N, *input_shape) → whatever the file answers; N at least 1."""
        # A call, not `predict`, which costs some 50 ms each time.
        return np.asarray(self.to_numpy(self.model(batch, training=False)), dtype=np.float32)


def open_keras(data: bytes, path: str, *, hdf5: bool, max_bytes: int) -> KerasNetwork:
    """Open a Keras 3 zip or an HDF5 file; arguments and errors as of `read_keras_config`.

    Raises:
        MissingExtra: Keras or its backend is not installed.
        UnsupportedModel: another input or output.
    """
    config = read_keras_config(data, path, hdf5=hdf5, max_bytes=max_bytes)
    # TensorFlow writes banners to standard error unless told before its import.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    keras = import_for_keras("keras")
    try:
        model = _load(keras, data, modernize_config(config) if hdf5 else None, hdf5=hdf5)
    except Exception as error:  # noqa: BLE001 a damaged file fails anywhere inside Keras
        raise BrokenModel(path, f"Keras refuses it: {shorten(error)}", WHOLE) from None
    inputs, outputs = getattr(model, "inputs", None), getattr(model, "outputs", None)
    if not inputs or not outputs:
        raise UnsupportedModel(path, "a model that was never built", NEEDED_SHAPE)
    layout = find_layout([one.shape for one in inputs], len(outputs), path)
    return KerasNetwork(layout, model, keras.ops.convert_to_numpy)


def _load(keras: Any, data: bytes, config: str | None, *, hdf5: bool) -> Any:
    with tempfile.TemporaryDirectory(prefix="inkdigits-") as folder:
        true_name = Path(folder) / ("model.h5" if hdf5 else "model.keras")
        true_name.write_bytes(data)
        if config is not None:
            with import_for_keras("h5py").File(true_name, "r+") as file:
                file.attrs["model_config"] = config
        return keras.saving.load_model(true_name, compile=False, safe_mode=True)
