"""Custom code in a Keras configuration is found without Keras, at any depth."""

import json
from typing import Any

import pytest

from inkdigits.errors import BrokenModel, UnsupportedModel
from inkdigits.model.keras_file import check_keras_config, modernize_config

DENSE = {
    "module": "keras.layers",
    "class_name": "Dense",
    "config": {"units": 10, "kernel_initializer": {"class_name": "GlorotUniform", "config": {}}},
    "registered_name": None,
}


def model_of(*layers: Any) -> str:
    return json.dumps({"class_name": "Sequential", "config": {"layers": list(layers)}})


def nested(layer: Any) -> Any:
    return {"class_name": "Functional", "config": {"layers": [layer]}}


def test_built_in_layers_pass() -> None:
    old = {"class_name": "Dense", "config": {"activation": "sigmoid"}}
    inner = {"module": "keras.src.models.functional", "class_name": "Functional", "config": {}}
    relu = {"module": "builtins", "class_name": "function", "config": "relu"}
    older = {"module": "keras.src.engine.functional", "class_name": "Functional", "config": {}}
    check_keras_config(model_of(DENSE, old, nested(DENSE), inner, relu, older), "x", 0)


@pytest.mark.parametrize(
    ("layer", "found"),
    [
        ({"class_name": "Lambda", "config": {}}, "Lambda"),
        ({"module": "keras.layers", "class_name": "Lambda", "config": {}}, "Lambda"),
        ({"class_name": "__lambda__", "config": {"value": "4wEA"}}, "__lambda__"),
        ({"class_name": "TFSMLayer", "config": {"filepath": "/evil"}}, "TFSMLayer"),
        ({"class_name": "StringLookup", "config": {"vocabulary": "/etc"}}, "StringLookup"),
        ({"module": "os", "class_name": "system", "config": "true"}, r"os\.system"),
        ({"module": "keras_evil", "class_name": "A", "config": {}}, "keras_evil"),
        ({"class_name": "A", "registered_name": "mine>A", "config": {}}, "mine>A"),
        ({"module": "keras", "class_name": "layers.TFSMLayer", "config": {}}, "TFSMLayer"),
        ({"module": "keras", "class_name": "utils.get_file", "config": {}}, r"utils\.get_file"),
        ({"class_name": "a.b", "config": {}}, r"a\.b"),
        ({"module": "keras.utils", "class_name": "get_file", "config": {}}, "get_file"),
        ({"module": "keras.src.utils.file_utils", "class_name": "A", "config": {}}, "file_utils"),
        ({"module": "keras.utils", "class_name": "function", "config": "get_file"}, "get_file"),
        ({"module": "builtins", "class_name": "function", "config": "a.get_file"}, "get_file"),
        ({"module": ["keras"], "class_name": "A", "config": {}}, "keras"),
        ({**DENSE, "config": {"activation": {"class_name": "__lambda__"}}}, "__lambda__"),
    ],
)
def test_code_of_its_own_is_refused(layer: Any, found: str) -> None:
    for text in (model_of(layer), model_of(DENSE, nested(nested(layer)))):
        with pytest.raises(UnsupportedModel, match=found):
            check_keras_config(text, "x", 0)


@pytest.mark.parametrize("text", ["", "{", b"\xff", "[" * 100_000])
def test_what_is_no_json_is_broken(text: str | bytes) -> None:
    with pytest.raises(BrokenModel, match="no JSON"):
        check_keras_config(text, "x", 0)


def dense(units: object) -> dict[str, Any]:
    return {"class_name": "Dense", "config": {"units": units}}


def test_more_weights_than_the_file_holds_are_refused() -> None:
    wide = model_of(*[dense(4000)] * 10)
    for text in (wide, model_of(dense(10), dense(10**9)), model_of(nested(dense(10**9)))):
        with pytest.raises(UnsupportedModel, match=r"layers of [\d,]+ weights, and 40 bytes"):
            check_keras_config(text, "x", 40)
    check_keras_config(wide, "x", 4 * 9 * 4000**2)


@pytest.mark.parametrize("units", ["many", None, -(10**12), 1.5, [10**12]])
def test_a_width_that_is_none_is_left_to_keras(units: object) -> None:
    check_keras_config(model_of(dense(units), dense(10)), "x", 0)


def test_a_configuration_too_large_is_not_parsed() -> None:
    with pytest.raises(UnsupportedModel, match="a configuration of 4,000,001 characters"):
        check_keras_config("[" * 4_000_001, "x", 0)


def test_only_what_is_old_is_rewritten() -> None:
    assert modernize_config(model_of(DENSE)) is None
    assert modernize_config(json.dumps(nested(DENSE))) is None


def test_an_input_shape_in_the_first_layer_becomes_an_input_layer() -> None:
    first = {"class_name": "Dense", "config": {"units": 8, "batch_input_shape": [None, 784]}}
    text = modernize_config(json.dumps({"class_name": "Sequential", "config": [first, DENSE]}))
    assert text is not None
    layers = json.loads(text)["config"]["layers"]
    assert [layer["class_name"] for layer in layers] == ["InputLayer", "Dense", "Dense"]
    assert layers[0]["config"]["batch_shape"] == [None, 784]
    assert layers[1]["config"] == {"units": 8}
