"""Keras files that name other files are refused before Keras sees them, wherever they do it."""

import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

import pytest

from inkdigits.errors import MissingExtra, UnsupportedModel
from inkdigits.model import keras_file
from inkdigits.model.keras_file import import_for_keras, read_keras_config

h5py = pytest.importorskip("h5py")
CONFIG = json.dumps({"class_name": "Sequential", "config": {"layers": []}})
LIMIT = 1 << 20


def hdf5(change: Callable[[Any], None], config: str | None = CONFIG) -> bytes:
    stream = io.BytesIO()
    with h5py.File(stream, "w") as file:
        file.create_group("layers/dense").create_dataset("kernel", data=[1.0, 2.0])
        change(file)
        if config is not None:
            file.attrs["model_config"] = config
    return stream.getvalue()


def zipped(weights: bytes, **more: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("config.json", CONFIG)
        archive.writestr("model.weights.h5", weights)
        for name, content in more.items():
            archive.writestr(name, content)
    return stream.getvalue()


def read(data: bytes, max_bytes: int = LIMIT) -> str | bytes:
    is_hdf5 = data.startswith(b"\x89HDF")
    return read_keras_config(data, "x", hdf5=is_hdf5, max_bytes=max_bytes)


def external_link(file: Any) -> None:
    file["layers/dense/bias"] = h5py.ExternalLink("/etc/other.h5", "/w")


def soft_link(file: Any) -> None:
    file["layers/bias"] = h5py.SoftLink("/layers/dense/kernel")


def external_values(file: Any) -> None:
    file.create_dataset("layers/stolen", (10,), "u1", external=[("/etc/passwd", 0, 10)])


def virtual_values(file: Any) -> None:
    layout = h5py.VirtualLayout((2,), "f8")
    layout[:] = h5py.VirtualSource("/etc/other.h5", "w", (2,))
    file.create_virtual_dataset("layers/stolen", layout)


WAYS = [external_link, soft_link, external_values, virtual_values]


def test_a_file_complete_in_itself_gives_its_configuration() -> None:
    def hard_link(file: Any) -> None:
        file["again"] = file["layers/dense/kernel"]  # the same array by two names: no other file

    assert read(hdf5(hard_link)) == CONFIG
    assert read(zipped(hdf5(hard_link))) == CONFIG.encode()


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_hdf5_that_names_other_files_is_refused(way: Callable[[Any], None]) -> None:
    for data in (hdf5(way), zipped(hdf5(way, None))):
        with pytest.raises(UnsupportedModel, match="HDF5 that points elsewhere"):
            read(data)


def test_a_kind_of_link_that_nobody_knows_is_refused() -> None:
    data = hdf5(external_link)
    # The one byte before a link's name that holds 64 is the kind, and 64 is "external".
    at = data.rindex(b"\x40", 0, data.index(b"\x04bias"))
    unknown = data[:at] + b"\xfe" + data[at + 1 :]  # the last of the kinds that users may define
    with h5py.File(io.BytesIO(unknown), "r") as file:
        group = file["layers/dense"].id
        assert group.links.get_info(b"bias").type == 254
    with pytest.raises(UnsupportedModel, match="HDF5 that points elsewhere"):
        read(unknown)


@pytest.mark.parametrize("name", ["model.weights.npz", "assets/words.txt", "../evil"])
def test_what_a_model_of_digits_has_no_use_for_is_refused(name: str) -> None:
    with pytest.raises(UnsupportedModel, match="an archive that holds"):
        read(zipped(hdf5(lambda _: None), **{name: "x"}))


def test_weights_alone_are_no_model() -> None:
    with pytest.raises(UnsupportedModel, match="without the model"):
        read(hdf5(lambda _: None, None))


def test_what_unpacks_too_large_is_refused() -> None:
    def large(file: Any) -> None:
        file.create_dataset("zeros", (LIMIT,), "u1", compression="gzip")

    for data in (hdf5(large), zipped(hdf5(large))):
        with pytest.raises(UnsupportedModel, match="once unpacked"):
            read(data, LIMIT // 2)


def test_very_many_parts_are_not_walked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keras_file, "_MAX_OBJECTS", 3)
    with pytest.raises(UnsupportedModel, match="HDF5 of very many parts"):
        read(hdf5(lambda _: None))


def test_a_library_that_is_missing_names_its_extra() -> None:
    with pytest.raises(MissingExtra, match=r"needs the library 'nosuchlibrary'"):
        import_for_keras("nosuchlibrary")
