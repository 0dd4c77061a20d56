import numpy as np
import pytest

from inkdigits.errors import TrainingError
from inkdigits.model.line_model import LINE_CLASSES


@pytest.fixture(scope="module")
def line(room):
    return room("line_network")


@pytest.mark.parametrize("width", [16, 64, 132])
def test_every_two_px_are_answered_for(line, width: int) -> None:
    model = line.build_line()
    strips = np.zeros((2, 32, width), np.float32)
    assert model.predict_on_batch(strips).shape == (2, width // 2, LINE_CLASSES)


def test_what_sees_far_begins_as_nothing(line) -> None:
    model = line.build_line()
    empty, written = np.zeros((2, 1, 32, 400), np.float32)
    written[:, :, 220:] = 1
    here = np.s_[0, :50]  # frames: 120 px and more away from what is written

    def differ() -> float:
        first, second = (model.predict_on_batch(strip)[here] for strip in (empty, written))
        return float(np.abs(first - second).max())

    assert differ() == 0
    for layer in model.layers:
        if hasattr(layer, "gamma"):
            layer.gamma.assign(np.ones(layer.gamma.shape))
    assert differ() > 0


def test_it_is_as_small_as_it_may_be(line) -> None:
    assert line.build_line().count_params() < 950_000  # 3.8 MB


def test_it_begins_with_the_trunk_of_cnn(line, room) -> None:
    model = line.build_line()
    given = line.copy_start("cnn", model)
    assert 0 < given < len(model.weights)
    cnn = room("weights").load_network(room("weights").find_weights("cnn", "start"), "start")
    for old, new in zip(cnn.weights[:given], model.weights[:given], strict=True):
        assert np.array_equal(np.asarray(old), np.asarray(new))


def test_it_begins_with_another_line_reader(line, tmp_path) -> None:
    first, second = line.build_line(), line.build_line()
    first.save(tmp_path / "first.keras")
    assert line.copy_start(str(tmp_path / "first.keras"), second) == len(first.weights)
    strips = np.random.default_rng(0).random((1, 32, 64), np.float32)
    assert np.allclose(first.predict_on_batch(strips), second.predict_on_batch(strips))


def test_frozen_strokes_do_not_learn_and_what_reads_them_does(line) -> None:
    model = line.build_line()
    every = len(model.trainable_variables)
    assert 0 < line.freeze_strokes(model) < every
    names = [layer.name for layer in model.layers if layer.trainable and layer.weights]
    assert any(layer.weights and not layer.trainable for layer in model.layers)
    assert len(names) >= 8


def test_other_networks_are_refused(line, room, tmp_path) -> None:
    room("architectures").build("mlp").save(tmp_path / "mlp.keras")
    with pytest.raises(TrainingError, match="another network"):
        line.copy_start(str(tmp_path / "mlp.keras"), line.build_line())
