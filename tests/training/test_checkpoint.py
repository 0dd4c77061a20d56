from types import SimpleNamespace

import numpy as np
import pytest

from inkdigits.errors import TrainingError


@pytest.fixture(scope="module")
def rooms(room):
    build = room("architectures").build
    return SimpleNamespace(build=build, avg=room("averaging"), point=room("checkpoint"))


@pytest.fixture
def make_state(rooms, keras):
    def make(width: int = 11):
        model = rooms.build("tiny", width, dropout=0.5)
        optimizer = keras.optimizers.AdamW(0.01)
        optimizer.build(model.trainable_variables)
        model.compile(optimizer, loss="mse")
        return rooms.point.State(model, rooms.avg.Average(0.9))

    return make


def _all_values(state):
    variables = [*state.model.variables, *state.model.optimizer.variables]
    return [np.array(variable.value) for variable in variables]


def test_all_state_comes_back(rooms, make_state, tmp_path, rng) -> None:
    state, path = make_state(), tmp_path / "checkpoint.npz"
    samples = rng.random((8, 28, 28)).astype(np.float32)
    for _ in range(rooms.avg.EVERY):
        state.model.train_on_batch(samples, np.zeros((8, 11), np.float32))
        state.average.step(state.model)
    state.rows.append(rooms.point.Row(1, 0.5, 0.25, 0.75, 0.125, 0.01, 3.5))
    rooms.point.save_checkpoint(path, state)
    other = make_state()
    assert any((a != b).any() for a, b in zip(_all_values(state), _all_values(other), strict=True))
    rooms.point.load_checkpoint(path, other)
    assert other.rows == state.rows
    assert other.average.steps == rooms.avg.EVERY
    for one, back in (
        (_all_values(state), _all_values(other)),
        (state.average.weights, other.average.weights),
    ):
        assert len(one) > 5
        assert all(np.array_equal(a, b) for a, b in zip(one, back, strict=True))


def test_no_checkpoint_changes_nothing(rooms, make_state, tmp_path) -> None:
    state = make_state()
    before = _all_values(state)
    rooms.point.load_checkpoint(tmp_path / "none.npz", state)
    assert state.rows == []
    assert all(np.array_equal(a, b) for a, b in zip(before, _all_values(state), strict=True))


def test_a_damaged_or_foreign_checkpoint_is_refused(rooms, make_state, tmp_path) -> None:
    path = tmp_path / "checkpoint.npz"
    rooms.point.save_checkpoint(path, make_state())
    with pytest.raises(TrainingError, match="another network"):
        rooms.point.load_checkpoint(path, make_state(10))
    path.write_bytes(path.read_bytes()[:2000])
    with pytest.raises(TrainingError, match="delete it to start over"):
        rooms.point.load_checkpoint(path, make_state())
