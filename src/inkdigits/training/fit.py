"""A pool and a recipe in → the trained network and its log in the run's folder.

The loop is written out, a step at a time, on what Keras offers alike on TensorFlow, torch and
JAX. After each epoch all state is saved; a run that was killed goes on from there and comes to
the same weights (bit for bit where the backend's own arithmetic repeats itself, as on CPUs).
"""

import csv
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, fields
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import keras
import numpy as np
from keras import ops

from inkdigits.data.fetch import Progress
from inkdigits.data.pool import Pool
from inkdigits.sample import Logits, Samples
from inkdigits.training.architectures import build
from inkdigits.training.averaging import Average
from inkdigits.training.batches import Labels, Plan, plan_batches, stream_batches, to_samples
from inkdigits.training.checkpoint import Row, State, load_checkpoint, save_checkpoint
from inkdigits.training.folder import RunFolder, write_whole
from inkdigits.training.line_recipe import LineRecipe
from inkdigits.training.objective import load_teachers, make_accuracy, make_loss, make_targets
from inkdigits.training.recipes import Recipe, TrainOptions
from inkdigits.training.weights import copy_weights, find_weights

_SCORING_BATCH = 1024
Measure = Callable[[], tuple[float, float]]  # gives loss and accuracy
Batch = TypeVar("Batch")


def fit(pool: Pool, recipe: Recipe, folder: RunFolder, options: TrainOptions) -> list[Row]:
    """Train, or go on training, and save the network with its averaged weights.

    Args:
        pool: samples, labels and their split.
        recipe: every hyperparameter.
        folder: claimed by this run. `checkpoint.npz`, `log.csv` and in the end `model.keras`
            are written there.
        options: seed, threads, progress.

    Returns:
        The log, one row an epoch.

    Raises:
        TrainingError: the pool does not fit the recipe, the start or a teacher is missing or
            another network, or the checkpoint is damaged.
    """
    plan = plan_batches(pool, recipe, options.seed)
    teachers = load_teachers(recipe.teachers, recipe.classes)
    state = State(_compile_network(recipe, plan), Average(recipe.average))
    load_checkpoint(folder.checkpoint, state)
    batches = stream_batches(plan, range(len(state.rows), recipe.epochs), options.workers)

    def learn() -> tuple[float, float]:
        # On torch, dropout draws from a global generator that no checkpoint holds.
        keras.utils.set_random_seed((options.seed + len(state.rows)) % 2**32)
        told = tell(batches, (plan.steps, recipe.epochs), state.rows, options.progress)
        return _learn(state, teachers, plan, told)

    validate = partial(_validate, state.model, pool)
    run_epochs(state, folder, recipe.epochs, learn=learn, validate=validate)
    with state.average.lent_to(state.model):
        write_whole(folder.keras, _in_float32(state.model, recipe).save)
    return state.rows


def run_epochs(
    state: State, folder: RunFolder, epochs: int, *, learn: Measure, validate: Measure
) -> None:
    """Go through the epochs that are left; after each one, the log and all state are saved."""
    while len(state.rows) < epochs:
        start = time.monotonic()
        learned = learn()
        with state.average.lent_to(state.model):
            held = validate()
        rate = float(ops.convert_to_numpy(state.model.optimizer.learning_rate))
        seconds = round(time.monotonic() - start, 3)
        state.rows.append(Row(len(state.rows) + 1, *learned, *held, rate, seconds))
        write_whole(folder.log, lambda path: _write_log(path, state.rows))
        save_checkpoint(folder.checkpoint, state)


def tell(
    batches: Iterator[Batch], steps: tuple[int, int], rows: list[Row], progress: Progress
) -> Iterator[Batch]:
    """Pass on the batches of one epoch, and say how far it is; `steps` in it, and epochs."""
    what = f"epoch {len(rows) + 1} of {steps[1]}"
    if rows:
        what += f", validation {rows[-1].val_acc:.2%}"
    for step in range(steps[0]):
        progress(what, step, steps[0])
        yield next(batches)
    progress(what, steps[0], steps[0])


def read_logits(model: keras.Model, samples: Samples) -> Logits:
    """Let a Keras network read many samples, in batches of one size (one compilation).

    Args:
        model: from (N, 28, 28) to (N, classes).
        samples: float32 (N, 28, 28), 0 paper to 1 ink; N at least 1.

    Returns:
        float32 (N, classes).
    """
    size, parts = min(_SCORING_BATCH, len(samples)), []
    for start in range(0, len(samples), size):
        part = samples[start : start + size]
        full = np.zeros((size, *part.shape[1:]), np.float32)
        full[: len(part)] = part
        parts.append(ops.convert_to_numpy(model.predict_on_batch(full))[: len(part)])
    return np.concatenate(parts).astype(np.float32)


def _compile_network(recipe: Recipe, plan: Plan) -> keras.Model:
    keras.utils.set_random_seed(plan.seed)
    with arithmetic(recipe.precision):
        model = build(recipe.architecture, recipe.classes, recipe.dropout)
    if recipe.start:
        copy_weights(find_weights(recipe.start, "start"), model)
    total = plan.steps * recipe.epochs
    warmup = min(int(recipe.warmup_epochs * plan.steps), total - 1)
    measured = {"loss": make_loss(recipe), "metrics": [make_accuracy(recipe.classes)]}
    compile_model(model, recipe, (total, warmup), measured)
    return model


def compile_model(
    model: keras.Model,
    recipe: Recipe | LineRecipe,
    steps: tuple[int, int],
    measured: dict[str, Any],
    **how: Any,
) -> None:
    """Compile a network with AdamW, whose rate rises, then falls along a cosine.

    Args:
        model: becomes compiled, its optimizer built.
        recipe: the rate, and the decay of the weights.
        steps: how many there are in all, and in how many of them the rate rises.
        measured: Keras's names of the loss and of the metrics.
        how: other arguments of the optimizer.
    """
    total, warmup = steps
    schedule = keras.optimizers.schedules.CosineDecay(
        0.0 if warmup else recipe.learning_rate,
        max(1, total - warmup),
        alpha=recipe.final_rate_share,
        warmup_target=recipe.learning_rate if warmup else None,
        warmup_steps=warmup,
    )
    optimizer = keras.optimizers.AdamW(schedule, weight_decay=recipe.weight_decay, **how)
    # Shrinking a bias or a normalization regularizes nothing.
    optimizer.exclude_from_weight_decay(var_names=["bias", "gamma", "beta"])
    optimizer.build(model.trainable_variables)
    model.compile(optimizer, jit_compile=keras.backend.backend() == "jax", **measured)


@contextmanager
def arithmetic(policy: str) -> Iterator[None]:
    """Build layers that calculate in another precision."""
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(policy)
    try:
        yield
    finally:
        keras.config.set_dtype_policy(before)


def _in_float32(model: keras.Model, recipe: Recipe) -> keras.Model:
    """Give the same network with the same weights, to calculate exactly: whom it serves may not
    have the arithmetic that it was trained in.
    """
    if recipe.precision == "float32":
        return model
    exact = build(recipe.architecture, recipe.classes, recipe.dropout)
    exact.set_weights(model.get_weights())
    return exact


def _learn(
    state: State,
    teachers: Sequence[keras.Model],
    plan: Plan,
    batches: Iterator[tuple[Samples, Labels]],
) -> tuple[float, float]:
    """Go through one epoch; give the mean loss and accuracy of its batches."""
    totals = np.zeros(2)
    for batch in batches:
        targets = make_targets(batch, plan.recipe, teachers)
        logs = state.model.train_on_batch(batch[0], targets, return_dict=True)
        state.average.step(state.model)
        totals += (logs["loss"], logs["accuracy"])
    loss, acc = totals / plan.steps
    return float(loss), float(acc)


def _validate(model: keras.Model, pool: Pool) -> tuple[float, float]:
    chosen = np.flatnonzero(pool.validation)
    logits, labels = read_logits(model, to_samples(pool, chosen)), pool.labels[chosen]
    scaled = logits.astype(np.float64) - logits.max(axis=1, keepdims=True)
    true = scaled[np.arange(len(labels)), labels]
    loss = float(np.mean(np.log(np.exp(scaled).sum(axis=1)) - true))
    return loss, float(np.mean(logits.argmax(axis=1) == labels))


def _write_log(path: Path, rows: list[Row]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, [field.name for field in fields(Row)])
        writer.writeheader()
        writer.writerows(asdict(row) for row in rows)
