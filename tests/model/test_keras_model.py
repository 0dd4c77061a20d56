"""Keras files of both kinds are read, never compiled; damaged ones are one clear error."""

import io
import json
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from inkdigits.errors import BrokenModel, MissingExtra, UnsupportedModel
from inkdigits.model.keras_model import KerasNetwork, open_keras

# Keras reads its own variables with the array protocol of NumPy 1, and closes files late.
pytestmark = [
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]
Array = NDArray[np.float32]
Build = Callable[..., Any]
LIMIT = 1 << 24


@pytest.fixture
def build(keras: Any) -> Build:
    """A classic network, small: sigmoid, softmax, compiled as the classic system does."""

    def build(shape: tuple[int, ...] = (784,), classes: int = 10) -> Any:
        keras.utils.set_random_seed(3)
        layers = [keras.Input(shape), keras.layers.Flatten()] if len(shape) > 1 else []
        model = keras.Sequential(layers or [keras.Input(shape)])
        model.add(keras.layers.Dense(8, activation="sigmoid"))
        model.add(keras.layers.Dense(classes, activation="softmax"))
        model.compile(loss=keras.losses.SparseCategoricalCrossentropy(), optimizer="adam")
        return model

    return build


def opened(path: Path, max_bytes: int = LIMIT) -> KerasNetwork:
    data = path.read_bytes()
    hdf5 = data.startswith(b"\x89HDF")
    return open_keras(data, str(path), hdf5=hdf5, max_bytes=max_bytes)


def as_keras_2_wrote_it(path: Path, *, oldest: bool) -> None:
    """Turn an HDF5 file of Keras 3 into what Keras 2 wrote, down to its loss."""
    h5py = pytest.importorskip("h5py")
    with h5py.File(path, "r+") as file:
        config = json.loads(file.attrs["model_config"])
        parts = config["config"]
        parts.pop("build_input_shape")
        for key in ("trainable", "dtype"):
            parts.pop(key)
        source = parts["layers"][0]["config"]
        source["batch_input_shape"] = source.pop("batch_shape")
        source.pop("optional")
        for layer in parts["layers"][1:]:
            layer["config"] = _keras_2_values(layer["config"])
        parts["layers"][1]["config"]["batch_input_shape"] = source["batch_input_shape"]
        if oldest:  # before 2.2.3: no input layer, and a bare list
            config["config"] = parts["layers"][1:]
        file.attrs["model_config"] = json.dumps(config).encode()
        training = json.loads(file.attrs["training_config"])
        training["loss"] = {
            "class_name": "SparseCategoricalCrossentropy",
            "config": {"reduction": "auto", "name": "loss", "from_logits": False},
        }
        file.attrs["training_config"] = json.dumps(training).encode()
        file.attrs["keras_version"] = b"2.4.0"
        file.attrs["backend"] = b"tensorflow"


def _keras_2_values(config: dict[str, Any]) -> dict[str, Any]:
    old = {k: v for k, v in config.items() if k not in ("quantization_config", "build_config")}
    old["dtype"] = "float32"
    for key, value in old.items():
        if isinstance(value, dict):
            old[key] = {"class_name": value["class_name"], "config": {"seed": None}}
            if value["class_name"] == "Zeros":
                old[key]["config"] = {}
    return old


@pytest.mark.parametrize("name", ["m.keras", "m.h5"])
@pytest.mark.parametrize("shape", [(784,), (28, 28), (28, 28, 1)])
def test_both_formats_and_every_layout(
    build: Build, tmp_path: Path, samples: Array, shape: tuple[int, ...], name: str
) -> None:
    model, path = build(shape), tmp_path / name
    model.save(path)
    network = opened(path)
    assert network.input_shape == shape
    batch = samples.reshape(5, *shape)
    assert np.allclose(network.run(batch), model.predict(batch, verbose=0), atol=1e-6)
    assert not network.model.compiled


@pytest.mark.parametrize("oldest", [False, True])
def test_a_file_of_keras_2_that_keras_3_refuses(
    build: Build,
    tmp_path: Path,
    samples: Array,
    oldest: bool,  # noqa: FBT001 a parameter
) -> None:
    model, path = build(), tmp_path / "old.h5"
    model.save(path)
    as_keras_2_wrote_it(path, oldest=oldest)
    batch = samples.reshape(5, 784)
    path = path.rename(tmp_path / "MNIST_model.keras")  # and its name lies, too
    assert np.allclose(opened(path).run(batch), model.predict(batch, verbose=0), atol=1e-6)


@pytest.mark.filterwarnings("ignore:Do not pass an `input_shape`:UserWarning")
def test_the_loss_of_keras_2_is_what_keras_3_refuses(
    keras: Any, build: Build, tmp_path: Path
) -> None:
    # Shows that the file above is as bad as the real ones: compiling it fails.
    path = tmp_path / "old.h5"
    build().save(path)
    as_keras_2_wrote_it(path, oldest=False)
    with pytest.raises(ValueError, match="auto"):
        keras.saving.load_model(path)


@pytest.mark.parametrize("name", ["m.keras", "m.h5"])
def test_a_lambda_is_refused(keras: Any, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    twice = keras.layers.Lambda(lambda x: x * 2)
    keras.Sequential([keras.Input((784,)), twice, keras.layers.Dense(10)]).save(path)
    with pytest.raises(UnsupportedModel, match="Lambda"):
        opened(path)


@pytest.mark.parametrize("name", ["m.keras", "m.h5"])
def test_an_input_of_another_shape_is_named(build: Build, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    build((32, 32)).save(path)
    with pytest.raises(UnsupportedModel, match=r"shape \(None, 32, 32\)") as error:
        opened(path)
    assert error.value.path == str(path)


def test_two_inputs_are_refused(keras: Any, tmp_path: Path) -> None:
    path = tmp_path / "two.keras"
    inputs = [keras.Input((784,)), keras.Input((784,))]
    joined = keras.layers.Add()(inputs)
    keras.Model(inputs, keras.layers.Dense(10)(joined)).save(path)
    with pytest.raises(UnsupportedModel, match="2 inputs"):
        opened(path)


def test_a_model_that_was_never_built_is_refused(keras: Any, tmp_path: Path) -> None:
    path = tmp_path / "unbuilt.keras"
    with pytest.warns(UserWarning, match="not yet been built"):
        keras.Sequential([keras.layers.Dense(10)]).save(path)
    with pytest.raises(UnsupportedModel, match="never built"):
        opened(path)


def test_weights_alone_are_no_model(build: Build, tmp_path: Path) -> None:
    path = tmp_path / "m.weights.h5"
    build().save_weights(path)
    with pytest.raises(UnsupportedModel, match="without the model"):
        opened(path)


@pytest.mark.parametrize("name", ["m.keras", "m.h5"])
def test_a_damaged_file_is_one_line(build: Build, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    build().save(path)
    data = path.read_bytes()
    for broken in (data[: len(data) // 2], data[:2000] + bytes(500) + data[2500:]):
        path.write_bytes(broken)
        with pytest.raises(BrokenModel) as error:
            opened(path)
        assert str(error.value).startswith(str(path))
        assert "\n" not in str(error.value)


@pytest.mark.parametrize("name", ["m.keras", "m.h5"])
def test_what_unpacks_too_large_is_refused(build: Build, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    build().save(path)
    with pytest.raises(UnsupportedModel, match="once unpacked"):
        opened(path, max_bytes=1000)


def test_hdf5_that_points_to_other_files_is_refused(build: Build, tmp_path: Path) -> None:
    h5py = pytest.importorskip("h5py")
    path = tmp_path / "m.h5"
    build().save(path)
    with h5py.File(path, "r+") as file:
        file.create_dataset("stolen", (10,), "u1", external=[("/etc/passwd", 0, 10)])
    with pytest.raises(UnsupportedModel, match="other files"):
        opened(path)


@pytest.mark.parametrize("hdf5", [True, False])
def test_without_keras_the_extra_is_named(monkeypatch: pytest.MonkeyPatch, hdf5: bool) -> None:  # noqa: FBT001 a parameter
    h5py = pytest.importorskip("h5py")
    stream = io.BytesIO()
    if hdf5:
        with h5py.File(stream, "w") as file:
            file.attrs["model_config"] = "{}"
    else:
        with zipfile.ZipFile(stream, "w") as archive:
            archive.writestr("config.json", "{}")
    monkeypatch.setitem(sys.modules, "keras", None)
    with pytest.raises(MissingExtra, match=r"pip install 'inkdigits\[train\]'"):
        open_keras(stream.getvalue(), "m.keras", hdf5=hdf5, max_bytes=LIMIT)
