"""A PoolSpec, a data folder and a seed in → a Pool out, drawn by several processes.

The result depends on the spec, the data, the seed and the code alone: neither on how many
processes drew it nor on how often it was killed and started again.
"""

import json
import os
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from functools import lru_cache, partial
from hashlib import sha256
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from inkdigits.data.chunks import draw_chunks
from inkdigits.data.fetch import Progress, no_progress
from inkdigits.data.folders import cache_dir, data_dir
from inkdigits.data.making import Made, make, plan_jobs
from inkdigits.data.pool import SOURCE_NAMES, Pool, PoolSpec, load_pool, save_pool
from inkdigits.data.stock import Stock, hash_inputs, load_stock
from inkdigits.data.strokes import save_arrays
from inkdigits.errors import DataError

__all__ = ["Drawing", "Pool", "PoolSpec", "compose"]

CHUNK = 500
"""Pictures that one process draws before it saves them: some seconds of work."""

_WITHOUT_EFFECT = frozenset(
    [
        "augment",
        "chunks",
        "corrupt",
        "drawings",
        "edges",
        "fetch",
        "form_lines",
        "hand",
        "idx",
        "labelled",
        "pieces",
        "plasma",
        "rows",
        "runs",
        "seams",
        "sources",
        "stages",
        "tables",
        "unipen",
    ]
)
"""A change in the files of these names leaves a pool as it was."""
_OF_NUMBERS = ("number", "strip")
"""So do those whose names begin like this: they are for numbers, and for strips of them."""

_Arrays = dict[str, NDArray[Any]]


@dataclass(frozen=True, slots=True)
class _Work:
    spec: PoolSpec
    folder: Path | None
    seed: int
    target: Path


@dataclass(frozen=True, slots=True)
class Drawing:
    """How a pool is drawn, which does not change it.

    Attributes:
        workers: processes; 1 draws in this one.
        progress: told "pool", how many pictures are drawn, and how many there will be.
    """

    workers: int = 1
    progress: Progress = no_progress


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
        return load_pool(target)
    work = _Work(spec, base, seed, target.with_suffix(""))
    count = len(_jobs(work))
    parts = list(_draw_all(work, count, drawing))
    pool = _assemble(parts, hashes)
    save_pool(pool, target)
    shutil.rmtree(work.target, ignore_errors=True)
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
def _stock(work: _Work) -> Stock:
    return load_stock(work.spec, work.folder)


def _jobs(work: _Work) -> NDArray[np.int64]:
    return plan_jobs(work.spec, _stock(work), work.seed)


def _draw_all(work: _Work, count: int, drawing: Drawing) -> Iterator[_Arrays]:
    """Draw the chunks that are not there yet, in any order; give all of them in theirs."""
    numbers = range(-(-count // CHUNK))
    missing = [number for number in numbers if not _chunk_path(work, number).is_file()]
    done = min(count, (len(numbers) - len(missing)) * CHUNK)
    drawing.progress("pool", done, count)
    for _ in draw_chunks(partial(_draw_chunk, work), missing, drawing.workers):
        done = min(count, done + CHUNK)
        drawing.progress("pool", done, count)
    for number in numbers:
        with np.load(_chunk_path(work, number), allow_pickle=False) as arrays:
            yield dict(arrays)


def _draw_chunk(work: _Work, number: int) -> int:
    jobs = _jobs(work)[number * CHUNK : (number + 1) * CHUNK]
    rng = np.random.default_rng(np.random.SeedSequence((work.seed, 1, number)))
    stock = _stock(work)
    made = [make(stock, source, index, rng) for source, index in jobs.tolist()]
    save_arrays(_chunk_path(work, number), _arrays(made, jobs[:, 0]))
    return number


def _chunk_path(work: _Work, number: int) -> Path:
    return work.target / f"chunk-{number:05d}.npz"


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


def _assemble(parts: list[_Arrays], hashes: dict[str, str]) -> Pool:
    joined = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    skipped = sorted(Counter(joined.pop("skipped").tolist()).items())
    return Pool(
        **joined,
        train=~joined["validation"],
        inputs=np.array(sorted(hashes.items()), np.str_).reshape(-1, 2),
        skipped=np.array(skipped, np.str_).reshape(-1, 2),
    )
