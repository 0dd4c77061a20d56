import numpy as np
import pytest


@pytest.fixture(scope="module")
def averaging(room):
    return room("averaging")


@pytest.fixture
def model(keras):
    """One weight, to be set by hand."""
    return keras.Sequential([keras.Input((1,)), keras.layers.Dense(1, use_bias=False)])


def _see(average, model, values) -> None:
    for value in values:
        model.set_weights([np.full((1, 1), value, np.float32)])
        average.step(model)


def test_a_constant_stays_what_it_is(averaging, model) -> None:
    average = averaging.Average(0.9)
    _see(average, model, [3.0] * 100)
    assert average.weights[0] == pytest.approx(3.0)


def test_its_memory_grows_from_nothing_to_its_momentum(averaging, model) -> None:
    average = averaging.Average(0.999)
    _see(average, model, [-100.0] * averaging.EVERY + [1.0] * 400)
    assert average.weights[0].item() == pytest.approx(1.0, abs=0.01)  # the start is forgotten
    late = averaging.Average(0.999, steps=8 * 100_000, weights=[np.zeros((1, 1), np.float32)])
    _see(late, model, [1.0] * averaging.EVERY)
    assert late.weights[0].item() == pytest.approx(1 - 0.999**averaging.EVERY, rel=1e-4)


def test_weights_are_lent_and_given_back_even_after_a_failure(averaging, model) -> None:
    average = averaging.Average(0.5, weights=[np.full((1, 1), 7.0, np.float32)])
    model.set_weights([np.ones((1, 1), np.float32)])

    def fail_while_lent() -> None:
        with average.lent_to(model):
            assert model.get_weights()[0].item() == 7.0
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_while_lent()
    assert model.get_weights()[0].item() == 1.0


def test_without_momentum_there_is_no_average(averaging, model) -> None:
    average = averaging.Average(0.0)
    _see(average, model, [1.0] * 50)
    assert average.weights == []
    with average.lent_to(model):
        assert model.get_weights()[0].item() == 1.0
