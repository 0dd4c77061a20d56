"""A recipe and a folder in → a model file and its card in that folder.

Four stages, each skipped where its result is there: pool, fit, export, card. The first two are
long and go on where they were killed; the last two may be done later, on another machine or on
another of Keras's backends.
"""

import datetime as dt
import hashlib
import json
import os
import platform
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from inkdigits.data.chunks import Drawing
from inkdigits.data.compose import compose
from inkdigits.data.pool import Pool, PoolSpec
from inkdigits.data.strokes import load_whole, save_whole
from inkdigits.errors import TrainingError, require
from inkdigits.model.card import Card, card_path, write_card
from inkdigits.sample import SIDE
from inkdigits.training.batches import to_samples
from inkdigits.training.folder import RunFolder, claim, write_whole
from inkdigits.training.licence import licence_of
from inkdigits.training.own import OWN, add_own, count_own
from inkdigits.training.recipes import Recipe, TrainOptions, leave_out_missing
from inkdigits.training.scores import Validation, fit_policy, score
from inkdigits.training.weights import find_weights, load_network

if TYPE_CHECKING:
    import keras

    from inkdigits.training.checkpoint import Row

_PARITY_SAMPLES = 256
_CALIBRATION_SAMPLES = 1_000


def train(recipe: Recipe, out: Path, options: TrainOptions) -> Path:
    """Make the model of a recipe, or go on making it.

    Args:
        recipe: every hyperparameter.
        out: a new folder, or that of the same run killed before.
        options: data, seed, workers, progress; one's own pictures.

    Returns:
        The path of the ONNX file; its card lies beside it.

    Raises:
        TrainingError: the folder belongs to another run, the pool or one's own pictures do not
            fit the recipe, its start is missing, or Keras's backend cannot write ONNX.
        DataError: data are missing or damaged.
        MissingExtra: Keras or what it needs to write ONNX is not installed.
        BrokenModel: the written file disagrees with the network.
    """
    check_keras()
    _check_own(recipe, options)
    recipe = leave_out_missing(recipe, options.data_dir)
    if options.limit:
        fewer = min(options.limit, recipe.samples_per_epoch)
        recipe = replace(recipe, samples_per_epoch=fewer)
    return run_stages(recipe, RunFolder(out, recipe.name), options, _STAGES)


def run_stages(
    recipe: Any, folder: RunFolder, options: TrainOptions, stages: tuple[Callable[..., Any], ...]
) -> Path:
    """Do what is left of the stages of a run: obtain the pool, fit, export, write the card."""
    claim(folder, _identity(recipe, options))
    obtain, fit, *others = stages
    pool = obtain(recipe, folder, options)
    if not folder.history.exists():
        fit(pool, recipe, folder, options)
    made = {"export": folder.onnx, "card": card_path(folder.onnx)}
    for (name, path), stage in zip(made.items(), others, strict=True):
        if not path.exists():
            options.progress(name, 0, 1)
            stage(pool, recipe, folder, options)
            options.progress(name, 1, 1)
    return folder.onnx


def check_keras() -> None:
    """Make sure that Keras is there, before the long work.

    Raises:
        MissingExtra: it is not.
    """
    require("training", "train", "keras")
    # TensorFlow's notes about itself would run through the progress bars.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")


def _check_own(recipe: Recipe, options: TrainOptions) -> None:
    wanted = OWN in dict(recipe.source_shares)
    if wanted and options.own is None:
        raise TrainingError(recipe.name, "no pictures of your own", "--images, a folder or a CSV")
    if options.own is not None and not wanted:
        found = "it has no share for pictures of your own"
        raise TrainingError(recipe.name, found, "a recipe that has, as finetune does")


def _identity(recipe: Any, options: TrainOptions) -> dict[str, Any]:
    """Name whatever makes two runs different."""
    identity = {"recipe": asdict(recipe), "seed": options.seed, "limit": options.limit}
    if recipe.start:
        identity["start_sha256"] = find_weights(recipe.start, "start").sha256
    if options.own is not None:
        identity["own_sha256"] = options.own.sha256
    return identity


def _obtain_pool(recipe: Recipe, folder: RunFolder, options: TrainOptions) -> Pool:
    # Kept with the run: a run that goes on elsewhere, or after a change to the image line,
    # must go on with the very samples it began with.
    if not folder.pool.exists():
        spec = _reduce(recipe.pool, options.limit)
        drawing = Drawing(options.workers, options.progress)
        pool = compose(spec, options.data_dir, options.seed, drawing)
        pool = _sample(pool, options)
        save_whole(pool if options.own is None else add_own(pool, options.own), folder.pool)
    pool = load_whole(Pool, folder.pool)
    # A recipe of ten classes learns from the digits of the pool that all recipes share.
    return pool.take(pool.labels < recipe.classes)


def _reduce(spec: PoolSpec, limit: int) -> PoolSpec:
    """Draw no more pictures than a trial needs; MNIST itself comes whole."""
    if not limit:
        return spec
    drawn = ("mnist_restyled", "digit_strokes", "negatives", "composed", "rare", "scribbled")
    return replace(spec, **{name: min(limit, getattr(spec, name)) for name in drawn})


def _sample(pool: Pool, options: TrainOptions) -> Pool:
    """Leave at most `limit` samples of a pool, as many of each source."""
    if not 0 < options.limit < len(pool):
        return pool
    rng = np.random.default_rng(options.seed)
    names = np.unique(pool.source)
    each = max(1, options.limit // len(names))
    members = [rng.permutation(np.flatnonzero(pool.source == name))[:each] for name in names]
    return pool.take(np.sort(np.concatenate(members)))


def _fit(pool: Pool, recipe: Recipe, folder: RunFolder, options: TrainOptions) -> None:
    from inkdigits.training.fit import fit  # noqa: PLC0415 loads Keras

    rows = fit(pool, recipe, folder, options)
    history: dict[str, Any] = {
        "train_samples": int(pool.train.sum()),
        "validation_samples": int(pool.validation.sum()),
    }
    if recipe.start:
        history["start"] = _judge_start(pool, recipe)
    if options.own is not None:
        history["own"] = count_own(options.own)
    write_history(folder, rows, options, history)


def write_history(
    folder: RunFolder, rows: Sequence["Row"], options: TrainOptions, more: dict[str, Any]
) -> None:
    """Write down how a network was trained, for its card.

    Args:
        folder: of the run.
        rows: of its log, one an epoch.
        options: of the run.
        more: what else there is to say.
    """
    import keras  # noqa: PLC0415 takes seconds

    history = {
        "seed": options.seed,
        "backend": keras.backend.backend(),
        "versions": _versions(keras.backend.backend()),
        "duration_s": round(sum(row.seconds for row in rows), 1),
        "date": dt.datetime.now(dt.UTC).date().isoformat(),
        "epochs": len(rows),
        "limit": options.limit,
        **more,
    }
    text = json.dumps(history, indent=2) + "\n"
    write_whole(folder.history, lambda path: path.write_text(text, encoding="utf-8"))


def _judge_start(pool: Pool, recipe: Recipe) -> dict[str, Any]:
    """Say how good the model was that this one goes on from, on the same validation samples."""
    from inkdigits.training.fit import read_logits  # noqa: PLC0415 loads Keras

    start = find_weights(recipe.start, "start")
    chosen = np.flatnonzero(pool.validation)
    logits = read_logits(load_network(start, "start"), to_samples(pool, chosen))
    validation = Validation(logits, pool.labels[chosen], pool.source[chosen])
    scores = score(validation, fit_policy(validation, recipe))
    return {"name": start.name, "sha256": start.sha256, "scores": scores}


def _export(pool: Pool, recipe: Recipe, folder: RunFolder, options: TrainOptions) -> None:
    from inkdigits.training.export import export  # noqa: PLC0415 loads Keras

    chosen = np.flatnonzero(pool.validation)[:_PARITY_SAMPLES]
    calibration = to_samples(pool, _calibration(pool, options.seed)) if recipe.quantized else None
    export(read_network(folder), folder.onnx, to_samples(pool, chosen), calibration)


def _calibration(pool: Pool, seed: int) -> NDArray[np.intp]:
    rng = np.random.default_rng(seed)
    return rng.permutation(np.flatnonzero(pool.train))[:_CALIBRATION_SAMPLES]


def read_network(folder: RunFolder) -> "keras.Model":
    """Load what was trained."""
    import keras  # noqa: PLC0415 takes seconds

    return keras.saving.load_model(folder.keras, compile=False)


def _write_card(pool: Pool, recipe: Recipe, folder: RunFolder, _options: TrainOptions) -> None:
    from inkdigits.model.loading import load_model  # noqa: PLC0415 a GPU machine may lack it

    chosen = np.flatnonzero(pool.validation)
    logits = load_model(folder.onnx).logits(to_samples(pool, chosen))
    validation = Validation(logits, pool.labels[chosen], pool.source[chosen])
    policy = fit_policy(validation, recipe)
    card = Card(
        name=recipe.name,
        version=recipe.version,
        classes=recipe.classes,
        input_shape=(SIDE, SIDE),
        output="logits",
        sha256=hashlib.sha256(folder.onnx.read_bytes()).hexdigest(),
        preprocessing="line",
        temperature=policy.temperature,
        min_confidence=policy.min_confidence,
        max_not_a_digit=policy.max_not_a_digit,
        target_error=recipe.target_error,
        recipe=json.loads(json.dumps(asdict(recipe))),
        data=pool.hashes,
        scores=score(validation, policy),
        training=json.loads(folder.history.read_text(encoding="utf-8")),
        licence=licence_of(list(pool.hashes), recipe.start),
    )
    write_whole(card_path(folder.onnx), lambda path: write_card(card, path))


_STAGES = (_obtain_pool, _fit, _export, _write_card)


def _versions(backend: str) -> dict[str, Any]:
    """Name the versions of what decides the weights."""
    names = ("inkdigits", "keras", backend, "numpy", "opencv-python-headless")
    found = {"python": platform.python_version()}
    for name in names:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            found[name] = "not installed as a package"
    return found
