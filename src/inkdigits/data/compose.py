"""A PoolSpec, a data folder and a seed in → a Pool out, drawn by several processes.

The result depends on the spec, the data, the seed and the code alone: neither on how many
processes drew it nor on how often it was killed and started again.
"""

import json
import os
import shutil
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict
from functools import lru_cache, partial
from hashlib import sha256
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from inkdigits.data.chunks import CHUNK, Drawing, draw_chunks
from inkdigits.data.folders import cache_dir, data_dir
from inkdigits.data.making import Made, make, plan_jobs
from inkdigits.data.pool import SOURCE_NAMES, Pool, PoolSpec
from inkdigits.data.stock import Stock, hash_inputs, load_stock
from inkdigits.data.strokes import load_whole, save_whole
from inkdigits.errors import DataError

_WITHOUT_EFFECT = (
    *("augment", "chunks", "corrupt", "drawings", "edges", "fetch", "form_lines", "hand", "idx"),
    *("labelled", "pieces", "plasma", "rows", "runs", "seams", "sources", "stages", "tables"),
    "unipen",
)
"""A change in the files of these names leaves a pool as it was."""
_OF_NUMBERS = ("number", "strip")
"""So do those whose names begin like this: they are for numbers, and for strips of them."""

_Arrays = dict[str, NDArray[Any]]


def compose(
    spec: PoolSpec,
    folder: str | os.PathLike[str] | None = None,
    seed: int = 0,
    drawing: Drawing = Drawing(),
) -> Pool:
    """Draw a pool, or take it from the cache where the very same one was drawn before.

    Every picture goes through the image line. Pictures that it finds blank, or in which it
    finds something else than was drawn, are left out and counted in `Pool.skipped`.

    Args:
        spec: what, and how much of it.
        folder: the data folder, as for `sources.data_dir`.
        seed: of everything random but the choice of the validation writers.
        drawing: by how many processes, and who is told.

    Returns:
        The pool, in the order of the spec.

    Raises:
        DataError: data that the spec needs are missing or damaged, or the spec is no good.
    """
    _check(spec)
    base = data_dir(folder)
    hashes = hash_inputs(spec, base, drawing.progress)
    key = _key(spec, seed, hashes)
    target = cache_dir() / "pools" / f"{key}.npz"
    if target.is_file():
        return load_whole(Pool, target)
    count, parts = len(_jobs(spec, base, seed)), target.with_suffix("")
    paths = draw_chunks(partial(_draw_chunk, spec, base, seed), count, parts, "pool", drawing)
    pool = _assemble(paths, hashes)
    save_whole(pool, target)
    shutil.rmtree(parts, ignore_errors=True)
    return pool


def _check(spec: PoolSpec) -> None:
    numbers = asdict(spec)
    share = numbers.pop("validation_share")
    if min(numbers.values()) < 0 or not any(numbers.values()) or not 0 <= share <= 0.5:
        raise DataError("the pool's spec", f"{spec}", "counts from 0, one above, a share to 0.5")


def _key(spec: PoolSpec, seed: int, hashes: dict[str, str]) -> str:
    """Name a pool by all that decides what is in it, the code of the line and renderer included."""
    rooms = Path(__file__).parent.parent
    files = [
        file
        for pattern in ("image/*.py", "data/*.py", "data/*.toml")
        for file in rooms.glob(pattern)
        if file.stem not in _WITHOUT_EFFECT and not file.name.startswith(_OF_NUMBERS)
    ]
    code = {str(file.relative_to(rooms)): sha256(file.read_bytes()).hexdigest() for file in files}
    versions = {"numpy": np.__version__, "opencv": cv2.__version__, "chunk": CHUNK}
    parts = [asdict(spec), seed, hashes, code, versions]
    return sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:24]


@lru_cache(maxsize=1)
def _stock(spec: PoolSpec, folder: Path | None) -> Stock:
    return load_stock(spec, folder)


def _jobs(spec: PoolSpec, folder: Path | None, seed: int) -> NDArray[np.int64]:
    return plan_jobs(spec, _stock(spec, folder), seed)


def _draw_chunk(
    spec: PoolSpec, folder: Path | None, seed: int, number: int, part: range
) -> _Arrays:
    jobs, stock = _jobs(spec, folder, seed)[part.start : part.stop], _stock(spec, folder)
    rng = np.random.default_rng(np.random.SeedSequence((seed, 1, number)))
    made = [make(stock, source, index, rng) for source, index in jobs.tolist()]
    return _arrays(made, jobs[:, 0])


def _arrays(made: Iterable[Made], sources: NDArray[np.int64]) -> _Arrays:
    pairs = list(zip(made, [SOURCE_NAMES[source] for source in sources.tolist()], strict=True))
    kept = [(one, source) for one, source in pairs if not one.lost]
    return {
        "samples": np.array([one.sample for one, _ in kept], np.uint8).reshape(-1, 28, 28),
        "labels": np.array([one.label for one, _ in kept], np.int8),
        "source": np.array([source for _, source in kept], np.str_),
        "writer": np.array([one.writer for one, _ in kept], np.str_),
        "validation": np.array([one.held for one, _ in kept], np.bool_),
        "skipped": np.array([f"{source} {one.lost}" for one, source in pairs if one.lost], np.str_),
    }


def _assemble(paths: list[Path], hashes: dict[str, str]) -> Pool:
    parts = [dict(np.load(path, allow_pickle=False)) for path in paths]
    joined = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    skipped = sorted(Counter(joined.pop("skipped").tolist()).items())
    return Pool(
        **joined,
        train=~joined["validation"],
        inputs=np.array(sorted(hashes.items()), np.str_).reshape(-1, 2),
        skipped=np.array(skipped, np.str_).reshape(-1, 2),
    )
