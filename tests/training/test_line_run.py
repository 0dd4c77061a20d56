import importlib.util
import json
from dataclasses import replace

import numpy as np
import pytest

from inkdigits.errors import TrainingError
from inkdigits.model.card import card_path
from inkdigits.model.line_model import load_line_reader
from inkdigits.training import line_run
from inkdigits.training.line_recipe import LineRecipe
from inkdigits.training.line_run import train_line
from inkdigits.training.recipes import TrainOptions
from tests.training.strips import draw, make_strips

pytestmark = pytest.mark.skipif(importlib.util.find_spec("onnx") is None, reason="onnx is missing")
RECIPE = LineRecipe(
    start="", strips_per_epoch=20, epochs=1, ends=1, batch_px=800, precision="float32"
)


@pytest.fixture
def drawn(keras, monkeypatch):
    """Stands for drawing strips, which needs data to draw from and has its own tests."""
    assert keras
    calls = []

    def draw_strips(spec, *_, **__):
        calls.append(spec)
        return make_strips(24)

    monkeypatch.setattr(line_run, "draw_strips", draw_strips)
    monkeypatch.setattr(line_run, "find", lambda *_: None)
    return calls


def test_a_run_leaves_a_reader_with_its_card_and_is_not_repeated(drawn, tmp_path) -> None:
    path = train_line(RECIPE, tmp_path / "run", TrainOptions(seed=3))
    reader = load_line_reader(path)
    assert reader.card.name == "line"
    assert reader.card.training["train_strips"] == 18
    assert {"validation/any/digits", "validation/spaced/text"} <= reader.card.scores.keys()
    assert reader.log_probabilities(draw("17-")).shape == (28, 20)
    assert path.stat().st_size < 1_200_000  # 8 bit; 3.8 MB in float32
    stamp = path.stat().st_mtime_ns
    card_path(path).unlink()
    assert train_line(RECIPE, tmp_path / "run", TrainOptions(seed=3)) == path
    assert path.stat().st_mtime_ns == stamp
    assert card_path(path).exists()
    with pytest.raises(TrainingError, match="another run"):
        train_line(replace(RECIPE, epochs=2), tmp_path / "run", TrainOptions(seed=3))
    assert len(drawn) == 1


def test_it_goes_on_from_the_shipped_line_reader(drawn, tmp_path) -> None:
    assert not drawn
    path = train_line(replace(RECIPE, start="line"), tmp_path / "run", TrainOptions())
    assert load_line_reader(path).card.licence.count("Begun from") == 2  # line itself from cnn


def test_a_trial_writes_fewer_numbers_and_the_start_is_named_by_its_content(
    drawn, tmp_path
) -> None:
    recipe = replace(RECIPE, start="cnn", frozen=True)
    path = train_line(recipe, tmp_path / "run", TrainOptions(limit=8))
    assert (drawn[0].learned, drawn[0].held) == (8, 2)
    assert json.loads((tmp_path / "run" / "training.json").read_text())["limit"] == 8
    assert len(json.loads((tmp_path / "run" / "run.json").read_text())["start_sha256"]) == 64
    reader = load_line_reader(path)
    assert "Begun from cnn" in reader.card.licence
    assert np.isfinite(reader.logits(draw("1"))).all()
