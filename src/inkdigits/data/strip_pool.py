"""A StripSpec, a data folder and a seed in → the strips of composed numbers out, drawn in parallel.

The result depends on the spec, the data, the seed and the code alone: neither on how many
processes drew it nor on how often it was killed and started again.
"""

import os
from dataclasses import dataclass, fields
from functools import lru_cache, partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inkdigits.data.chunks import draw_chunks
from inkdigits.data.compose import Drawing
from inkdigits.data.number_stock import NumberStock, load_number_stock
from inkdigits.data.number_style import sample_number_style
from inkdigits.data.number_text import sample_digits, sample_text
from inkdigits.data.numbers import NumberPicture, compose_number
from inkdigits.data.strokes import read_arrays, save_arrays
from inkdigits.errors import BlankImage
from inkdigits.image.number_ink import find_number_ink
from inkdigits.image.rows import find_rows
from inkdigits.image.strip import to_strip
from inkdigits.sample import FRAME, STRIP_HEIGHT, Box, Strip

KINDS = ("any", "spaced", "touching", "overlapping")
"""Any text in any style, or 2 to 8 digits in one spacing."""

_PLAIN = 0.35  # of any styles are on plain paper, and then as often close as not
_COVERED = 0.85  # of the written width must be in the row that was found
CHUNK = 500
"""Numbers that one process writes before it saves them: some seconds of work."""

_Arrays = dict[str, NDArray[Any]]


@dataclass(frozen=True, slots=True)
class StripSpec:
    """How many numbers are written.

    Attributes:
        learned: by writers to learn from, with any text in any style.
        held: by the writers held back for validation, of each kind in `KINDS`.
        validation_share: of the writers' samples, held back; as in `PoolSpec`.
    """

    learned: int = 100_000
    held: int = 600
    validation_share: float = 0.1


@dataclass(frozen=True, slots=True, eq=False)
class StripPool:
    """Strips and what is written on them, laid end to end.

    Attributes:
        columns: uint8 (C, 32), 0 paper to 255 ink; strip i is
            `columns[offset[i]:offset[i + 1]].T`.
        offset: int64 (N + 1,).
        text: str (N,), what is written, without spaces.
        kind: str (N,), one of `KINDS`.
        validation: bool (N,), whether a writer held back wrote it.
        skipped: int64 (1,), how many numbers gave no strip, or not theirs.
    """

    columns: NDArray[np.uint8]
    offset: NDArray[np.int64]
    text: NDArray[np.str_]
    kind: NDArray[np.str_]
    validation: NDArray[np.bool_]
    skipped: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.text)

    def strip(self, index: int) -> Strip:
        """Give one strip as a network reads it: float32 (32, W), 0 paper to 1 ink."""
        part = self.columns[self.offset[index] : self.offset[index + 1]]
        return np.ascontiguousarray(part.T, np.float32) / np.float32(255)

    @property
    def widths(self) -> NDArray[np.int64]:
        """How wide each strip is, px."""
        return np.diff(self.offset)


@dataclass(frozen=True, slots=True)
class _Work:
    spec: StripSpec
    folder: str | None
    seed: int
    target: Path


def draw_strips(
    spec: StripSpec,
    target: Path,
    folder: str | os.PathLike[str] | None = None,
    how: tuple[int, Drawing] = (0, Drawing()),
) -> StripPool:
    """Write numbers, and cut their strips out of the pictures; go on where a kill left off.

    Args:
        spec: how many.
        target: a folder for the parts, of this spec, seed and data alone.
        folder: the data folder, as for `sources.data_dir`.
        how: the seed; by how many processes, and who is told.

    Raises:
        DataError: a file of the data, or a part, is missing or damaged.
    """
    work = _Work(spec, None if folder is None else os.fspath(folder), how[0], target)
    numbers = range(-(-_count(spec) // CHUNK))
    missing = [number for number in numbers if not _path(work, number).is_file()]
    done = len(numbers) - len(missing)
    how[1].progress("strips", done * CHUNK, _count(spec))
    for _ in draw_chunks(partial(_draw_chunk, work), missing, how[1].workers):
        done += 1
        how[1].progress("strips", min(done * CHUNK, _count(spec)), _count(spec))
    return _joined([_path(work, number) for number in numbers])


def make_strip(stock: NumberStock, kind: str, rng: np.random.Generator) -> tuple[Strip, str] | None:
    """Write a number, and cut its strip out of the picture.

    Args:
        stock: who can write.
        kind: one of `KINDS`.
        rng: all randomness.

    Returns:
        The strip and what is written on it; None where the line was not found in the picture.
    """
    if kind == KINDS[0]:
        plain = KINDS[rng.integers(1, len(KINDS))] if rng.random() < _PLAIN else None
        style = sample_number_style(rng, plain)
        picture = compose_number(stock, sample_text(rng), rng, style)
    else:
        text = sample_digits(int(rng.integers(2, 9)), rng)
        picture = compose_number(stock, text, rng, sample_number_style(rng, kind))
    try:
        ink = find_number_ink(picture.image)
        rows = find_rows(ink)
        if not rows:
            return None
        row = max(rows, key=lambda one: float(one.ink.sum()))
        strip = to_strip(row.ink)
    except BlankImage:
        return None
    scale = ink.shape[1] / picture.image.shape[1]
    fits = strip.shape[1] // FRAME >= frames_needed(picture.label)
    return (strip, picture.label) if fits and _covers(row.box, picture, scale) else None


def frames_needed(text: str) -> int:
    """Give how many answers a text takes at least: one a symbol, and one between repeats."""
    return len(text) + sum(a == b for a, b in pairwise(text))


def save_strips(pool: StripPool, path: Path) -> None:
    """Write strips as npz. They appear under their name only when they are complete."""
    save_arrays(path, {field.name: getattr(pool, field.name) for field in fields(StripPool)})


def load_strips(path: Path) -> StripPool:
    """Read strips that were saved.

    Raises:
        DataError: no such file, or no strips.
    """
    names = [field.name for field in fields(StripPool)]
    return StripPool(**read_arrays(path, names, "strips as npz"))


def _count(spec: StripSpec) -> int:
    return spec.learned + spec.held * len(KINDS)


def _path(work: _Work, number: int) -> Path:
    return work.target / f"strips-{number:05d}.npz"


@lru_cache(maxsize=2)
def _stock(work: _Work, *, held: bool) -> NumberStock:
    return load_number_stock(work.folder, held=held, share=work.spec.validation_share)


def _draw_chunk(work: _Work, number: int) -> int:
    rng = np.random.default_rng(np.random.SeedSequence((work.seed, 2, number)))
    last = min((number + 1) * CHUNK, _count(work.spec))
    made = [_make(work, index, rng) for index in range(number * CHUNK, last)]
    kept = [one for one in made if one is not None]
    columns = [strip.T for strip, _, _, _ in kept] or [np.zeros((0, STRIP_HEIGHT), np.float32)]
    arrays: _Arrays = {
        "columns": np.rint(np.concatenate(columns) * 255).astype(np.uint8),
        "offset": np.cumsum([0, *(strip.shape[1] for strip, _, _, _ in kept)]).astype(np.int64),
        "text": np.array([text for _, text, _, _ in kept], np.str_),
        "kind": np.array([kind for _, _, kind, _ in kept], np.str_),
        "validation": np.array([held for _, _, _, held in kept], np.bool_),
        "skipped": np.array([len(made) - len(kept)], np.int64),
    }
    save_arrays(_path(work, number), arrays)
    return number


def _make(work: _Work, index: int, rng: np.random.Generator) -> tuple[Strip, str, str, bool] | None:
    held = index >= work.spec.learned
    kind = KINDS[(index - work.spec.learned) // work.spec.held] if held else KINDS[0]
    made = make_strip(_stock(work, held=held), kind, rng)
    return None if made is None else (*made, kind, held)


def _joined(paths: list[Path]) -> StripPool:
    parts = [load_strips(path) for path in paths]
    starts = np.cumsum([0, *(len(part.columns) for part in parts)])
    offsets = [part.offset[1:] + start for part, start in zip(parts, starts, strict=False)]
    return StripPool(
        columns=np.concatenate([part.columns for part in parts]),
        offset=np.concatenate([np.zeros(1, np.int64), *offsets]),
        text=np.concatenate([part.text for part in parts]),
        kind=np.concatenate([part.kind for part in parts]),
        validation=np.concatenate([part.validation for part in parts]),
        skipped=np.array([sum(int(part.skipped[0]) for part in parts)], np.int64),
    )


def _covers(found: Box, picture: NumberPicture, scale: float) -> bool:
    left = min(box.left for box in picture.boxes) * scale
    right = max(box.left + box.width for box in picture.boxes) * scale
    shared = min(right, found.left + found.width) - max(left, found.left)
    return shared >= _COVERED * (right - left)
