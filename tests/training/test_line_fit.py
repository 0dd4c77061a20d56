import csv
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from inkdigits.data.strip_augment import StripAugmentation
from inkdigits.data.strokes import save_whole
from inkdigits.sample import SYMBOLS
from inkdigits.training.folder import RunFolder
from inkdigits.training.line_batches import LONGEST, stack
from inkdigits.training.line_recipe import LineRecipe
from tests.training.strips import draw, make_strips

BLANK = len(SYMBOLS)
RECIPE = LineRecipe(
    start="",
    strips_per_epoch=45,
    epochs=2,
    batch_px=800,
    learning_rate=0.003,
    average=0.5,
    precision="float32",
    augment=StripAugmentation(affine_share=0, elastic_share=0, erase_share=0),
)
RUN = """
import dataclasses, json, os, signal, sys
from pathlib import Path
from inkdigits.data.strip_augment import StripAugmentation
from inkdigits.data.strip_pool import StripPool, StripSpec
from inkdigits.data.strokes import load_whole
from inkdigits.training.folder import RunFolder
from inkdigits.training.line_fit import fit_line
from inkdigits.training.line_recipe import LineRecipe
from inkdigits.training.recipes import TrainOptions

def die(what, done, total):
    if "kill" in sys.argv and what.startswith("epoch 2") and done == 2:
        os.kill(os.getpid(), signal.SIGKILL)

folder = RunFolder(Path(sys.argv[1]), "line")
strips = load_whole(StripPool, sys.argv[2])
rows = fit_line(strips, eval(sys.argv[3]), folder, TrainOptions(None, 5, 1, die))
print(json.dumps([dataclasses.asdict(row) for row in rows]))
"""


@pytest.fixture(scope="module")
def fitting(room):
    module = room("line_fit")
    return SimpleNamespace(
        loss=module.line_loss,
        make=module.make_loss,
        read=module.read_texts,
    )


def test_the_loss_is_that_of_all_paths_by_the_symbol(fitting) -> None:
    _, targets = stack([draw("11"), draw("7")], ["11", "7"])
    logits = np.random.default_rng(0).normal(0, 2, (2, 24, BLANK + 1)).astype(np.float32)
    found = np.asarray(fitting.loss(targets, logits))
    from inkdigits.decision.ctc import score_texts  # noqa: PLC0415

    for row, text in enumerate(("11", "7")):
        frames = logits[row, : targets[row, LONGEST + 1]]
        frames = frames - np.log(np.exp(frames).sum(axis=1, keepdims=True))
        assert found[row] == pytest.approx(-score_texts(frames, [text])[0] / len(text), rel=1e-4)


def test_a_spoiled_strip_teaches_no_more_than_it_may(fitting) -> None:
    _, targets = stack([draw("11")], ["11"])
    logits = np.zeros((1, 24, BLANK + 1), np.float32)
    logits[..., 5] = 30.0  # sure of something else
    for most, needed in ((0.0, 20.0), (4.0, 4.0)):
        loss = fitting.make(LineRecipe(most_loss=most))(targets, logits)
        assert (float(np.asarray(loss)[0]) == needed) == bool(most)
        assert float(np.asarray(loss)[0]) >= needed


def test_texts_are_read_from_the_likeliest_symbols(fitting) -> None:
    path = [1, 1, BLANK, 1, 7, 7, BLANK, 3]
    logits = np.eye(BLANK + 1, dtype=np.float32)[path][None]
    assert fitting.read(logits, np.array([8], np.int32)) == ["1173"]
    assert fitting.read(logits, np.array([6], np.int32)) == ["117"]


def run(folder: RunFolder, strips: Path, *more: str) -> subprocess.CompletedProcess[str]:
    """Train in a process of its own: what one has compiled before moves the roundings."""
    command = [sys.executable, "-c", RUN, str(folder.path), str(strips), repr(RECIPE), *more]
    return subprocess.run(command, capture_output=True, check=False, env=os.environ, text=True)


@pytest.mark.usefixtures("keras")
def test_it_learns_keeps_a_log_and_goes_on_after_a_kill(tmp_path) -> None:
    strips = tmp_path / "strips.npz"
    save_whole(make_strips(), strips)
    whole, killed = RunFolder(tmp_path / "whole", "line"), RunFolder(tmp_path / "killed", "line")
    whole.path.mkdir()
    killed.path.mkdir()
    rows = json.loads(run(whole, strips).stdout)
    assert rows[1]["loss"] < rows[0]["loss"]
    with whole.log.open(encoding="utf-8") as file:
        assert [float(row["loss"]) for row in csv.DictReader(file)] == [row["loss"] for row in rows]

    done = run(killed, strips, "kill")
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert killed.checkpoint.exists()
    assert not killed.keras.exists()
    resumed = json.loads(run(killed, strips).stdout)
    losses = [row["loss"] for row in rows]
    assert [row["loss"] for row in resumed] == pytest.approx(losses, rel=1e-4)
    assert resumed[1]["val_loss"] == pytest.approx(rows[1]["val_loss"], rel=1e-3)
    assert killed.keras.exists()
