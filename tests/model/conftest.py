"""Tiny real model files, made here: one linear layer whose answers NumPy can check."""

import importlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray


@dataclass(frozen=True)
class Plan:
    """What a tiny ONNX file shall be like."""

    shape: tuple[Any, ...] = ("N", 784)
    classes: int = 10
    softmax: bool = False
    dtype: str = "FLOAT"
    domain: str = ""
    inputs: int = 1
    outputs: int = 1


def need(module: str) -> Any:
    """Import a library of the extra `train`. Without it the test is skipped, but not in CI."""
    try:
        return importlib.import_module(module)
    except ImportError:
        if os.environ.get("CI"):
            raise
        pytest.skip(f"{module} is not installed")


def weights(classes: int = 10) -> NDArray[np.float32]:
    return np.random.default_rng(1).normal(0, 0.1, (784, classes)).astype(np.float32)


@pytest.fixture
def samples() -> NDArray[np.float32]:
    return np.random.default_rng(2).random((5, 28, 28), dtype=np.float32)


@pytest.fixture
def expected(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """What the tiny ten-class files answer to `samples`, as logits."""
    return np.asarray(samples.reshape(5, 784) @ weights())


@pytest.fixture
def onnx_file(tmp_path: Path) -> Callable[..., Path]:
    def write(name: str = "tiny.onnx", **plan: Any) -> Path:
        path = tmp_path / name
        path.write_bytes(build_onnx(Plan(**plan)).SerializeToString())
        return path

    return write


@pytest.fixture(scope="session")
def keras() -> Any:
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    need("tensorflow")
    return need("keras")


def build_onnx(plan: Plan) -> Any:
    onnx = need("onnx")
    helper = onnx.helper
    dtype = getattr(onnx.TensorProto, plan.dtype)
    values = weights(plan.classes).astype(helper.tensor_dtype_to_np_dtype(dtype))
    nodes = [
        helper.make_node("Flatten", ["x0"], ["flat"]),
        helper.make_node("MatMul", ["flat", "w"], ["raw"]),
        helper.make_node("Softmax" if plan.softmax else "Identity", ["raw"], ["y0"]),
    ]
    nodes += [helper.make_node("Identity", ["y0"], [f"y{i}"]) for i in range(1, plan.outputs)]
    if plan.domain:
        nodes[2].domain = plan.domain
    graph = helper.make_graph(
        nodes,
        "tiny",
        [helper.make_tensor_value_info(f"x{i}", dtype, plan.shape) for i in range(plan.inputs)],
        [helper.make_tensor_value_info(f"y{i}", dtype, None) for i in range(plan.outputs)],
        [onnx.numpy_helper.from_array(values, "w")],
    )
    opsets = [helper.make_opsetid("", 17)]
    if plan.domain:
        opsets.append(helper.make_opsetid(plan.domain, 1))
    return helper.make_model(graph, opset_imports=opsets, ir_version=8)
