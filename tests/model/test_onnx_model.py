"""ONNX files run as they should, and what cannot run is said before."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from inkdigits.errors import BrokenModel, UnsupportedModel
from inkdigits.model.onnx_model import OnnxNetwork, open_onnx

Array = NDArray[np.float32]
Write = Callable[..., Path]


def opened(path: Path) -> OnnxNetwork:
    return open_onnx(path.read_bytes(), str(path))


@pytest.mark.parametrize(
    ("shape", "layout"),
    [
        (("N", 784), (784,)),
        (("N", 28, 28), (28, 28)),
        (("N", 28, 28, 1), (28, 28, 1)),
        (("N", 1, 28, 28), (1, 28, 28)),
        ((1, 1, 28, 28), (1, 28, 28)),
        ((None, None), (784,)),
    ],
)
def test_every_layout(
    onnx_file: Write, samples: Array, expected: Array, shape: Any, layout: tuple[int, ...]
) -> None:
    network = opened(onnx_file(shape=shape))
    assert network.input_shape == layout
    assert np.allclose(network.run(samples.reshape(5, *layout)), expected, atol=1e-5)


@pytest.mark.parametrize(("dtype", "close"), [("DOUBLE", 1e-5), ("FLOAT16", 0.05)])
def test_other_precisions(
    onnx_file: Write, samples: Array, expected: Array, dtype: str, close: float
) -> None:
    answer = opened(onnx_file(dtype=dtype)).run(samples.reshape(5, 784))
    assert answer.dtype == np.float32
    assert np.allclose(answer, expected, atol=close)


def test_one_thread_and_no_spinning(onnx_file: Write) -> None:
    options = opened(onnx_file()).session.get_session_options()
    assert (options.intra_op_num_threads, options.inter_op_num_threads) == (1, 1)
    assert options.get_session_config_entry("session.intra_op.allow_spinning") == "0"


@pytest.mark.parametrize(
    ("plan", "found"),
    [
        ({"shape": ("N", 28, 14, 2)}, r"shape \('N', 28, 14, 2\)"),
        ({"shape": (16, 784)}, r"shape \(16, 784\)"),
        ({"inputs": 2}, "2 inputs and 1 outputs"),
        ({"outputs": 2}, "1 inputs and 2 outputs"),
        ({"dtype": "INT32"}, r"type tensor\(int32\)"),
        ({"domain": "evil.ops"}, "evil.ops"),
    ],
)
def test_what_cannot_be_used_is_named(onnx_file: Write, plan: dict[str, Any], found: str) -> None:
    path = onnx_file(**plan)
    with pytest.raises(UnsupportedModel, match=found) as error:
        opened(path)
    assert error.value.path == str(path)


def test_a_graph_that_makes_no_sense_is_one_line(onnx_file: Write) -> None:
    path = onnx_file()
    data = path.read_bytes().replace(b"MatMul", b"NoSuch")
    with pytest.raises(BrokenModel, match="ONNX Runtime refuses it") as error:
        open_onnx(data, str(path))
    assert "\n" not in str(error.value)
    assert error.value.__cause__ is None


def test_nothing_is_written_to_the_terminal(
    onnx_file: Write, capfd: pytest.CaptureFixture[str]
) -> None:
    data = onnx_file().read_bytes().replace(b"MatMul", b"NoSuch")
    with pytest.raises(BrokenModel):
        open_onnx(data, "x")
    assert capfd.readouterr() == ("", "")
