"""Strips and a recipe in → the mean of several ends of one training, saved as one network.

An end of training is off the middle of a wide valley, each in another direction. The mean of ends
that began from the same weights lies nearer to it, and reads better than any of them.

Source:
    Izmailov et al., "Averaging Weights Leads to Wider Optima and Better Generalization" (2018).
"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import keras
import numpy as np

from inkdigits.data.fetch import Progress
from inkdigits.data.strip_pool import StripPool
from inkdigits.training.checkpoint import Row
from inkdigits.training.fit import FitOptions
from inkdigits.training.folder import RunFolder, write_whole
from inkdigits.training.line_fit import fit_line
from inkdigits.training.line_network import with_weights
from inkdigits.training.line_recipe import LineRecipe


def fit_ends(
    pool: StripPool, recipe: LineRecipe, folder: RunFolder, options: FitOptions
) -> list[Row]:
    """Train to the first end, from the mean of the ends so far to each other, and save the mean.

    Args:
        pool: strips, texts and their split.
        recipe: every hyperparameter.
        folder: claimed by this run. `model.keras` is written there, and the files of each end in
            a folder of its own, from which a run that was killed goes on.
        options: seed, threads, progress.

    Returns:
        The logs of all ends, one after the other.

    Raises:
        TrainingError: as `fit_line`.
    """
    rows: list[Row] = []
    ends: list[Path] = []
    for number in range(recipe.ends):
        part = RunFolder(folder.path / f"end-{number + 1}", folder.name)
        part.path.mkdir(exist_ok=True)
        again = replace(recipe, epochs=recipe.end_epochs, start=str(folder.keras))
        tell = _named(options.progress, f"end {number + 1} of {recipe.ends}, ")
        choices = replace(options, seed=options.seed + number, progress=tell)
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
