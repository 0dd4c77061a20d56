from pathlib import Path

import numpy as np
import pytest

from inkdigits.errors import TrainingError
from inkdigits.model.line_model import PAPER, load_line_reader
from inkdigits.model.loading import builtin_names, load_model
from inkdigits.training.weights import copy_weights, find_weights, load_network, shipped_weights


@pytest.fixture
def saved(room, tmp_path):
    """Save a network with random weights."""

    def save(name: str = "tiny", classes: int = 11):
        path = tmp_path / f"{name}-{classes}.keras"
        room("architectures").build(name, classes).save(path)
        return str(path)

    return save


def test_weights_are_copied_whole(room, saved) -> None:
    model = room("architectures").build("tiny", 11)
    samples = np.random.default_rng(0).random((3, 28, 28), np.float32)
    start = find_weights(saved(), "start")
    wanted = np.asarray(load_network(start, "start").predict_on_batch(samples))
    assert np.abs(np.asarray(model.predict_on_batch(samples)) - wanted).max() > 0.01
    copy_weights(start, model)
    assert np.asarray(model.predict_on_batch(samples)) == pytest.approx(wanted, abs=1e-6)


@pytest.mark.parametrize(("name", "classes"), [("mlp", 11), ("tiny", 10)])
def test_another_network_is_refused(room, saved, name, classes) -> None:
    model = room("architectures").build("tiny", 11)
    with pytest.raises(TrainingError, match=rf"{name}-{classes}\.keras is another network"):
        copy_weights(find_weights(saved(name, classes), "start"), model)


def test_what_is_not_there_is_named() -> None:
    with pytest.raises(TrainingError, match=r"start: no file cmn; .*a shipped name \("):
        find_weights("cmn", "start")


@pytest.mark.usefixtures("keras")
def test_what_is_no_network_is_named(tmp_path) -> None:
    path = tmp_path / "no.keras"
    path.write_bytes(b"PK\x03\x04 and no more")
    with pytest.raises(TrainingError, match=r"teacher: .*no\.keras cannot be loaded"):
        load_network(find_weights(str(path), "teacher"), "teacher")


@pytest.mark.usefixtures("keras")
def test_what_is_shipped_to_go_on_from_is_what_is_shipped_to_read_with(room) -> None:
    shipped = shipped_weights()
    assert set(shipped) - {"line"} <= set(builtin_names())
    samples = np.random.default_rng(0).random((4, 28, 28), np.float32)
    for name in shipped.keys() - {"line"}:
        network = load_network(find_weights(name, "start"), "start")
        found = np.asarray(network.predict_on_batch(samples))
        rounding = np.abs(found - load_model(name).logits(samples)).mean()  # to 8 bit
        assert rounding <= room("export").MAX_ROUNDING
    strip = np.random.default_rng(1).random((32, 120), np.float32)
    network = load_network(find_weights("line", "start"), "start")
    needed = load_line_reader().logits(strip)
    paper = np.zeros((32, PAPER), np.float32)
    found = np.asarray(network.predict_on_batch(np.hstack([strip, paper])[None]))[0, :60]
    assert np.abs(found - needed).mean() <= room("export").MAX_LINE_ROUNDING  # to 8 bit
    assert np.corrcoef(found.ravel(), needed.ravel())[0, 1] > 0.98


@pytest.mark.usefixtures("keras")
def test_the_shipped_line_reader_has_the_shipped_weights_to_8_bit(room) -> None:
    onnx = pytest.importorskip("onnx")
    network = load_network(find_weights("line", "start"), "start")
    shipped = onnx.load(Path(load_line_reader().path))
    needed, found = (
        {one.name: onnx.numpy_helper.to_array(one) for one in graph.initializer}
        for graph in (room("line_onnx").build_onnx(network).graph, shipped.graph)
    )
    weights = [name for name in needed if name.endswith(".weight")]
    assert sum(name in found for name in weights) == 2  # the first and the last one are exact
    for name in weights:
        if name in found:
            assert np.abs(found[name] - needed[name]).max() <= 1e-4 * np.abs(needed[name]).max()
            continue
        scale = found[f"{name}_scale"][:, None, None, None]
        apart = np.abs(found[f"{name}_quantized"] * scale - needed[name])
        assert (apart <= 0.501 * scale).all()  # each is the nearest of its steps
