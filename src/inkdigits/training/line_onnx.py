"""A trained line reader of Keras → its ONNX graph, which keeps each convolution in one node.

What Keras writes by way of TensorFlow cuts a convolution that sees far into some 50 nodes, and
leaves its normalization beside it: slower, and too coarse in 8 bit. Here normalizations are part
of the convolution before them.
"""

from collections.abc import Sequence
from typing import Any

import keras
import numpy as np
from keras import layers, ops
from numpy.typing import NDArray

from inkdigits.errors import TrainingError
from inkdigits.training.architectures import INPUT_NAME, OUTPUT_NAME

_OPSET, _IR_VERSION = 17, 9
_CHANNELS_LAST = (0, 2, 3, 1)


class _Graph:
    """Nodes so far, and the name of what each of Keras's tensors is in them."""

    def __init__(self) -> None:
        self.nodes: list[Any] = []
        self.constants: dict[str, NDArray[Any]] = {}
        self.names: dict[int, str] = {}
        self.pads: dict[str, tuple[tuple[int, int], ...]] = {}

    def add(self, kind: str, inputs: Sequence[str], name: str, **attributes: Any) -> str:
        """Add a node that makes one value, which gets the node's name."""
        from onnx import helper  # noqa: PLC0415 only training has it

        self.nodes.append(helper.make_node(kind, inputs, [name], name, **attributes))
        return name

    def constant(self, name: str, values: NDArray[Any]) -> str:
        """Add a constant."""
        self.constants[name] = values
        return name


def build_onnx(model: keras.Model) -> Any:
    """Write the network as ONNX.

    Args:
        model: of `build_line`.

    Returns:
        An `onnx.ModelProto` from `sample`, float32 (N, 32, W), to `logits`, (N, T, 20).

    Raises:
        TrainingError: a layer of a kind that a line reader has not.
    """
    from onnx import TensorProto, checker, helper, numpy_helper  # noqa: PLC0415 as above

    graph = _Graph()
    (height, _), classes = model.inputs[0].shape[1:], model.outputs[0].shape[-1]
    graph.names[id(model.inputs[0])] = INPUT_NAME
    for layer in model.layers:
        if not isinstance(layer, layers.InputLayer):
            graph.names[id(layer.output)] = _write_layer(layer, graph)
    ends = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)
        for name, shape in ((INPUT_NAME, ["N", height, "W"]), (OUTPUT_NAME, ["N", "T", classes]))
    ]
    constants = [numpy_helper.from_array(value, name) for name, value in graph.constants.items()]
    written = helper.make_graph(graph.nodes, "line", ends[:1], ends[1:], constants)
    opset = [helper.make_opsetid("", _OPSET)]
    found = helper.make_model(written, opset_imports=opset, ir_version=_IR_VERSION)
    checker.check_model(found)
    return found


def _write_layer(layer: keras.layers.Layer, graph: _Graph) -> str:
    """Write a layer, and give the name of what it makes."""
    given = layer.input if isinstance(layer.input, list) else [layer.input]
    inputs = [graph.names[id(one)] for one in given]
    match layer:
        case layers.Conv2D():
            return _convolve(layer, inputs[0], graph)
        case layers.BatchNormalization():
            _normalize(layer, inputs[0], graph)
            return inputs[0]
        case layers.ZeroPadding2D():  # a part of the convolution that follows
            graph.pads[inputs[0]] = layer.padding
            return inputs[0]
        case layers.ReLU() | layers.Add():
            return graph.add("Relu" if len(inputs) == 1 else "Add", inputs, layer.name)
        case layers.Reshape():
            return _reshape(layer, inputs[0], graph)
    found = f"a layer of the kind {type(layer).__name__}"
    raise TrainingError("export", found, "those of which `build_line` builds a line reader")


def _reshape(layer: keras.layers.Reshape, source: str, graph: _Graph) -> str:
    """Make one channel of the strip, which ONNX has first, or frames of the last channels."""
    if layer.name != OUTPUT_NAME:
        axis = graph.constant("channel", np.array([1]))
        return graph.add("Unsqueeze", [source, axis], layer.name)
    last = graph.add("Transpose", [source], "channels_last", perm=_CHANNELS_LAST)
    shape = graph.constant("frames", np.array([0, -1, layer.output.shape[-1]]))
    return graph.add("Reshape", [last, shape], OUTPUT_NAME)


def _convolve(layer: keras.layers.Conv2D, source: str, graph: _Graph) -> str:
    weights = ops.convert_to_numpy(layer.kernel).transpose(3, 2, 0, 1)
    bias = ops.convert_to_numpy(layer.bias) if layer.use_bias else np.zeros(len(weights), "f4")
    inputs = [
        source,
        graph.constant(f"{layer.name}.weight", np.ascontiguousarray(weights, np.float32)),
        graph.constant(f"{layer.name}.bias", np.asarray(bias, np.float32)),
    ]
    sides = graph.pads.pop(source, None) or _same_pads(layer)
    return graph.add(
        "Conv",
        inputs,
        layer.name,
        dilations=layer.dilation_rate,
        strides=layer.strides,
        pads=[side[0] for side in sides] + [side[1] for side in sides],
    )


def _same_pads(layer: keras.layers.Conv2D) -> tuple[tuple[int, int], ...]:
    """Give how much paper is added on both sides of each axis, which all have an even length."""
    if layer.padding == "valid":
        return ((0, 0), (0, 0))
    sizes = zip(layer.kernel_size, layer.dilation_rate, layer.strides, strict=True)
    missing = [max((size - 1) * reach + 1 - stride, 0) for size, reach, stride in sizes]
    return tuple((one // 2, one - one // 2) for one in missing)


def _normalize(layer: keras.layers.BatchNormalization, source: str, graph: _Graph) -> None:
    """Scale and shift the convolution whose answer is normalized."""
    gamma, beta, mean, variance = map(ops.convert_to_numpy, layer.weights)
    gain = gamma / np.sqrt(variance + layer.epsilon)
    graph.constants[f"{source}.weight"] *= gain[:, None, None, None]
    shift = (graph.constants[f"{source}.bias"] - mean) * gain + beta
    graph.constants[f"{source}.bias"] = np.asarray(shift, np.float32)
