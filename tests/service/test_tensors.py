import base64
import struct
import time
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inkdigits.errors import InferenceError
from inkdigits.service.tensors import from_binary, from_json, to_binary


def _array(datatype: str, shape: list[int], data: Any) -> np.ndarray[Any, Any]:
    values = from_json(datatype, shape, data)
    assert isinstance(values, np.ndarray)
    return values


def test_bytes_are_lengths_and_contents() -> None:
    """By hand: the example of the specification, two elements of 2 and 0 bytes."""
    assert from_binary("BYTES", [2], b"\2\0\0\0ab\0\0\0\0") == [b"ab", b""]
    assert to_binary([b"ab", b""]) == b"\2\0\0\0ab\0\0\0\0"


@given(st.lists(st.binary(max_size=50), max_size=20))
def test_bytes_come_back(elements: list[bytes]) -> None:
    assert from_binary("BYTES", [len(elements)], to_binary(elements)) == elements


@given(st.binary(max_size=60), st.integers(0, 8))
def test_any_bytes_are_read_or_refused(data: bytes, count: int) -> None:
    try:
        elements = from_binary("BYTES", [count], data)
    except InferenceError:
        return
    assert isinstance(elements, list)
    assert to_binary(elements) == data


@pytest.mark.parametrize(
    ("count", "data"),
    [
        (1, b""),
        (1, b"\1\0\0"),
        (1, b"\2\0\0\0a"),
        (1, b"\xff\xff\xff\xffa"),
        (1, b"\0\0\0\0\0"),
        (2, b"\0\0\0\0"),
        (1, b"\0\0\0\0\0\0\0\0"),
        (2**31, b"\0\0\0\0"),
    ],
)
def test_bytes_that_do_not_add_up_are_refused(count: int, data: bytes) -> None:
    with pytest.raises(InferenceError, match=r"element|bytes"):
        from_binary("BYTES", [count], data)


def test_numbers_are_little_endian_and_row_by_row() -> None:
    values = from_binary("FP32", [2, 2], struct.pack("<4f", 1, 2, 3, 4))
    np.testing.assert_array_equal(values, [[1, 2], [3, 4]])
    assert from_binary("UINT8", [2], b"\0\xff").tolist() == [0, 255]  # type: ignore[union-attr]


@pytest.mark.parametrize("size", [0, 3, 5, 400])
def test_too_few_or_too_many_bytes_are_refused(size: int) -> None:
    with pytest.raises(InferenceError, match="4 for its shape"):
        from_binary("UINT8", [2, 2], bytes(size))


@pytest.mark.parametrize("data", [[1, 2, 3, 4], [[1, 2], [3, 4]]])
@pytest.mark.parametrize("datatype", ["FP32", "UINT8"])
def test_json_may_be_flat_or_nested(data: Any, datatype: str) -> None:
    values = _array(datatype, [2, 2], data)
    np.testing.assert_array_equal(values, [[1, 2], [3, 4]])
    assert values.dtype == {"FP32": "f4", "UINT8": "u1"}[datatype]


@pytest.mark.parametrize(
    "data",
    [
        None,
        {},
        "1234",
        [1, 2, 3],
        [[1], [2], [3], [4]],
        [[1, 2], [3]],
        [[1, 2, 3, 4]],
        [1, 2, 3, {}],
        [1, 2, 3, "x"],
        [[[[[1, 2, 3, 4]]]]],
        [[1, 2], [3, [4]]],
        [[1, 2], 3, 4],
        [[], [], [], []],
        [[], []],
        [],
        [10**400, 0, 0, 0],
    ],
)
def test_json_that_is_no_such_tensor_is_refused(data: Any) -> None:
    with pytest.raises(InferenceError):
        from_json("FP32", [2, 2], data)


@pytest.mark.parametrize("value", [-1, 256, 0.5, 1e300, None, float("nan")])
def test_a_value_that_is_no_byte_is_refused(value: Any) -> None:
    with pytest.raises(InferenceError, match="0 to 255"):
        from_json("UINT8", [2], [0, value])


def test_what_float32_cannot_hold_becomes_infinite_without_a_word() -> None:
    assert np.isinf(_array("FP32", [1], [1e300])).all()


def test_a_million_empty_lists_are_refused_quickly() -> None:
    data: list[Any] = [[] for _ in range(1_000_000)]
    start_s = time.process_time()
    for shape in ([1_000_000], [1, 1_000_000], [1_000_000, 28]):
        with pytest.raises(InferenceError):
            from_json("FP32", shape, data)
    assert time.process_time() - start_s < 1


def test_one_long_text_among_many_does_not_cost_gigabytes() -> None:
    """NumPy gives every text of an array the room of the longest."""
    with pytest.raises(InferenceError):
        from_json("FP32", [100_001], ["x" * 1_000_000] + [""] * 100_000)


def test_pictures_in_json_are_base64() -> None:
    text = base64.b64encode(b"\x89PNG").decode()
    assert from_json("BYTES", [2], [text, ""]) == [b"\x89PNG", b""]
    assert from_json("BYTES", [2, 1], [[text], [""]]) == [b"\x89PNG", b""]


@pytest.mark.parametrize("data", [["x"], ["€"], ["AA=A"], [7], [None], [["AA=="], ["AA=="]], []])
def test_text_that_is_no_base64_is_refused(data: Any) -> None:
    with pytest.raises(InferenceError):
        from_json("BYTES", [1], data)
