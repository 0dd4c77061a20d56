import base64
import contextlib
import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inkdigits.errors import InferenceError, InkdigitsError, SampleError
from inkdigits.service.infer_models import OUTPUTS
from inkdigits.service.infer_request import (
    MAX_JSON_BYTES,
    MAX_PICTURES,
    MAX_SAMPLES,
    InferRequest,
    json_bytes,
    read_request,
)
from inkdigits.service.tensors import to_binary

PICTURE = b"\x89PNG, perhaps"
TEXT = base64.b64encode(PICTURE).decode()
IMAGE: dict[str, Any] = {"name": "image", "shape": [1], "datatype": "BYTES", "data": [TEXT]}
ZEROS = [0.0] * 784
SAMPLE = {"name": "sample", "shape": [1, 28, 28], "datatype": "FP32", "data": ZEROS}


def _ask(tensor: Any, binary: bytes = b"", **more: Any) -> InferRequest:
    head = json.dumps({"inputs": [tensor], **more}).encode()
    return read_request(head + binary, str(len(head)) if binary else None)


def _behind(tensor: dict[str, Any], size: int, **more: Any) -> dict[str, Any]:
    known = {key: value for key, value in tensor.items() if key != "data"}
    return {**known, "parameters": {"binary_data_size": size}, **more}


def test_a_picture_in_json() -> None:
    asked = _ask(IMAGE, id="42")
    assert (asked.pictures, asked.samples, asked.id) == ([PICTURE], None, "42")
    assert asked.outputs == dict.fromkeys(OUTPUTS, False)


def test_pictures_in_binary() -> None:
    data = to_binary([PICTURE, b"x"])
    for shape in ([2], [2, 1]):
        asked = _ask(_behind(IMAGE, len(data), shape=shape), data)
        assert asked.pictures == [PICTURE, b"x"]


def test_a_body_that_is_one_picture() -> None:
    asked = read_request(PICTURE, "0")
    assert (asked.pictures, asked.id, len(asked.outputs)) == ([PICTURE], None, 4)


@pytest.mark.parametrize("binary", [False, True])
@pytest.mark.parametrize("shape", [[2, 28, 28], [2, 784], [2, 28, 28, 1], [2, 1, 28, 28]])
def test_samples_of_floats(shape: list[int], *, binary: bool) -> None:
    values = np.linspace(0, 1, 2 * 784, dtype=np.float32)
    tensor = {"name": "sample", "shape": shape, "datatype": "FP32", "data": values.tolist()}
    data = values.tobytes() if binary else b""
    asked = _ask(_behind(tensor, len(data)) if binary else tensor, data)
    assert asked.samples is not None
    np.testing.assert_array_equal(asked.samples, values.reshape(2, 28, 28))
    assert not asked.pictures


def test_samples_of_bytes_are_ink_at_255() -> None:
    values = np.arange(784, dtype=np.uint8)
    asked = _ask(_behind(SAMPLE, 784, datatype="UINT8"), values.tobytes())
    assert asked.samples is not None
    assert asked.samples.dtype == np.float32
    np.testing.assert_allclose(asked.samples.ravel(), values / 255, rtol=1e-6)


@pytest.mark.parametrize("worst", [1.5, -0.1, 1e300, 255])
def test_samples_out_of_range_are_no_samples(worst: float) -> None:
    with pytest.raises(SampleError):
        _ask({**SAMPLE, "data": [worst, *ZEROS[1:]]})


def test_wanted_outputs_keep_their_order_and_kind() -> None:
    wanted = [{"name": "accepted", "parameters": {"binary_data": False}}, {"name": "digit"}]
    asked = _ask(IMAGE, outputs=wanted, parameters={"binary_data_output": True})
    assert list(asked.outputs.items()) == [("accepted", False), ("digit", True)]
    everything = _ask(IMAGE, parameters={"binary_data_output": True, "priority": 3})
    assert everything.outputs == dict.fromkeys(OUTPUTS, True)


@pytest.mark.parametrize(
    "more",
    [
        {"outputs": [{"name": "digits"}]},
        {"outputs": [{"name": "digit"}, {"name": "digit"}]},
        {"outputs": [{"name": "probabilities", "parameters": {"classification": 3}}]},
        {"outputs": [{"name": "digit", "parameters": {"shared_memory_region": "x"}}]},
        {"outputs": [{"name": "digit", "parameters": {"binary_data": 1}}]},
        {"parameters": {"binary_data_output": "yes"}},
        {"id": 42},
        {"inputs": []},
        {"inputs": [IMAGE, SAMPLE]},
        {"inputs": [{"name": "image"}]},
        {"inputs": {}},
    ],
    ids=json.dumps,
)
def test_requests_that_do_not_hold_together_are_refused(more: dict[str, Any]) -> None:
    with pytest.raises(InferenceError):
        _ask(IMAGE, **more)


@pytest.mark.parametrize(
    "change",
    [
        {"datatype": "FP32"},
        {"shape": []},
        {"shape": [0], "data": []},
        {"shape": [-1]},
        {"shape": [1.0]},
        {"shape": [True]},
        {"shape": [2**64]},
        {"shape": [1, 2]},
        {"shape": [2]},
        {"shape": [MAX_PICTURES + 1], "data": [""] * (MAX_PICTURES + 1)},
        {"data": None},
        {"parameters": {"shared_memory_region": "x"}},
        {"parameters": {"binary_data_size": 5}},
    ],
    ids=lambda change: json.dumps(change)[:60],
)
def test_pictures_that_are_not_as_said_are_refused(change: dict[str, Any]) -> None:
    with pytest.raises(InferenceError):
        _ask({**IMAGE, **change})


@pytest.mark.parametrize("size", [0, 783, 785, "784", True, 784.0, None])
def test_binary_data_must_be_as_long_as_said(size: Any) -> None:
    with pytest.raises(InferenceError):
        _ask(_behind(SAMPLE, size, datatype="UINT8"), bytes(784))
    with pytest.raises(InferenceError, match="both"):
        _ask(_behind(SAMPLE, 784, datatype="UINT8", data=ZEROS), bytes(784))


def test_too_many_samples_are_refused_before_they_are_read() -> None:
    shape = [MAX_SAMPLES + 1, 28, 28]
    with pytest.raises(InferenceError, match="1 to 1,024"):
        _ask(_behind(SAMPLE, 1, shape=shape), b"x")


def test_how_much_is_json_is_known_before_anything_is_parsed() -> None:
    assert [json_bytes(b"12345", length) for length in (None, "0", "3", "5")] == [5, 0, 3, 5]
    assert [json_bytes(b"12345", length) for length in ("6", "x", "-3")] == [6, 6, 6]


@pytest.mark.parametrize("length", ["-1", "many", "1e3", "99", "9" * 50, "", "٣"])
def test_a_length_that_is_none_is_refused(length: str) -> None:
    with pytest.raises(InferenceError, match="Inference-Header-Content-Length"):
        read_request(b"{}", length)


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"null", b"\xff", b'{"inputs":', b"[" * 100_000, b'{"inputs": [NaN]}']
)
def test_what_is_no_json_object_is_refused(body: bytes) -> None:
    with pytest.raises(InferenceError, match="Open Inference Protocol"):
        read_request(body, None)


def test_json_of_any_length_is_not_parsed() -> None:
    with pytest.raises(InferenceError, match="binary"):
        read_request(b" " * (MAX_JSON_BYTES + 1), None)


@given(st.recursive(st.none() | st.booleans() | st.floats() | st.text(max_size=5), st.lists))
def test_any_data_only_our_errors_come_out(data: Any) -> None:
    for tensor in (IMAGE, SAMPLE):
        with contextlib.suppress(InkdigitsError):
            _ask({**tensor, "data": data})


@pytest.mark.parametrize("name", ["image", "sample", "img", "input-0", ""])
@pytest.mark.parametrize("shape", [[28, 28], [784], [1, 28, 28], [1, 28, 28, 1], [1, 1, 28, 28]])
@pytest.mark.parametrize("datatype", ["FP32", "FP64", "UINT8"])
def test_the_datatype_tells_samples_whatever_they_are_called(
    name: str, shape: list[int], datatype: str
) -> None:
    full = 255 if datatype == "UINT8" else 1.0
    data = np.where(np.arange(784) % 2, full, 0).tolist()
    asked = _ask({"name": name, "shape": shape, "datatype": datatype, "data": data})
    assert asked.samples is not None
    np.testing.assert_array_equal(asked.samples.ravel(), np.arange(784) % 2)


def test_the_datatype_tells_pictures_whatever_they_are_called() -> None:
    assert _ask({**IMAGE, "name": "input-0"}).pictures == [PICTURE]
    with pytest.raises(InferenceError, match="BYTES for image"):
        read_request(json.dumps({"inputs": [SAMPLE]}).encode(), None, "numbers")


@pytest.mark.parametrize(
    "shape", [[280, 280], [1, 3, 28, 28], [28, 28, 1], [0, 28, 28], [1025, 784]]
)
def test_a_shape_of_no_samples_is_told_which_there_are(shape: list[int]) -> None:
    with pytest.raises(InferenceError, match=r"\(N, 1, 28, 28\)"):
        _ask({**SAMPLE, "shape": shape})
