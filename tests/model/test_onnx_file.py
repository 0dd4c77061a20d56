"""ONNX files are checked before ONNX Runtime sees them; bytes that are none never crash."""

import contextlib
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inkdigits.errors import BrokenModel, UnsupportedModel
from inkdigits.model.onnx_file import check_onnx_file

Write = Callable[..., Any]


@pytest.mark.parametrize("domain", ["", "ai.onnx", "ai.onnx.ml", "com.microsoft"])
def test_a_file_of_known_operators_passes(onnx_file: Write, domain: str) -> None:
    check_onnx_file(onnx_file(domain=domain).read_bytes(), "x")


def test_foreign_operators_are_named(onnx_file: Write) -> None:
    with pytest.raises(UnsupportedModel, match=r"domain 'evil\.ops'"):
        check_onnx_file(onnx_file(domain="evil.ops").read_bytes(), "x")


def test_operators_that_the_file_itself_defines_pass(onnx_file: Write) -> None:
    onnx = pytest.importorskip("onnx")
    model = onnx.load(onnx_file(domain="own.ops"))
    body = [onnx.helper.make_node("Identity", ["a"], ["b"])]
    opsets = [onnx.helper.make_opsetid("", 17)]
    model.functions.append(
        onnx.helper.make_function("own.ops", "Identity", ["a"], ["b"], body, opsets)
    )
    check_onnx_file(model.SerializeToString(), "x")


def external(onnx: Any) -> Any:
    tensor = onnx.numpy_helper.from_array(np.zeros(3, np.float32), "w")
    tensor.ClearField("raw_data")
    tensor.data_location = onnx.TensorProto.EXTERNAL
    tensor.external_data.add(key="location", value="../../secret")
    return tensor


def test_weights_in_other_files_are_refused(onnx_file: Write) -> None:
    onnx = pytest.importorskip("onnx")
    model = onnx.load(onnx_file())
    model.graph.initializer.append(external(onnx))
    with pytest.raises(UnsupportedModel, match="weights in other files"):
        check_onnx_file(model.SerializeToString(), "x")


def test_other_files_are_found_in_the_depth_of_a_branch(onnx_file: Write) -> None:
    onnx = pytest.importorskip("onnx")
    model = onnx.load(onnx_file())
    constant = onnx.helper.make_node("Constant", [], ["c"], value=external(onnx))
    branch = onnx.helper.make_graph([constant], "branch", [], [])
    model.graph.node.append(
        onnx.helper.make_node("If", ["q"], ["r"], then_branch=branch, else_branch=branch)
    )
    with pytest.raises(UnsupportedModel, match="weights in other files"):
        check_onnx_file(model.SerializeToString(), "x")


@pytest.mark.parametrize("keep", [0.1, 0.5, 0.99])
def test_a_file_cut_short_is_broken(onnx_file: Write, keep: float) -> None:
    data = onnx_file().read_bytes()
    with pytest.raises(BrokenModel, match="damaged"):
        check_onnx_file(data[: int(len(data) * keep)], "x")


@given(st.binary(max_size=300))
def test_any_bytes_pass_or_are_a_clear_error(data: bytes) -> None:
    passed = False
    with contextlib.suppress(BrokenModel, UnsupportedModel):
        check_onnx_file(data, "x")
        passed = True
    assert not passed or b"\x3a" in data  # the tag of a graph: without one nothing may pass


def test_deep_nesting_costs_no_stack() -> None:
    body = b""
    for _ in range(3000):
        for tag in (0x32, 0x2A, 0x0A):  # attribute.g, node.attribute, graph.node
            body = bytes([tag]) + length(len(body)) + body
    check_onnx_file(b"\x3a" + length(len(body)) + body, "x")


def length(value: int) -> bytes:
    out = b""
    while value > 0x7F:
        out += bytes([value & 0x7F | 0x80])
        value >>= 7
    return out + bytes([value])
