"""Strips and a recipe in → the trained line reader and its log in the run's folder.

The same loop as `fit`, for inputs of any width and the loss of what is written, wherever it is.
After each epoch all state is saved; a run that was killed goes on from there.

An end of training is off the middle of a wide valley, each in another direction. The mean of ends
that began from the same weights lies nearer to it, and reads better than any of them.

Source:
    Izmailov et al., "Averaging Weights Leads to Wider Optima and Better Generalization" (2018).
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import keras
import numpy as np
from keras import ops
from numpy.typing import NDArray

from inkdigits.data.fetch import Progress
from inkdigits.data.strip_pool import StripPool
from inkdigits.sample import SYMBOLS
from inkdigits.training.averaging import Average
from inkdigits.training.batches import stream_batches
from inkdigits.training.checkpoint import Row, State, load_checkpoint
from inkdigits.training.fit import arithmetic, compile_model, run_epochs, tell
from inkdigits.training.folder import RunFolder, write_whole
from inkdigits.training.line_batches import LONGEST, LinePlan, Targets, held_batches, stack
from inkdigits.training.line_network import build_line, copy_start, freeze_strokes, with_weights
from inkdigits.training.line_recipe import LineRecipe
from inkdigits.training.recipes import TrainOptions

_BLANK = len(SYMBOLS)
_Batches = Iterator[tuple[NDArray[np.float32], Targets]]


def fit_ends(
    pool: StripPool, recipe: LineRecipe, folder: RunFolder, options: TrainOptions
) -> list[Row]:
    """Train to the first end, from the mean of the ends so far to each other, and save the mean.

    Arguments and errors are those of `fit_line`; the files of each end are in a folder of its own.

    Returns:
        The logs of all ends, one after the other.
    """
    rows: list[Row] = []
    ends: list[Path] = []
    for number in range(recipe.ends):
        part = RunFolder(folder.path / f"end-{number + 1}", folder.name)
        part.path.mkdir(exist_ok=True)
        again = replace(recipe, epochs=recipe.end_epochs, start=str(folder.keras))
        named = _named(options.progress, f"end {number + 1} of {recipe.ends}, ")
        choices = replace(options, seed=options.seed + number, progress=named)
        rows += fit_line(pool, again if ends else recipe, part, choices)
        ends.append(part.keras)
        write_whole(folder.keras, mean_of(ends).save)
    return rows


def _named(progress: Progress, before: str) -> Progress:
    return lambda what, done, total: progress(before + what, done, total)


def mean_of(networks: Sequence[Path]) -> keras.Model:
    """Give the line reader each of whose weights is the mean of those of others.

    Args:
        networks: `.keras` files of line readers, at least one.
    """
    loaded = [keras.saving.load_model(path, compile=False).get_weights() for path in networks]
    return with_weights([np.mean(same, axis=0) for same in zip(*loaded, strict=True)])


def fit_line(
    pool: StripPool, recipe: LineRecipe, folder: RunFolder, options: TrainOptions
) -> list[Row]:
    """Train, or go on training, and save the network with its averaged weights: as `fit.fit`.

    Returns:
        The log, one row an epoch; its accuracies are shares of whole texts read right.

    Raises:
        TrainingError: the pool lacks a side, the start is missing or another network, or the
            checkpoint is damaged.
    """
    plan = LinePlan(pool, recipe, options.seed)
    counts = [len(plan.batches(epoch)) for epoch in range(recipe.epochs)]
    state = State(_compile(recipe, counts, options.seed), Average(recipe.average))
    load_checkpoint(folder.checkpoint, state)
    batches = stream_batches(plan, range(len(state.rows), recipe.epochs), options.workers)

    def learn() -> tuple[float, float]:
        steps = counts[len(state.rows)], recipe.epochs
        return _learn(state, tell(batches, steps, state.rows, options.progress)), 0.0

    validate = partial(_validate, state.model, pool, recipe.batch_px)
    run_epochs(state, folder, recipe.epochs, learn=learn, validate=validate)
    with state.average.lent_to(state.model):
        write_whole(folder.keras, with_weights(state.model.get_weights()).save)
    return state.rows


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
    compile_model(model, recipe, (total, warmup), {"loss": make_loss(recipe)}, clipnorm=5.0)
    return model


def _learn(state: State, batches: _Batches) -> float:
    total, count = 0.0, 0
    for batch, targets in batches:
        total += float(state.model.train_on_batch(batch, targets)) * len(batch)
        count += len(batch)
        state.average.step(state.model)
    return total / max(1, count)


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
