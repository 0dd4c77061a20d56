"""A path or a shipped name becomes a model, or one clear error."""

import dataclasses
import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.golden.draw_known import draw

from inkdigits.errors import BrokenModel, ModelError, ModelNotFound, UnsupportedModel
from inkdigits.model import loading
from inkdigits.model.card import Card, card_path, write_card
from inkdigits.model.loading import builtin_names, load_model
from inkdigits.model.onnx_file import check_onnx_file

from .conftest import need

Array = NDArray[np.float32]
Write = Callable[..., Path]


def write_beside(path: Path, **changes: Any) -> Card:
    """Write the card that fits the tiny file, or one that does not."""
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    card = Card("tiny", "3", 10, (784,), "logits", digest, temperature=1.5)
    card = dataclasses.replace(card, **changes)
    write_card(card, card_path(path))
    return card


def read_known(scale: int, polarity: str) -> Any:
    """An ONNX model that reads the known digits, laid out in one way alone: clipped templates."""
    onnx = need("onnx")
    helper, kinds = onnx.helper, onnx.TensorProto
    samples, digits = draw()
    flat = samples.reshape(-1, 784) / 255.0
    mean = np.stack([flat[digits == digit].mean(0) for digit in range(10)], 1)
    weights = (2 * mean / np.linalg.norm(mean, axis=0)).astype(np.float32)
    sign, shift = (-1.0, 1.0) if polarity == "dark_ink" else (1.0, 0.0)
    values = {"factor": sign / scale, "shift": shift, "low": 0.4, "high": 1.0}
    nodes = [
        helper.make_node("Mul", ["x", "factor"], ["scaled"]),
        helper.make_node("Add", ["scaled", "shift"], ["ink"]),
        helper.make_node("Sub", ["ink", "low"], ["dark"]),
        helper.make_node("Relu", ["dark"], ["seen"]),
        helper.make_node("Min", ["seen", "high"], ["clipped"]),
        helper.make_node("Flatten", ["clipped"], ["flat"]),
        helper.make_node("MatMul", ["flat", "w"], ["y"]),
    ]
    graph = helper.make_graph(
        nodes,
        "known",
        [helper.make_tensor_value_info("x", kinds.FLOAT, ("N", 28, 28))],
        [helper.make_tensor_value_info("y", kinds.FLOAT, ("N", 10))],
        [onnx.numpy_helper.from_array(weights, "w")]
        + [onnx.numpy_helper.from_array(np.float32(v), k) for k, v in values.items()],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


@pytest.mark.parametrize("name", ["tiny.onnx", "tiny.keras", "tiny"])
def test_a_file_without_a_card_gets_a_neutral_one_whatever_its_name(
    onnx_file: Write, samples: Array, expected: Array, name: str
) -> None:
    path = onnx_file(name)
    model = load_model(path)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    found = model.card.input_found  # its weights are random
    assert found.startswith("not known: at best it reads")
    assert model.card == Card("tiny", "0", 10, (784,), "logits", digest, input_found=found)
    assert (model.card.temperature, model.card.min_confidence) == (1.0, None)
    assert (model.card.max_not_a_digit, model.card.preprocessing) == (None, "line")
    assert np.allclose(model.logits(samples), expected, atol=1e-5)


@pytest.mark.parametrize(("scale", "polarity"), [(1, "dark_ink"), (255, "light_ink")])
def test_samples_reach_the_file_as_it_has_learned_them(
    tmp_path: Path, scale: int, polarity: str
) -> None:
    samples, digits = draw()
    path = tmp_path / "mine.onnx"
    path.write_bytes(read_known(scale, polarity).SerializeToString())
    model = load_model(path)
    assert (model.card.input_scale, model.card.polarity) == (scale, polarity)
    right = model.logits(samples.astype(np.float32) / 255).argmax(1) == digits
    assert right.mean() > 0.9
    write_beside(path, input_scale=1, polarity="light_ink", input_shape=(28, 28))
    assert load_model(path).card.input_found == ""  # a card knows better than whoever asks
    wrong = load_model(path).logits(samples / np.float32(255)).argmax(1) != digits
    assert wrong.mean() > 0.5


@pytest.mark.parametrize("classes", [10, 11])
@pytest.mark.parametrize("softmax", [True, False])
def test_classes_and_output_are_found(onnx_file: Write, classes: int, softmax: bool) -> None:  # noqa: FBT001 a parameter
    card = load_model(str(onnx_file(classes=classes, softmax=softmax))).card
    assert card.classes == classes
    assert card.output == ("probabilities" if softmax else "logits")


def test_probabilities_give_the_same_logits_but_for_a_shift(
    onnx_file: Write, samples: Array, expected: Array
) -> None:
    shift = load_model(onnx_file(softmax=True)).logits(samples) - expected
    assert np.allclose(shift, shift[:, :1], atol=1e-4)


def test_the_card_beside_the_file_is_used(onnx_file: Write) -> None:
    path = onnx_file()
    card = write_beside(path)
    assert load_model(path).card == card


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"sha256": "0" * 64}, "sha256"),
        ({"classes": 11}, "classes 10"),
        ({"input_shape": (28, 28)}, r"input_shape \(784,\)"),
        ({"output": "probabilities"}, "output logits"),
    ],
)
def test_a_file_that_is_not_what_its_card_says(
    onnx_file: Write, changes: dict[str, Any], found: str
) -> None:
    path = onnx_file()
    write_beside(path, **changes)
    with pytest.raises(BrokenModel, match=found) as error:
        load_model(path)
    assert error.value.path == str(path)


def test_a_damaged_card_is_not_passed_over(onnx_file: Write) -> None:
    path = onnx_file()
    card_path(path).write_text("{}")
    with pytest.raises(BrokenModel, match="no field 'classes'"):
        load_model(path)


@pytest.mark.parametrize("classes", [1, 9, 12])
def test_another_number_of_classes(onnx_file: Write, classes: int) -> None:
    with pytest.raises(UnsupportedModel, match=rf"shape \(8, {classes}\).*needed: \(N, 10\)"):
        load_model(onnx_file(classes=classes))


def test_nothing_there_lists_what_is_shipped(tmp_path: Path) -> None:
    with pytest.raises(ModelNotFound) as error:
        load_model(tmp_path / "none.onnx")
    assert error.value.path == str(tmp_path / "none.onnx")
    for name in builtin_names() or ["none in this installation"]:
        assert name in error.value.needed


def test_a_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelNotFound, match="a folder"):
        load_model(tmp_path)


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.onnx")
    with pytest.raises(ModelNotFound, match="no regular file"):
        load_model(tmp_path / "pipe.onnx")


def test_a_file_too_large_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.onnx"
    with path.open("wb") as file:
        file.truncate(loading.MAX_BYTES + 1)  # sparse: takes no room
    with pytest.raises(UnsupportedModel, match="at most 536,870,912"):
        load_model(path)


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b"", "empty"),
        (b"<html>404</html>", "HTML"),
        (b"just text", "text"),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "PNG"),
        (bytes(1000), "no ONNX model"),
        (b"PK\x03\x04" + bytes(50), "zip"),
    ],
)
def test_other_contents_are_one_clear_error(tmp_path: Path, data: bytes, found: str) -> None:
    path = tmp_path / "model.keras"
    path.write_bytes(data)
    with pytest.raises(ModelError, match=found) as error:
        load_model(path)
    assert str(error.value).startswith(f"{path}: ")


def test_the_runtimes_own_format_does_not_pass_as_an_empty_graph(tmp_path: Path) -> None:
    # A string of eight bytes, and an empty graph: to a reader of protobuf, this is ONNX.
    data = b"\x12\x08\x00\x00ORTM\x00\x00\x3a\x00"
    check_onnx_file(data, "x")
    path = tmp_path / "model.onnx"
    path.write_bytes(data)
    with pytest.raises(UnsupportedModel, match="ONNX Runtime's own format"):
        load_model(path)


def test_shipped_names_go_before_files(
    onnx_file: Write, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    shipped = onnx_file("digits.onnx")
    monkeypatch.setattr(loading, "_BUILTIN", tmp_path)
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    (folder / "digits").write_text("a file of that name")
    monkeypatch.chdir(folder)
    assert builtin_names() == ["digits"]
    assert load_model("digits").card.sha256 == hashlib.sha256(shipped.read_bytes()).hexdigest()


@pytest.mark.parametrize("name", builtin_names())
def test_every_shipped_model_loads_with_its_card(name: str, samples: Array) -> None:
    model = load_model(name)
    assert model.card.name == name
    assert model.card.licence
    assert model.logits(samples).shape == (5, model.card.classes)


@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")
def test_a_keras_file_becomes_a_model(keras: Any, tmp_path: Path, samples: Array) -> None:
    layers = [keras.Input((28, 28)), keras.layers.Flatten(), keras.layers.Dense(10, "softmax")]
    network = keras.Sequential(layers)
    network.save(tmp_path / "mine.keras")
    model = load_model(tmp_path / "mine.keras")
    assert model.card.output == "probabilities"
    expected = network.predict(samples, verbose=0)
    assert np.allclose(np.exp(model.logits(samples)), expected, atol=1e-6)
