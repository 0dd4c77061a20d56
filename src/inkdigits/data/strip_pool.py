"""A StripSpec, a data folder and a seed in → the strips of composed numbers out, drawn in parallel.

The result depends on the spec, the data, the seed and the code alone: neither on how many
processes drew it nor on how often it was killed and started again.
"""

from dataclasses import dataclass, replace
from functools import lru_cache, partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inkdigits.data.chunks import Drawing, draw_chunks
from inkdigits.data.number_stock import NumberStock, load_number_stock
from inkdigits.data.number_style import sample_number_style
from inkdigits.data.number_text import sample_digits, sample_text
from inkdigits.data.numbers import NumberPicture, compose_number
from inkdigits.data.strokes import join_whole, load_whole
from inkdigits.errors import BlankImage
from inkdigits.image.number_ink import find_number_ink
from inkdigits.image.rows import find_rows
from inkdigits.image.strip import to_strip
from inkdigits.sample import FRAME, STRIP_HEIGHT, Box, Strip

KINDS = ("any", "spaced", "touching", "overlapping")
"""Any text in any style, or 2 to 8 digits in one spacing."""

_PLAIN = 0.35  # of any styles are on plain paper, and then as often close as not
_COVERED = 0.85  # of the written width must be in the row that was found

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


def draw_strips(
    spec: StripSpec,
    target: Path,
    folder: Path | None = None,
    *,
    seed: int = 0,
    drawing: Drawing = Drawing(),
) -> StripPool:
    """Write numbers, and cut their strips out of the pictures; go on where a kill left off.

    Args:
        spec: how many.
        target: a folder for the parts, of this spec, seed and data alone.
        folder: the data folder, as for `sources.data_dir`.
        seed: of everything random.
        drawing: by how many processes, and who is told.

    Raises:
        DataError: a file of the data, or a part, is missing or damaged.
    """
    count = spec.learned + spec.held * len(KINDS)
    draw = partial(_draw_chunk, spec, folder, seed)
    return _joined(draw_chunks(draw, count, target, "strips", drawing))


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


@lru_cache(maxsize=2)
def _stock(folder: Path | None, share: float, *, held: bool) -> NumberStock:
    return load_number_stock(folder, held=held, share=share)


def _draw_chunk(
    spec: StripSpec, folder: Path | None, seed: int, number: int, part: range
) -> _Arrays:
    rng = np.random.default_rng(np.random.SeedSequence((seed, 2, number)))
    made = [_make(spec, folder, index, rng) for index in part]
    kept = [one for one in made if one is not None]
    columns = [strip.T for strip, _, _, _ in kept] or [np.zeros((0, STRIP_HEIGHT), np.float32)]
    return {
        "columns": np.rint(np.concatenate(columns) * 255).astype(np.uint8),
        "offset": np.cumsum([0, *(strip.shape[1] for strip, _, _, _ in kept)]).astype(np.int64),
        "text": np.array([text for _, text, _, _ in kept], np.str_),
        "kind": np.array([kind for _, _, kind, _ in kept], np.str_),
        "validation": np.array([held for _, _, _, held in kept], np.bool_),
        "skipped": np.array([len(made) - len(kept)], np.int64),
    }


def _make(
    spec: StripSpec, folder: Path | None, index: int, rng: np.random.Generator
) -> tuple[Strip, str, str, bool] | None:
    held = index >= spec.learned
    kind = KINDS[(index - spec.learned) // spec.held] if held else KINDS[0]
    made = make_strip(_stock(folder, spec.validation_share, held=held), kind, rng)
    return None if made is None else (*made, kind, held)


def _joined(paths: list[Path]) -> StripPool:
    parts = [load_whole(StripPool, path) for path in paths]
    starts = np.cumsum([0, *(len(part.columns) for part in parts)])
    offsets = [part.offset[1:] + start for part, start in zip(parts, starts, strict=False)]
    return replace(
        join_whole(parts),
        offset=np.concatenate([np.zeros(1, np.int64), *offsets]),
        skipped=np.array([sum(int(part.skipped[0]) for part in parts)], np.int64),
    )


def _covers(found: Box, picture: NumberPicture, scale: float) -> bool:
    left = min(box.left for box in picture.boxes) * scale
    right = max(box.left + box.width for box in picture.boxes) * scale
    shared = min(right, found.left + found.width) - max(left, found.left)
    return shared >= _COVERED * (right - left)
