import importlib.util

import numpy as np
import pytest

from inkdigits.errors import TrainingError
from inkdigits.model.onnx_model import open_session

pytestmark = pytest.mark.skipif(importlib.util.find_spec("onnx") is None, reason="onnx is missing")


@pytest.fixture(scope="module")
def network(room, keras):
    """A line reader whose normalizations do something, those of layers that see far as well."""
    model, rng = room("line_network").build_line(), np.random.default_rng(1)
    for layer in model.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            shapes = [weight.shape for weight in layer.get_weights()]
            layer.set_weights([rng.uniform(0.5, 1.5, shape) for shape in shapes])
    return model


def test_it_says_what_keras_says_at_every_width(network, room) -> None:
    written = room("line_onnx").build_onnx(network)
    session = open_session(written.SerializeToString(), "line.onnx")
    rng = np.random.default_rng(2)
    for count, width in ((1, 16), (3, 68), (1, 640)):
        strips = rng.random((count, 32, width), np.float32)
        (found,) = session.run(None, {"sample": strips})
        needed = network.predict_on_batch(strips)
        assert found.shape == (count, width // 2, 20)
        assert np.abs(found - needed).max() <= 1e-5 * np.abs(needed).max()


def test_each_convolution_is_one_node_with_its_normalization(network, keras, room) -> None:
    nodes = room("line_onnx").build_onnx(network).graph.node
    convolutions = [layer for layer in network.layers if isinstance(layer, keras.layers.Conv2D)]
    assert sum(node.op_type == "Conv" for node in nodes) == len(convolutions)
    assert {node.op_type for node in nodes} == {
        *("Unsqueeze", "Conv", "Relu", "Add", "Transpose", "Reshape")
    }


def test_another_network_is_refused(room) -> None:
    with pytest.raises(TrainingError, match="a layer of the kind Rescaling"):
        room("line_onnx").build_onnx(_foreign())


def _foreign():
    import keras  # noqa: PLC0415 a test that needs it is skipped without

    strip = keras.Input((32, None), name="sample")
    return keras.Model(strip, keras.layers.Rescaling(2.0)(strip))
