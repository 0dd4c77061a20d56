"""A file that takes too much is refused, and what it took, it took from another process."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from inkdigits.errors import BrokenModel, UnsupportedModel
from inkdigits.model.content import Kind
from inkdigits.model.loading import load_model
from inkdigits.model.trial import TrialLimits, open_network, try_model

Write = Callable[..., Path]
QUICK = TrialLimits(cpu_s=1)
MIB = 1024 * 1024


def changed(path: Path, change: Callable[[Any, Any], None]) -> bytes:
    onnx = pytest.importorskip("onnx")
    model = onnx.load(path)
    change(onnx, model)
    return bytes(model.SerializeToString())


def loop_forever(onnx: Any, model: Any) -> None:
    """Ask for the same again and again, with no count and a condition that stays true."""
    helper, kinds = onnx.helper, onnx.TensorProto
    body = helper.make_graph(
        [
            helper.make_node("Identity", ["go"], ["go_on"]),
            helper.make_node("Identity", ["a"], ["b"]),
        ],
        "body",
        [
            helper.make_tensor_value_info("i", kinds.INT64, []),
            helper.make_tensor_value_info("go", kinds.BOOL, []),
            helper.make_tensor_value_info("a", kinds.FLOAT, None),
        ],
        [
            helper.make_tensor_value_info("go_on", kinds.BOOL, []),
            helper.make_tensor_value_info("b", kinds.FLOAT, None),
        ],
    )
    model.graph.initializer.append(onnx.numpy_helper.from_array(np.array(True), "yes"))  # noqa: FBT003 a value
    model.graph.node[-1].CopyFrom(
        helper.make_node("Loop", ["", "yes", "raw"], ["y0"], body=body),
    )


def call_each_other(onnx: Any, model: Any) -> None:
    """Functions that call the next one twice: 30 of them are a billion steps."""
    helper = onnx.helper
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid("own", 1)]
    for level in range(30):
        next_one = ("Relu", {}) if level == 29 else (f"F{level + 1}", {"domain": "own"})
        nodes = [
            helper.make_node(next_one[0], ["a"], ["b"], **next_one[1]),
            helper.make_node(next_one[0], ["b"], ["c"], **next_one[1]),
        ]
        name = f"F{level}"
        model.functions.append(helper.make_function("own", name, ["a"], ["c"], nodes, opsets))
    model.opset_import.append(helper.make_opsetid("own", 1))
    model.graph.node[-1].CopyFrom(helper.make_node("F0", ["raw"], ["y0"], domain="own"))


def fill_memory(onnx: Any, model: Any) -> None:
    """A table of 8 GB of zeros, in 20 bytes."""
    helper = onnx.helper
    size = onnx.numpy_helper.from_array(np.array([200_000, 10_000], np.int64), "size")
    model.graph.initializer.append(size)
    del model.graph.node[-1]
    model.graph.node.extend([
        helper.make_node("ConstantOfShape", ["size"], ["zeros"]),
        helper.make_node("ReduceMax", ["zeros"], ["zero"], keepdims=0),
        helper.make_node("Add", ["raw", "zero"], ["y0"]),
    ])  # fmt: skip


def test_an_honest_file_passes_and_leaves_nothing(onnx_file: Write) -> None:
    data = onnx_file().read_bytes()
    try_model(data, "x", "onnx", QUICK)
    assert open_network(data, "x", "onnx").input_shape == (784,)


@pytest.mark.parametrize("change", [loop_forever, call_each_other])
def test_what_never_ends_is_refused(onnx_file: Write, change: Callable[..., None]) -> None:
    data = changed(onnx_file(), change)
    with pytest.raises(UnsupportedModel, match=r"takes more than (1 s of processor time|\d+ MB)"):
        try_model(data, "x", "onnx", QUICK)


def test_what_fills_the_memory_is_refused(onnx_file: Write) -> None:
    data = changed(onnx_file(), fill_memory)
    with pytest.raises(UnsupportedModel, match=r"asking it takes more than 350 MB"):
        try_model(data, "x", "onnx")


def test_a_keras_file_that_fills_the_memory_is_refused(keras: Any, tmp_path: Path) -> None:
    layers = [keras.layers.RepeatVector(2_000_000), keras.layers.GlobalAveragePooling1D()]
    path = tmp_path / "wide.keras"
    keras.Sequential([keras.Input((784,)), *layers, keras.layers.Dense(10)]).save(path)
    with pytest.raises(UnsupportedModel, match=r"asking it takes more than 350 MB"):
        try_model(path.read_bytes(), str(path), "keras-zip")


@pytest.mark.parametrize(
    ("data", "kind", "error", "found"),
    [
        (b"\x3a\x00", "onnx", BrokenModel, "ONNX Runtime refuses it"),
        (b"\x0a\x00", "onnx", BrokenModel, "no ONNX model"),
        (b"PK", "keras-zip", BrokenModel, "a damaged file"),
    ],
)
def test_what_is_wrong_comes_back_as_it_was_said(
    data: bytes, kind: Kind, error: type[Exception], found: str
) -> None:
    with pytest.raises(error, match=rf"^a b\.onnx: .*{found}"):
        try_model(data, "a b.onnx", kind, QUICK)


def test_the_clock_counts_too(onnx_file: Write) -> None:
    with pytest.raises(UnsupportedModel, match=r"takes more than 0\.001 s;"):
        try_model(onnx_file().read_bytes(), "x", "onnx", TrialLimits(wall_s=0.001))


def test_a_file_that_ends_its_process_ends_no_other(
    onnx_file: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = onnx_file()
    # A program that ends with 1 and says nothing, as Python does in a crash.
    monkeypatch.setattr(sys, "executable", shutil.which("false"))
    with pytest.raises(UnsupportedModel, match=r"ends the process that opens it \(status 1\)"):
        load_model(path)
    assert load_model("cnn").card.name == "cnn"  # what is shipped needs no trial


def test_no_process_to_try_it_in(onnx_file: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    with pytest.raises(UnsupportedModel, match="no process to try it in can be started"):
        load_model(onnx_file())


# In a process between, for a process begins with the peak memory of the one that started it, and
# this one may have loaded TensorFlow.
MEASURED = """
import resource, subprocess, sys
status = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL).returncode
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(status, used.ru_maxrss, used.ru_utime + used.ru_stime)
"""


def test_the_command_stays_below_1_gb_and_names_the_reason(
    onnx_file: Write, tmp_path: Path
) -> None:
    path = tmp_path / "loop.onnx"
    path.write_bytes(changed(onnx_file(), loop_forever))
    command = [sys.executable, "-m", "inkdigits", "predict", "--model", path, "none.png"]
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, *map(str, command)],
        capture_output=True,
        text=True,
        check=True,
    )
    status, most_kb, took_s = map(float, done.stdout.split())
    assert status == 1
    assert "takes more than 3 s of processor time" in done.stderr
    assert most_kb * 1024 <= 1024 * MIB
    assert took_s <= 10
