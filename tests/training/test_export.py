import importlib.util

import numpy as np
import pytest

from inkdigits.errors import BrokenModel, TrainingError
from inkdigits.model.loading import load_model
from inkdigits.model.onnx_model import open_session

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("tf2onnx") is None, reason="tf2onnx is not installed"
)
SAMPLES = np.random.default_rng(0).random((40, 28, 28), np.float32)


@pytest.fixture(scope="module")
def exporting(room):
    return room("export")


@pytest.fixture(scope="module")
def network(room, keras):
    """The kinds of layers of the real ones, its normalizations in use."""
    model = room("architectures").build("tiny", 11, dropout=0.5)
    for layer in model.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            shapes = [weight.shape for weight in layer.get_weights()]
            rng = np.random.default_rng(1)
            layer.set_weights([rng.uniform(0.5, 1.5, shape) for shape in shapes])
    return model


def test_the_file_says_what_the_network_says(exporting, network, tmp_path) -> None:
    import onnx  # noqa: PLC0415 comes with tf2onnx

    path = tmp_path / "tiny.onnx"
    exporting.export(network, path, SAMPLES)
    logits = load_model(path).logits(SAMPLES)
    assert logits == pytest.approx(network.predict_on_batch(SAMPLES), abs=1e-4)
    assert load_model(path).logits(SAMPLES[:1]) == pytest.approx(logits[:1], abs=1e-5)
    graph = onnx.load(path).graph
    assert [value.name for value in (*graph.input, *graph.output)] == ["sample", "logits"]
    assert graph.input[0].type.tensor_type.shape.dim[0].dim_param == "N"
    kinds = {node.op_type for node in graph.node}
    assert "BatchNormalization" not in kinds  # folded into the convolutions


def test_a_file_that_disagrees_never_appears(exporting, network, tmp_path, monkeypatch) -> None:
    path = tmp_path / "tiny.onnx"
    monkeypatch.setattr(exporting, "read_logits", lambda *_: np.zeros((40, 11), np.float32))
    with pytest.raises(BrokenModel, match="differ by"):
        exporting.export(network, path, SAMPLES)
    assert not path.exists()


def test_in_8_bit_it_says_nearly_the_same(exporting, network, tmp_path) -> None:
    import onnx  # noqa: PLC0415 comes with tf2onnx

    path = tmp_path / "tiny.onnx"
    calibration = np.random.default_rng(2).random((60, 28, 28), np.float32)
    exporting.export(network, path, SAMPLES, calibration)
    logits, needed = load_model(path).logits(SAMPLES), network.predict_on_batch(SAMPLES)
    assert 0 < np.abs(logits - needed).mean() <= 0.1 * np.abs(needed - needed.mean(axis=0)).max()
    graph = onnx.load(path).graph
    assert "QuantizeLinear" in {node.op_type for node in graph.node}
    assert [value.name for value in (*graph.input, *graph.output)] == ["sample", "logits"]
    assert [file.name for file in tmp_path.iterdir()] == ["tiny.onnx"]


def test_a_file_that_8_bit_spoils_never_appears(exporting, network, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(exporting, "MAX_ROUNDING", 0.0)
    with pytest.raises(BrokenModel, match="in 8 bit"):
        exporting.export(network, tmp_path / "tiny.onnx", SAMPLES, SAMPLES)
    assert not (tmp_path / "tiny.onnx").exists()


def test_jax_is_told_what_to_do(exporting, network, keras, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(keras.backend, "backend", lambda: "jax")
    with pytest.raises(TrainingError, match="--backend tensorflow: it only does what is left"):
        exporting.export(network, tmp_path / "tiny.onnx", SAMPLES)


@pytest.fixture(scope="module")
def line(room):
    return room("line_network").build_line()


def _strips(seed: int) -> list[np.ndarray]:
    rng = np.random.default_rng(seed)
    return [rng.random((32, width), np.float32) for width in (16, 100, 256)]


def test_a_line_reader_is_written_for_strips_of_any_width(exporting, line, tmp_path) -> None:
    import onnx  # noqa: PLC0415 comes with tf2onnx

    path = tmp_path / "line.onnx"
    exporting.export_line(line, path, _strips(4))
    graph = onnx.load(path).graph
    shapes = [
        [side.dim_value or side.dim_param for side in value.type.tensor_type.shape.dim]
        for value in (graph.input[0], graph.output[0])
    ]
    assert shapes == [["N", 32, "W"], ["N", "T", 20]]


def test_a_line_reader_in_8_bit_says_nearly_the_same(exporting, line, tmp_path) -> None:
    path, strips = tmp_path / "line.onnx", _strips(4)
    exporting.export_line(line, path, strips, _strips(5))
    session = open_session(path.read_bytes(), str(path))
    for strip in strips:
        needed = line.predict_on_batch(strip[None])
        found = session.run(None, {"sample": strip[None]})[0]
        assert 0 < np.abs(found - needed).mean() <= 0.1 * np.ptp(needed)
    assert path.stat().st_size < 0.3 * 4 * line.count_params()
    assert [file.name for file in tmp_path.iterdir()] == ["line.onnx"]


def test_a_line_reader_that_8_bit_spoils_never_appears(
    exporting, line, tmp_path, monkeypatch
) -> None:
    monkeypatch.setattr(exporting, "MAX_LINE_ROUNDING", 0.0)
    with pytest.raises(BrokenModel, match="in 8 bit"):
        exporting.export_line(line, tmp_path / "line.onnx", _strips(4), _strips(5))
    assert not (tmp_path / "line.onnx").exists()
