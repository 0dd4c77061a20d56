import csv
import os
import signal
import subprocess
import sys
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from inkdigits.data.augment import Augmentation
from inkdigits.data.strokes import save_whole
from inkdigits.training.batches import to_samples
from inkdigits.training.folder import RunFolder
from inkdigits.training.recipes import TrainOptions

# What a run must carry over a kill: order, augmentation, dropout, moments, averages, the schedule.
EVERYTHING = {
    "augment": Augmentation(),
    "source_shares": (("mnist", 2.0), ("composed", 1.0)),
    "average": 0.9,
    "dropout": 0.3,
    "weight_decay": 0.01,
    "warmup_epochs": 0.5,
    "final_rate_share": 0.01,
    "label_smoothing": 0.05,
}
KILLED = """
import os, signal, sys
from inkdigits.data.augment import Augmentation
from inkdigits.data.pool import Pool, PoolSpec
from inkdigits.data.strokes import load_whole
from inkdigits.training.fit import fit
from inkdigits.training.folder import RunFolder
from inkdigits.training.recipes import Recipe, TrainOptions
from pathlib import Path

def die(what, done, total):
    if what.startswith("epoch 3") and done == 4:
        os.kill(os.getpid(), signal.SIGKILL)

folder = RunFolder(Path(sys.argv[1]), "tiny")
fit(load_whole(Pool, sys.argv[2]), eval(sys.argv[3]), folder, TrainOptions(None, 5, 1, die))
"""


@pytest.fixture(scope="module")
def fitting(room):
    fit = room("fit")
    return SimpleNamespace(fit=fit.fit, read=fit.read_logits)


@pytest.fixture
def folder(tmp_path) -> RunFolder:
    return RunFolder(tmp_path, "tiny")


def test_it_learns_and_keeps_a_log_that_plots_can_be_made_from(
    fitting, pool, recipe, folder, keras
) -> None:
    told = []
    options = TrainOptions(progress=lambda *news: told.append(news))
    rows = fitting.fit(pool, recipe(epochs=12, architecture="mlp"), folder, options)
    assert rows[-1].val_acc > 0.95
    assert rows[-1].loss < rows[0].loss / 10
    with folder.log.open() as file:
        log = list(csv.DictReader(file))
    assert ",".join(log[0]) == "epoch,loss,acc,val_loss,val_acc,lr,seconds"
    assert [float(row["val_loss"]) for row in log] == [row.val_loss for row in rows]
    assert told[0] == ("epoch 1 of 12", 0, 10)
    assert told[-1][1:] == (10, 10)
    model = keras.saving.load_model(folder.keras, compile=False)
    held = np.flatnonzero(pool.validation)
    read = fitting.read(model, to_samples(pool, held)).argmax(axis=1)
    assert np.mean(read == pool.labels[held]) == rows[-1].val_acc


def test_the_rate_warms_up_and_falls_along_a_cosine(fitting, pool, recipe, folder) -> None:
    wanted = recipe(epochs=4, warmup_epochs=1, final_rate_share=0.1, learning_rate=0.02)
    rates = [row.lr for row in fitting.fit(pool, wanted, folder, TrainOptions())]
    falling = [0.1 + 0.9 * (1 + np.cos(np.pi * part)) / 2 for part in (0, 1 / 3, 2 / 3, 1)]
    assert rates == pytest.approx([0.02 * share for share in falling], rel=1e-4)


def test_a_killed_run_goes_on_to_the_same_result(fitting, pool, recipe, tmp_path) -> None:
    wanted, whole, killed = recipe(**EVERYTHING, epochs=4), tmp_path / "whole", tmp_path / "killed"
    whole.mkdir()
    killed.mkdir()
    fitting.fit(pool, wanted, RunFolder(whole, "tiny"), TrainOptions(None, 5, 2))
    save_whole(pool, tmp_path / "pool.npz")
    run = subprocess.run(
        [sys.executable, "-c", KILLED, killed, tmp_path / "pool.npz", repr(wanted)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        check=False,
    )
    assert run.returncode == -signal.SIGKILL, run.stderr.decode()
    assert not (killed / "model.keras").exists()
    rows = fitting.fit(pool, wanted, RunFolder(killed, "tiny"), TrainOptions(None, 5, 3))
    assert len(rows) == 4
    with np.load(whole / "checkpoint.npz") as one, np.load(killed / "checkpoint.npz") as other:
        names = [name for name in one.files if name != "log"]
        assert len(names) > 60
        assert [name for name in names if not np.array_equal(one[name], other[name])] == []


def test_a_finished_run_is_not_trained_again(fitting, pool, recipe, folder) -> None:
    rows = fitting.fit(pool, recipe(), folder, TrainOptions())
    before = folder.checkpoint.stat().st_mtime_ns
    assert fitting.fit(pool, recipe(), folder, TrainOptions()) == rows
    assert folder.checkpoint.stat().st_mtime_ns == before


def test_a_student_learns_from_its_teacher(fitting, pool, recipe, tmp_path, keras) -> None:
    first, second = RunFolder(tmp_path / "teacher", "tiny"), RunFolder(tmp_path / "student", "tiny")
    first.path.mkdir()
    second.path.mkdir()
    fitting.fit(pool, recipe(epochs=8, architecture="mlp"), first, TrainOptions())
    wanted = recipe(epochs=8, architecture="mlp", teachers=(str(first.keras),), hard_share=0.0)
    # The labels it is given are all wrong: whatever it knows, it has from its teacher.
    wrong = replace(pool, labels=((pool.labels + 1) % 11).astype(np.int8))
    rows = fitting.fit(wrong, wanted, second, TrainOptions(seed=1))
    assert rows[-1].val_acc < 0.05
    held = to_samples(pool, np.flatnonzero(pool.validation))
    read = fitting.read(keras.saving.load_model(second.keras, compile=False), held)
    assert np.mean(read.argmax(axis=1) == pool.labels[pool.validation]) > 0.95


def test_half_precision_trains_and_what_is_saved_is_float32(
    fitting, pool, recipe, folder, keras
) -> None:
    wanted = recipe(epochs=12, architecture="mlp", average=0.9, precision="mixed_bfloat16")
    rows = fitting.fit(pool, wanted, folder, TrainOptions())
    assert rows[-1].val_acc > 0.9
    assert keras.config.dtype_policy().name == "float32"
    saved = keras.saving.load_model(folder.keras, compile=False)
    assert {layer.dtype_policy.name for layer in saved.layers} == {"float32"}
    held = np.flatnonzero(pool.validation)
    read = fitting.read(saved, to_samples(pool, held)).argmax(axis=1)
    assert np.mean(read == pool.labels[held]) == pytest.approx(rows[-1].val_acc, abs=0.03)


def test_many_samples_are_read_as_one_by_one(fitting, keras) -> None:
    model = keras.Sequential([keras.Input((28, 28)), keras.layers.Flatten()])
    samples = np.random.default_rng(0).random((1500, 28, 28), np.float32)
    assert np.array_equal(fitting.read(model, samples), samples.reshape(1500, 784))
