import importlib.util

import numpy as np
import pytest

from inkdigits.model.loading import load_model

pytestmark = pytest.mark.skipif(importlib.util.find_spec("onnx") is None, reason="onnx is missing")


def _float_file(path):
    """A convolution, a second one and a dense layer, by hand: what exporters write."""
    import onnx  # noqa: PLC0415 training alone has it
    from onnx import TensorProto, helper, numpy_helper  # noqa: PLC0415

    rng = np.random.default_rng(0)
    shapes = {"w1": (4, 1, 3, 3), "w2": (4, 4, 3, 3), "w3": (4, 10)}
    values = {"shape": np.array([-1, 1, 28, 28]), "flat": np.array([0, -1])}
    values |= {name: rng.normal(size=shape).astype("f4") for name, shape in shapes.items()}
    nodes = [
        helper.make_node("Reshape", ["sample", "shape"], ["a"], "reshape"),
        helper.make_node("Conv", ["a", "w1"], ["b"], "first", pads=[1, 1, 1, 1]),
        helper.make_node("Relu", ["b"], ["c"], "relu"),
        helper.make_node("Conv", ["c", "w2"], ["d"], "second", pads=[1, 1, 1, 1]),
        helper.make_node("GlobalAveragePool", ["d"], ["e"], "pool"),
        helper.make_node("Reshape", ["e", "flat"], ["f"], "flatten"),
        helper.make_node("MatMul", ["f", "w3"], ["logits"], "dense"),
    ]
    ends = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, ["N", *shape])
        for name, shape in (("sample", (28, 28)), ("logits", (10,)))
    ]
    weights = [numpy_helper.from_array(value, name) for name, value in values.items()]
    graph = helper.make_graph(nodes, "tiny", ends[:1], ends[1:], weights)
    opset = [helper.make_opsetid("", 17)]
    onnx.save(helper.make_model(graph, opset_imports=opset, ir_version=9), path)


def test_the_middle_is_in_8_bit_and_the_ends_are_not(tmp_path, capsys) -> None:
    import onnx  # noqa: PLC0415 training alone has it

    from inkdigits.training.quantize import quantize  # noqa: PLC0415

    path = tmp_path / "small.onnx"
    _float_file(path)
    samples = np.random.default_rng(1).random((130, 28, 28), np.float32)
    needed = load_model(path).logits(samples)
    quantize(path, samples)
    found = load_model(path).logits(samples)
    assert 0 < np.abs(found - needed).max() <= 0.05 * np.ptp(needed)
    initializers = {one.name: one for one in onnx.load(path).graph.initializer}
    assert [name for name in ("w1", "w3") if name in initializers] == ["w1", "w3"]
    weights = onnx.numpy_helper.to_array(initializers["w2_quantized"])
    assert weights.dtype == np.int8
    assert np.abs(weights.astype(int)).max() <= 64  # 7 bit: nothing saturates anywhere
    zero_points = [one for name, one in initializers.items() if name.startswith("c_zero")]
    assert [onnx.numpy_helper.to_array(one).dtype for one in zero_points] == [np.uint8]
    assert sorted(file.name for file in tmp_path.iterdir()) == ["small.onnx"]
    assert not capsys.readouterr().out
