"""An npz file of pen strokes in → a checked StrokeSet out, and back."""

import itertools
import os
import secrets
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from inkdigits.errors import DataError

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Whole = TypeVar("Whole", bound="DataclassInstance")
"""A dataclass whose fields are all arrays."""
Stroke = NDArray[np.float32]
"""The points of one pen-down to pen-up, in order. float32 (P, 2), x right, y up."""

MAX_BYTES = 1 << 30
"""An npz that unpacks to more is refused; all of UNIPEN's digits take 7 MB."""


@dataclass(frozen=True, slots=True, eq=False)
class StrokeSet:
    """Characters as pen strokes, ragged arrays laid end to end.

    Attributes:
        points: float32 (P, 2), y up; any unit, the same within a sample.
        stroke_offset: int64 (S + 1,); stroke j is points[stroke_offset[j]:stroke_offset[j + 1]].
        sample_offset: int64 (N + 1,); sample i has the strokes
            sample_offset[i] to sample_offset[i + 1].
        label: str (N,), the character that was written.
        writer_file: str (N,), close to a writer id; begins with the site that collected it.
    """

    points: NDArray[np.float32]
    stroke_offset: NDArray[np.int64]
    sample_offset: NDArray[np.int64]
    label: NDArray[np.str_]
    writer_file: NDArray[np.str_]

    def __len__(self) -> int:
        return len(self.label)

    def strokes_of(self, index: int) -> list[Stroke]:
        """Give the strokes of one sample, in the order they were drawn; empty ones left out."""
        first, last = self.sample_offset[index], self.sample_offset[index + 1]
        bounds = self.stroke_offset[first : last + 1]
        return [self.points[a:b] for a, b in itertools.pairwise(bounds) if b > a]


def load_stroke_set(path: str | os.PathLike[str]) -> StrokeSet:
    """Read a stroke file.

    Raises:
        DataError: no such file, no npz of strokes, or arrays that do not fit together.
    """
    names = [field.name for field in fields(StrokeSet)]
    return _checked(os.fspath(path), read_arrays(path, names, "an npz file of strokes", MAX_BYTES))


def save_whole(whole: "DataclassInstance", path: Path) -> None:
    """Write a dataclass of arrays as npz."""
    save_arrays(path, {field.name: getattr(whole, field.name) for field in fields(whole)})


def load_whole(kind: type[Whole], path: str | os.PathLike[str]) -> Whole:
    """Read a dataclass of arrays that `save_whole` wrote.

    Raises:
        DataError: no such file, or another one.
    """
    names = [field.name for field in fields(kind)]
    return kind(**read_arrays(path, names, f"an npz file of a {kind.__name__}"))


def join_whole(parts: Sequence[Whole]) -> Whole:
    """Put dataclasses of arrays, at least one, one behind the other."""
    names = [field.name for field in fields(parts[0])]
    joined = {name: np.concatenate([getattr(part, name) for part in parts]) for name in names}
    return type(parts[0])(**joined)


def read_arrays(
    path: str | os.PathLike[str], names: Sequence[str], needed: str, max_bytes: int = 0
) -> dict[str, NDArray[Any]]:
    """Read arrays of an npz file.

    Args:
        path: the file.
        names: of the arrays.
        needed: what it should be, for the error.
        max_bytes: the most that the file may unpack to; 0 for no limit.

    Raises:
        DataError: no such file, no npz, an array is missing, or it is too large.
    """
    name = os.fspath(path)
    try:
        if max_bytes:
            with zipfile.ZipFile(name) as archive:
                size = sum(entry.file_size for entry in archive.infolist())
            if size > max_bytes:
                raise DataError(name, f"{size:,} bytes of values", f"at most {max_bytes:,}")
        # NumPy leaves a file that it cannot read open, unless it is ours.
        with Path(name).open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            return {each: arrays[each] for each in names}
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise DataError(name, f"cannot be read ({error})", needed) from error


def save_arrays(path: Path, arrays: dict[str, NDArray[Any]]) -> None:
    """Write an npz file that appears under its name only when it is complete."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        with part.open("xb") as out:
            np.savez_compressed(out, allow_pickle=False, **arrays)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _checked(name: str, parts: dict[str, NDArray[Any]]) -> StrokeSet:
    points, count = parts["points"], len(np.atleast_1d(parts["label"]))
    if points.ndim != 2 or points.shape[1] != 2 or points.dtype.kind not in "fiu":
        raise DataError(name, f"points of shape {points.shape}", "real numbers of shape (P, 2)")
    if not np.isfinite(points).all():
        raise DataError(name, "points that are not finite", "finite numbers")
    _check_offsets(name, parts["stroke_offset"], len(points))
    _check_offsets(name, parts["sample_offset"], len(parts["stroke_offset"]) - 1)
    rows = {"sample_offset": count + 1, "label": count, "writer_file": count}
    for key, length in rows.items():
        if parts[key].shape != (length,):
            raise DataError(name, f"{key} of shape {parts[key].shape}", f"({length},)")
    return StrokeSet(
        points.astype(np.float32, copy=False),
        parts["stroke_offset"].astype(np.int64, copy=False),
        parts["sample_offset"].astype(np.int64, copy=False),
        parts["label"].astype(np.str_, copy=False),
        parts["writer_file"].astype(np.str_, copy=False),
    )


def _check_offsets(name: str, offsets: NDArray[Any], end: int) -> None:
    good = offsets.ndim == 1 and offsets.dtype.kind in "iu" and len(offsets) > 0
    if not good or offsets[0] != 0 or offsets[-1] != end or (offsets[1:] < offsets[:-1]).any():
        raise DataError(name, "offsets that do not fit", f"rising integers from 0 to {end}")
