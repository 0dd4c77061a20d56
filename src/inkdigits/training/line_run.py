"""The line reader's recipe and a folder in → its model file and its card in that folder.

The same four stages as in `run`, each skipped where its result is there: strips, fit, export,
card.
"""

import hashlib
import json
import shutil
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np

from inkdigits.data.chunks import Drawing
from inkdigits.data.fetch import sha256_of
from inkdigits.data.number_stock import NUMBER_SOURCES
from inkdigits.data.sources import find, obtain
from inkdigits.data.strip_pool import StripPool, draw_strips
from inkdigits.data.strokes import load_whole, save_whole
from inkdigits.model.card import LineCard, card_path, write_card
from inkdigits.model.line_model import LineReader, load_line_reader
from inkdigits.model.onnx_model import open_session
from inkdigits.sample import SYMBOLS, Strip
from inkdigits.training.folder import RunFolder, write_whole
from inkdigits.training.licence import licence_of
from inkdigits.training.line_recipe import LineRecipe
from inkdigits.training.line_scores import fit_line_temperature, score_line
from inkdigits.training.recipes import TrainOptions
from inkdigits.training.run import check_keras, read_network, run_stages, write_history

_PARITY_STRIPS = 32
_CALIBRATION_STRIPS, _CALIBRATION_PX = 200, 400
"""Of those to learn from that are no wider, px: nearly all."""


def train_line(recipe: LineRecipe, out: Path, options: TrainOptions) -> Path:
    """Make the line reader, or go on making it; what goes in and out is as for `run.train`.

    `limit` leaves so many numbers to learn from, and a quarter of it of each kind to validate on.
    """
    check_keras()
    if options.limit:
        strips = replace(recipe.strips, learned=options.limit, held=max(1, options.limit // 4))
        fewer = min(options.limit, recipe.strips_per_epoch)
        recipe = replace(recipe, strips=strips, strips_per_epoch=fewer)
    stages = (_obtain_strips, _fit, _export, _write_card)
    return run_stages(recipe, RunFolder(out, recipe.name), options, stages)


def _obtain_strips(recipe: LineRecipe, folder: RunFolder, options: TrainOptions) -> StripPool:
    if not folder.pool.exists():
        parts = folder.path / "parts"
        drawing = Drawing(options.workers, options.progress)
        seed, data = options.seed, options.data_dir
        strips = draw_strips(recipe.strips, parts, data, seed=seed, drawing=drawing)
        save_whole(strips, folder.pool)
        shutil.rmtree(parts, ignore_errors=True)
    return load_whole(StripPool, folder.pool)


def _fit(pool: StripPool, recipe: LineRecipe, folder: RunFolder, options: TrainOptions) -> None:
    from inkdigits.training.line_fit import fit_ends  # noqa: PLC0415 loads Keras

    rows = fit_ends(pool, recipe, folder, options)
    strips = {
        "train_strips": int((~pool.validation).sum()),
        "validation_strips": int(pool.validation.sum()),
    }
    write_history(folder, rows, options, strips)


def _export(pool: StripPool, recipe: LineRecipe, folder: RunFolder, options: TrainOptions) -> None:
    from inkdigits.training.export import export_line  # noqa: PLC0415 loads Keras

    chosen = np.flatnonzero(pool.validation)[:_PARITY_STRIPS].tolist()
    calibration = _calibration(pool, options.seed) if recipe.quantized else []
    export_line(
        read_network(folder), folder.onnx, [pool.strip(index) for index in chosen], calibration
    )


def _calibration(pool: StripPool, seed: int) -> list[Strip]:
    narrow = np.flatnonzero(~pool.validation & (pool.widths <= _CALIBRATION_PX))
    chosen = np.random.default_rng(seed).permutation(narrow)[:_CALIBRATION_STRIPS]
    return [pool.strip(index) for index in chosen.tolist()]


def _write_card(
    pool: StripPool, recipe: LineRecipe, folder: RunFolder, options: TrainOptions
) -> None:
    data = folder.onnx.read_bytes()
    card = LineCard(recipe.name, recipe.version, "".join(SYMBOLS), hashlib.sha256(data).hexdigest())
    reader = LineReader(card, open_session(data, str(folder.onnx)), str(folder.onnx))
    chosen = np.flatnonzero(pool.validation)
    logits = [reader.logits(pool.strip(i)) for i in chosen.tolist()]
    texts, kinds = pool.text[chosen].tolist(), pool.kind[chosen].tolist()
    temperature = fit_line_temperature(logits, texts)
    names = [name for name in NUMBER_SOURCES if find(name, options.data_dir) is not None]
    hashes = {name: sha256_of(obtain(name, options.data_dir)) for name in names}
    card = replace(
        card,
        temperature=temperature,
        recipe=json.loads(json.dumps(asdict(recipe))),
        data=hashes,
        scores=score_line(logits, texts, kinds),
        training=json.loads(folder.history.read_text(encoding="utf-8")),
        licence=licence_of(list(hashes), recipe.start),
    )
    write_whole(card_path(folder.onnx), lambda path: write_card(card, path))
    load_line_reader(folder.onnx)
