"""The mean of ends: of all weights, each from the mean before it; a second run trains nothing."""

from types import SimpleNamespace

import numpy as np
import pytest

from inkdigits.training.folder import RunFolder
from inkdigits.training.line_recipe import LineRecipe
from inkdigits.training.recipes import TrainOptions
from tests.training.strips import make_strips

RECIPE = LineRecipe(
    start="",
    strips_per_epoch=20,
    epochs=2,
    ends=2,
    end_epochs=1,
    batch_px=800,
    precision="float32",
)


@pytest.fixture(scope="module")
def ending(room):
    module = room("line_fit")
    return SimpleNamespace(fit=module.fit_ends, mean=module.mean_of)


def weights(ending, *networks) -> list[np.ndarray]:
    return ending.mean(networks).get_weights()


def test_the_file_is_the_mean_of_the_ends(ending, tmp_path) -> None:
    told = []
    folder = RunFolder(tmp_path, "line")
    options = TrainOptions(None, 3, 1, lambda what, *_: told.append(what))
    rows = ending.fit(make_strips(24), RECIPE, folder, options)
    assert [row.epoch for row in rows] == [1, 2, 1]
    assert "end 1 of 2, epoch 1 of 2" in told
    assert any(what.startswith("end 2 of 2, epoch 1 of 1") for what in told)
    first, second = tmp_path / "end-1" / "model.keras", tmp_path / "end-2" / "model.keras"
    for got, one, two in zip(
        weights(ending, folder.keras), weights(ending, first), weights(ending, second), strict=True
    ):
        np.testing.assert_allclose(got, (one + two) / 2, rtol=1e-5, atol=1e-6)
    before = weights(ending, folder.keras)
    told.clear()
    again = ending.fit(make_strips(24), RECIPE, folder, options)
    assert again == rows
    assert told == []
    for got, same in zip(weights(ending, folder.keras), before, strict=True):
        np.testing.assert_array_equal(got, same)


def test_a_run_has_as_many_epochs_as_all_ends_take() -> None:
    assert RECIPE.all_epochs == 3
    assert LineRecipe(epochs=40, ends=1).all_epochs == 40
