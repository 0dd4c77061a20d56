"""The bytes of a Keras file in → its configuration out; refused, where they name other files.

HDF5 can take a group or the values of an array from any other file of this machine. Not every
version of Keras looks for that, so all of it is walked here before Keras sees it.
"""

import importlib
import zipfile
from io import BytesIO
from typing import Any

from inkdigits.errors import BrokenModel, InkdigitsError, MissingExtra, UnsupportedModel
from inkdigits.model.base import shorten
from inkdigits.model.keras_config import check_keras_config

WHOLE = "a whole model, as model.save writes it"
_MAX_OBJECTS = 20_000  # arrays and groups: a thousand layers, and a second or two to walk them
_WEIGHTS = "model.weights.h5"
_MEMBERS = {"config.json", "metadata.json", _WEIGHTS}


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
