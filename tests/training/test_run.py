import importlib.util
import json
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest

from inkdigits.data.pool import PoolSpec
from inkdigits.data.strokes import save_whole
from inkdigits.errors import MissingExtra, TrainingError
from inkdigits.model.card import card_path
from inkdigits.model.loading import load_model
from inkdigits.training import run
from inkdigits.training.own import Own
from inkdigits.training.recipes import TrainOptions
from inkdigits.training.run import train
from tests.training.conftest import make_pool


@pytest.fixture
def drawn(pool, keras, monkeypatch):
    """Stands for drawing a pool, which needs data to draw from and has its own tests."""
    assert keras
    calls = []

    def compose(spec, *_):
        calls.append(spec)
        return pool

    monkeypatch.setattr(run, "compose", compose)
    return calls


@pytest.mark.usefixtures("drawn")
def test_a_run_leaves_a_model_with_its_card(recipe, keras, tmp_path, pool) -> None:
    wanted = recipe(epochs=12, architecture="mlp", target_error=0.01)
    path = train(wanted, tmp_path / "run", TrainOptions(seed=3))
    model = load_model(path)
    card = model.card
    assert (card.name, card.classes, card.output, card.preprocessing) == (
        *("tiny", 11, "logits", "line"),
    )
    assert card.target_error == 0.01
    assert card.recipe["learning_rate"] == 0.01
    assert card.data == {"mnist-train-images": "0" * 64}
    assert card.training["seed"] == 3
    assert card.training["backend"] == keras.backend.backend()
    assert card.training["train_samples"] == int(pool.train.sum())
    assert card.licence.startswith("Apache-2.0. Trained on data under: CC BY-SA 3.0")
    assert card.scores["validation/digits/accuracy"] > 0.6
    held = pool.samples[pool.validation].astype(np.float32) / 255
    digits = pool.labels[pool.validation] < 10
    right = model.logits(held)[digits, :10].argmax(axis=1) == pool.labels[pool.validation][digits]
    assert card.scores["validation/digits/accuracy"] == pytest.approx(right.mean(), abs=1e-6)


def test_each_stage_is_done_once_and_only_what_is_missing_is_done_again(
    drawn, recipe, tmp_path
) -> None:
    out = tmp_path / "run"
    path = train(recipe(), out, TrainOptions())
    before = {file.name: file.stat().st_mtime_ns for file in out.iterdir()}
    card_path(path).unlink()
    assert train(recipe(), out, TrainOptions()) == path
    after = {file.name: file.stat().st_mtime_ns for file in out.iterdir()}
    assert {name for name in before if before[name] != after[name]} == {"tiny.json"}
    assert len(drawn) == 1


def test_a_folder_of_another_seed_is_refused(drawn, recipe, tmp_path) -> None:
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "run.json").write_text(json.dumps({"seed": 1}))
    with pytest.raises(TrainingError, match="seed is 1, not 0"):
        train(recipe(), tmp_path / "run", TrainOptions())
    assert drawn == []


def test_a_limit_draws_and_leaves_fewer_samples(drawn, recipe, tmp_path) -> None:
    spec = PoolSpec(digit_strokes=500, negatives=20)
    wanted = recipe(pool=spec, epochs=1, samples_per_epoch=300)
    train(wanted, tmp_path / "run", TrainOptions(limit=100))
    assert (drawn[0].digit_strokes, drawn[0].negatives, drawn[0].mnist_copies) == (100, 20, 1)
    training = json.loads((tmp_path / "run" / "training.json").read_text())
    assert training["train_samples"] + training["validation_samples"] == 40 + 50


def test_a_limit_leaves_some_of_each_source(pool) -> None:
    few = run._sample(pool, TrainOptions(limit=20))  # noqa: SLF001 else a long run tells it
    assert sorted(few.source.tolist()) == ["composed"] * 10 + ["mnist"] * 10
    assert run._sample(pool, TrainOptions(limit=0)) is pool  # noqa: SLF001


@pytest.mark.usefixtures("drawn")
def test_a_recipe_of_ten_classes_leaves_out_what_is_no_digit(recipe, tmp_path, pool) -> None:
    ten = recipe(classes=10, epochs=1, source_shares=())
    train(ten, tmp_path / "run", TrainOptions())
    story = json.loads((tmp_path / "run" / "training.json").read_text())
    assert (pool.labels == 10).any()
    assert story["train_samples"] == int(pool.train[pool.labels < 10].sum())


def test_a_run_goes_on_with_the_pool_it_began_with(drawn, recipe, tmp_path, pool) -> None:
    out = tmp_path / "run"
    train(recipe(epochs=1), out, TrainOptions())
    for name in ("training.json", "checkpoint.npz", "tiny.onnx", "tiny.json"):
        (out / name).unlink()
    save_whole(pool, out / "pool.npz")
    train(recipe(epochs=1), out, TrainOptions())
    assert len(drawn) == 1


def test_without_keras_it_says_what_to_install(recipe, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    with pytest.raises(MissingExtra, match=r"pip install 'inkdigits\[train\]'"):
        train(recipe(), tmp_path / "run", TrainOptions())
    assert not (tmp_path / "run").exists()


def _own() -> Own:
    """Bars that lie down, which no other source has."""
    pool = make_pool(220)
    samples = np.ascontiguousarray(pool.samples.transpose(0, 2, 1))
    skipped = (("cat.jpg", "nothing is drawn in this picture"),)
    return Own(samples, pool.labels, np.arange(220) % 5 == 0, skipped, "5" * 64)


@pytest.mark.usefixtures("drawn")
def test_fine_tuning_goes_on_and_tells_of_both(recipe, tmp_path) -> None:
    train(recipe(epochs=6, architecture="mlp"), tmp_path / "first", TrainOptions())
    start = str(tmp_path / "first" / "model.keras")
    shares = (("own", 0.5), ("mnist", 0.4), ("composed", 0.1))
    more = {"start": start, "teachers": (start,), "check_teachers": True, "hard_share": 0.5}
    wanted = recipe(epochs=8, architecture="mlp", source_shares=shares, **more)
    own = _own()
    card = load_model(train(wanted, tmp_path / "second", TrainOptions(own=own))).card
    before = card.training["start"]
    assert before["name"] == start
    assert before["sha256"] == sha256(Path(start).read_bytes()).hexdigest()
    assert (
        card.scores["validation/own/accuracy"] > before["scores"]["validation/own/accuracy"] + 0.2
    )
    assert card.training["own"] == {
        "learned": 176,
        "held_back": 44,
        "held_back_digits": 40,
        "not_used": 1,
    }
    assert card.data["own"] == "5" * 64
    assert "the user's own" in card.licence
    assert f"Begun from {start}: see its card" in card.licence
    other = replace(own, sha256="6" * 64)
    with pytest.raises(TrainingError, match=f"own_sha256 is {'5' * 64}, not {'6' * 64}"):
        train(wanted, tmp_path / "second", TrainOptions(own=other))


def test_own_pictures_and_a_recipe_for_them_come_together(drawn, recipe, tmp_path) -> None:
    wanted = recipe(source_shares=(("own", 1.0), ("mnist", 1.0)))
    with pytest.raises(TrainingError, match="tiny: no pictures of your own; needed: --images"):
        train(wanted, tmp_path / "run", TrainOptions())
    with pytest.raises(TrainingError, match="no share for pictures of your own"):
        train(recipe(), tmp_path / "run", TrainOptions(own=_own()))
    with pytest.raises(TrainingError, match="start: no file nowhere"):
        train(replace(wanted, start="nowhere"), tmp_path / "run", TrainOptions(own=_own()))
    assert not (tmp_path / "run").exists()
    assert drawn == []
