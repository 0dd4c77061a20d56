"""Strips and a recipe in → the trained line reader and its log in the run's folder.

The same loop as `fit`, for inputs of any width and the loss of what is written, wherever it is.
After each epoch all state is saved; a run that was killed goes on from there.
"""

import csv
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

import keras
import numpy as np
from keras import ops
from numpy.typing import NDArray

from inkdigits.data.strip_pool import StripPool
from inkdigits.sample import SYMBOLS
from inkdigits.training.averaging import Average
from inkdigits.training.checkpoint import Row, State, load_checkpoint, save_checkpoint
from inkdigits.training.fit import FitOptions, arithmetic
from inkdigits.training.folder import RunFolder, write_whole
from inkdigits.training.line_batches import (
    LONGEST,
    Targets,
    held_batches,
    plan_lines,
    stack,
    stream_lines,
)
from inkdigits.training.line_network import (
    build_line,
    copy_start,
    freeze_strokes,
    with_weights,
)
from inkdigits.training.line_recipe import LineRecipe

_BLANK = len(SYMBOLS)
_Batches = Iterator[tuple[NDArray[np.float32], Targets]]


def fit_line(
    pool: StripPool, recipe: LineRecipe, folder: RunFolder, options: FitOptions
) -> list[Row]:
    """Train, or go on training, and save the network with its averaged weights.

    Args:
        pool: strips, texts and their split.
        recipe: every hyperparameter.
        folder: claimed by this run. `checkpoint.npz`, `log.csv` and in the end `model.keras`
            are written there.
        options: seed, threads, progress.

    Returns:
        The log, one row an epoch; its accuracies are shares of whole texts read right.

    Raises:
        TrainingError: the pool lacks a side, the start is missing or another network, or the
            checkpoint is damaged.
    """
    plan = plan_lines(pool, recipe, options.seed)
    counts = [len(plan.batches(epoch)) for epoch in range(recipe.epochs)]
    state = State(_compile(recipe, counts, options.seed), Average(recipe.average))
    load_checkpoint(folder.checkpoint, state)
    rows = state.rows
    batches = stream_lines(plan, len(rows), options.workers)
    while len(rows) < recipe.epochs:
        start = time.monotonic()
        loss = _learn(state, _tell(batches, (counts[len(rows)], recipe.epochs), rows, options))
        with state.average.lent_to(state.model):
            val_loss, val_acc = _validate(state.model, pool, recipe.batch_px)
        rate = float(ops.convert_to_numpy(state.model.optimizer.learning_rate))
        seconds = round(time.monotonic() - start, 3)
        rows.append(Row(len(rows) + 1, loss, 0.0, val_loss, val_acc, rate, seconds))
        write_whole(folder.log, lambda path: _write_log(path, rows))
        save_checkpoint(folder.checkpoint, state)
    with state.average.lent_to(state.model):
        write_whole(folder.keras, with_weights(state.model.get_weights()).save)
    return rows


def read_texts(logits: NDArray[np.float32], frames: NDArray[np.int32]) -> list[str]:
    """Take each frame's likeliest symbol; repeats and blanks fall away."""
    texts = []
    for best, count in zip(logits.argmax(axis=2), frames.tolist(), strict=True):
        path = best[:count]
        kept = path[np.concatenate([[True], path[1:] != path[:-1]])]
        texts.append("".join(SYMBOLS[symbol] for symbol in kept.tolist() if symbol != _BLANK))
    return texts


def make_loss(recipe: LineRecipe) -> Callable[[Any, Any], Any]:
    """Make the loss of a recipe: `line_loss`, no more than `most_loss`."""

    def loss(targets: Any, logits: Any) -> Any:
        whole = line_loss(targets, logits)
        return ops.minimum(whole, recipe.most_loss) if recipe.most_loss else whole

    return loss


def line_loss(targets: Any, logits: Any) -> Any:
    """How unlikely the text is, nats a symbol: over every way to lay it over the frames."""
    whole = ops.cast(targets, "int32")
    length, frames = whole[:, LONGEST], whole[:, LONGEST + 1]
    loss = ops.ctc_loss(whole[:, :LONGEST], logits, length, frames, mask_index=_BLANK)
    return loss / ops.cast(length, "float32")


def _compile(recipe: LineRecipe, counts: list[int], seed: int) -> keras.Model:
    keras.utils.set_random_seed(seed % 2**32)
    with arithmetic(recipe.precision):
        model = build_line()
    if recipe.start:
        copy_start(recipe.start, model)
    if recipe.frozen:
        freeze_strokes(model)
    total = sum(counts)
    warmup = min(max(1, int(recipe.warmup_epochs * counts[0])), max(1, total - 1))
    schedule = keras.optimizers.schedules.CosineDecay(
        0.0,
        max(1, total - warmup),
        alpha=recipe.final_rate_share,
        warmup_target=recipe.learning_rate,
        warmup_steps=warmup,
    )
    optimizer = keras.optimizers.AdamW(schedule, weight_decay=recipe.weight_decay, clipnorm=5.0)
    # Shrinking a bias or a normalization regularizes nothing.
    optimizer.exclude_from_weight_decay(var_names=["bias", "gamma", "beta"])
    optimizer.build(model.trainable_variables)
    model.compile(optimizer, loss=make_loss(recipe), jit_compile=keras.backend.backend() == "jax")
    return model


def _learn(state: State, batches: _Batches) -> float:
    total, count = 0.0, 0
    for batch, targets in batches:
        total += float(state.model.train_on_batch(batch, targets)) * len(batch)
        count += len(batch)
        state.average.step(state.model)
    return total / max(1, count)


def _tell(
    batches: _Batches, steps: tuple[int, int], rows: list[Row], options: FitOptions
) -> _Batches:
    what = f"epoch {len(rows) + 1} of {steps[1]}"
    if rows:
        what += f", validation {rows[-1].val_acc:.2%}"
    for step in range(steps[0]):
        options.progress(what, step, steps[0])
        yield next(batches)
    options.progress(what, steps[0], steps[0])


def _validate(model: keras.Model, pool: StripPool, batch_px: int) -> tuple[float, float]:
    losses, right = [], 0
    for indices in held_batches(pool, batch_px):
        texts = [str(text) for text in pool.text[indices]]
        batch, targets = stack([pool.strip(index) for index in indices.tolist()], texts)
        logits = model.predict_on_batch(batch)
        losses.append(ops.convert_to_numpy(line_loss(targets, logits)))
        found = read_texts(np.asarray(logits), targets[:, LONGEST + 1])
        right += sum(a == b for a, b in zip(found, texts, strict=True))
    joined = np.concatenate(losses)
    return float(joined.mean()), right / len(joined)


def _write_log(path: Path, rows: list[Row]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, [field.name for field in fields(Row)])
        writer.writeheader()
        writer.writerows(asdict(row) for row in rows)
