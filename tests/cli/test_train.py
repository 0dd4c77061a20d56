import os
import re
from dataclasses import replace

import numpy as np
import pytest

from inkdigits.model.loading import load_model
from tests.tiny import blank_png, encoded, picture
from tests.training.conftest import make_pool


@pytest.fixture
def drawn(monkeypatch):
    """A pool of bars instead of pictures: drawing needs data and has its own tests."""
    pytest.importorskip("keras")
    pytest.importorskip("tf2onnx")
    from inkdigits.training import run  # noqa: PLC0415 loads ONNX Runtime

    pool = make_pool()
    drawn = np.array(["mnist", "restyled", "strokes", "rare"])
    odd = np.array(["negatives", "composed", "scribbled"])
    place = np.arange(len(pool))
    source = np.where(pool.labels == 10, odd[place // 11 % 3], drawn[place // 11 % 4])
    monkeypatch.setattr(run, "compose", lambda *_: replace(pool, source=source))


@pytest.fixture(autouse=True)
def _backend(monkeypatch) -> None:
    """What a command sets for its own process must not reach the other tests."""
    monkeypatch.setenv("KERAS_BACKEND", os.environ.get("KERAS_BACKEND", "tensorflow"))


def test_the_recipes_are_listed(inkdigits) -> None:
    listed = inkdigits("train", "--list")
    assert listed.status == 0
    for words in (
        *(("mlp-augmented", "10", "yes"), ("cnn", "11", "100,000"), ("mlp", "20", "no")),
        ("line", "19", "56", "yes"),
    ):
        assert re.search(r".*".join(map(re.escape, words)), listed.out)


def test_its_help_teaches(inkdigits) -> None:
    text = inkdigits("train", "--help").out
    assert "inkdigits train --recipe mlp --out runs/mlp" in text
    assert "goes on where it was" in text
    assert "--backend" in text


@pytest.mark.usefixtures("drawn")
def test_a_model_is_trained_and_the_same_command_goes_on(inkdigits, tmp_path) -> None:
    words = ("train", "--recipe", "cnn", "--out", tmp_path / "run", "--epochs", 1, "--limit", 60)
    first = inkdigits(*words)
    assert first.status == 0, first.err
    path = tmp_path / "run" / "cnn.onnx"
    assert first.out.split() == [str(path)]
    assert load_model(path).card.training["epochs"] == 1
    written = path.stat().st_mtime_ns
    assert inkdigits(*words).status == 0
    assert path.stat().st_mtime_ns == written
    other = inkdigits(*words, "--seed", 1)
    assert other.status == 1
    assert "seed is 0, not 1" in other.err


@pytest.fixture
def digits(tmp_path):
    """A folder with five printed pictures of each of two digits, and a blank one."""
    for name in "37":
        (tmp_path / "digits" / name).mkdir(parents=True)
        for side in range(100, 200, 20):
            path = tmp_path / "digits" / name / f"{side}.png"
            path.write_bytes(encoded(picture(name, side)))
    (tmp_path / "digits" / "3" / "blank.png").write_bytes(blank_png())
    return tmp_path / "digits"


@pytest.mark.usefixtures("drawn")
def test_own_pictures_fine_tune_a_model_and_the_change_is_shown(
    inkdigits, digits, tmp_path
) -> None:
    from inkdigits.training.architectures import build  # noqa: PLC0415 loads Keras

    start = tmp_path / "start.keras"
    build("cnn", 11).save(start)
    words = ("--images", digits, "--start", start, "--epochs", 1, "--limit", 60)
    run = inkdigits("train", "--out", tmp_path / "run", *words)
    assert run.status == 0, run.err
    assert re.search(r"not used: \S*blank\.png: nothing is drawn", run.err)
    assert re.search(r"your digits held back: read right +\d+\.\d% +\d+\.\d%", run.out)
    assert "8 pictures learned, 2 held back." in run.out
    assert re.search(r"(Better|No better|WORSE) than before on your own digits", run.out)
    path = tmp_path / "run" / "finetune.onnx"
    assert run.out.split()[-1] == str(path)
    card = load_model(path).card
    assert card.training["own"]["held_back"] == 2
    assert card.recipe["teachers"] == [str(start)]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (("--recipe", "cmn"), "recipe: 'cmn'; needed: one of mlp, mlp-augmented, cnn"),
        (("--recipe", "finetune"), "finetune: no pictures of your own; needed: --images"),
        (("--start", "cnn"), "cnn: it begins with random weights; needed: --recipe finetune"),
        (("--images", "nowhere"), "nowhere: not there; needed: a folder of pictures or a CSV"),
        (("--backend", "theano"), "backend: theano; needed: one of tensorflow, torch, jax"),
    ],
)
def test_mistakes_are_named(inkdigits, tmp_path, words, found) -> None:
    failed = inkdigits("train", "--out", tmp_path / "run", *words)
    assert failed.status == 1
    assert found in failed.err
    assert not (tmp_path / "run").exists()


def test_the_line_reader_learns_from_composed_numbers_alone(inkdigits, tmp_path) -> None:
    refused = inkdigits("train", "--recipe", "line", "--teacher", "cnn", "--out", tmp_path / "run")
    assert refused.status == 1
    assert "composed numbers" in refused.err
    assert not (tmp_path / "run").exists()


def test_the_line_reader_is_trained_with_the_options_of_the_others(
    inkdigits, tmp_path, monkeypatch
) -> None:
    asked = []

    def train_line(recipe, out, options):
        asked.append((recipe.epochs, recipe.start, options.limit, options.seed))
        return out / "line.onnx"

    monkeypatch.setattr("inkdigits.training.line_run.train_line", train_line)
    words = ("--epochs", 2, "--limit", 9, "--seed", 4, "--start", "mine.keras")
    done = inkdigits("train", "--recipe", "line", "--out", tmp_path, *words)
    assert done.status == 0, done.err
    assert asked == [(2, "mine.keras", 9, 4)]
    assert done.out.split() == [str(tmp_path / "line.onnx")]
