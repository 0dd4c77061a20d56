import numpy as np
import pytest

from inkdigits.errors import TrainingError


@pytest.fixture(scope="module")
def architectures(room):
    return room("architectures")


@pytest.mark.parametrize("name", ["mlp", "cnn", "teacher", "tiny"])
def test_every_network_reads_samples_and_answers_logits(architectures, name: str) -> None:
    model = architectures.build(name, 10, dropout=0.2)
    assert model.input_shape == (None, 28, 28)
    logits = np.asarray(model(np.random.default_rng(0).random((3, 28, 28), np.float32)))
    assert logits.shape == (3, 10)
    assert not np.allclose(logits.sum(axis=1), 1)


def test_the_classic_network_has_the_classic_layers(architectures, keras) -> None:
    layers = architectures.build("mlp", 10).layers
    dense = [layer for layer in layers if isinstance(layer, keras.layers.Dense)]
    assert [layer.kernel.shape for layer in dense] == [(784, 256), (256, 128), (128, 10)]
    assert [layer.activation.__name__ for layer in dense] == ["sigmoid", "sigmoid", "linear"]


def test_the_default_stays_small(architectures) -> None:
    assert architectures.build("cnn").count_params() == 226_827
    assert 2e6 < architectures.build("teacher").count_params() < 5e6


def test_an_unknown_network_is_refused(architectures) -> None:
    with pytest.raises(TrainingError, match="vgg; needed: mlp, cnn, teacher, tiny"):
        architectures.build("vgg")
