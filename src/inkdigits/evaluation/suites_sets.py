"""A data folder in → plans for labelled pictures that are there as files out."""

import csv
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inkdigits.data.folders import data_dir
from inkdigits.data.labelled import Labelled, encode_png
from inkdigits.data.pool import NOT_A_DIGIT
from inkdigits.data.strokes import read_arrays
from inkdigits.errors import DataError
from inkdigits.evaluation.suite import Plan, entry

_WILD = "wild/manifest.csv"
_SLASH = 2
"""The label of mdas_symbols' "/". It looks like a 1, so nobody can be asked to refuse it."""


def plan_files(files: Sequence[tuple[Path, int]], base: Path) -> Plan:
    """Plan for picture files with labels; their names are shown relative to `base`."""

    def make(index: int) -> Labelled:
        path, label = files[index]
        name = path.relative_to(base) if path.is_relative_to(base) else path.name
        return Labelled(read_picture(path), label, str(name))

    return Plan(len(files), make)


def read_picture(path: Path) -> bytes:
    """Read a picture file.

    Raises:
        DataError: it cannot be read.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        found = f"cannot be read ({error.strerror or error})"
        raise DataError(str(path), found, "a JPEG or PNG picture") from error


def wild_files(
    folder: Path | None, group: str, label_of: Callable[[str], Any]
) -> list[tuple[Path, Any]]:
    """Find what people drew and photographed: the pictures of a group, with their labels.

    Raises:
        DataError: there is no manifest, or none of that group in it.
    """
    manifest = tune_file(_WILD, folder)
    try:
        with manifest.open(encoding="utf-8-sig", newline="") as file:
            rows = [row for row in csv.DictReader(file) if row["group"] == group]
        files = [(manifest.parent / row["path"], label_of(row["label"])) for row in rows]
    except (OSError, ValueError, KeyError, TypeError, csv.Error) as error:
        needed = "a CSV with the columns group, label and path"
        raise DataError(str(manifest), f"cannot be read ({error!r})", needed) from error
    if not files:
        raise DataError(str(manifest), f"no pictures of the group {group}", "at least one")
    return files


def _plan_wild(folder: Path | None, name: str) -> Plan:
    group = name.rpartition("/")[2]
    label_of = (lambda _: NOT_A_DIGIT) if group == "nondigit" else int
    return plan_files(wild_files(folder, group, label_of), tune_file(_WILD, folder).parent)


def _plan_set(folder: Path | None, name: str) -> Plan:
    images, labels = _load_set(name, folder)
    return _plan_arrays(name, images, labels)


def _plan_symbols(folder: Path | None, _name: str) -> Plan:
    images, labels = _load_set("mdas_symbols", folder)
    kept = labels != _SLASH
    return _plan_arrays("mdas", images[kept], np.full(kept.sum(), NOT_A_DIGIT))


def _plan_arrays(name: str, images: NDArray[np.uint8], labels: NDArray[np.int64]) -> Plan:
    def make(index: int) -> Labelled:
        return Labelled(encode_png(images[index]), int(labels[index]), f"{name}/{index}")

    return Plan(len(labels), make)


def _load_set(name: str, folder: Path | None) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    path, needed = tune_file(f"{name}.npz", folder), "uint8 images (N, H, W) and labels (N,)"
    arrays = read_arrays(path, ("images", "labels"), needed)
    images, labels = arrays["images"], arrays["labels"]
    fit = labels.shape == images.shape[:1] and labels.dtype.kind in "iuf"
    if images.ndim != 3 or images.dtype != np.uint8 or not fit:
        raise DataError(str(path), f"{images.dtype} {images.shape}, {labels.shape}", needed)
    return images, labels.astype(np.int64)


def tune_file(name: str, folder: Path | None) -> Path:
    """Find a file of the data folder, in `tune/` or beside it.

    Raises:
        DataError: there is no data folder, or no such file in it.
    """
    base = data_dir(folder)
    if base is None:
        raise DataError(name, "no data folder", "INKDIGITS_DATA, or --data")
    paths = [base / "tune" / name, base / name]
    found = next((path for path in paths if path.is_file()), None)
    if found is None:
        raise DataError(str(base), f"no tune/{name}", "a data folder that has it")
    return found


WILD = tuple(
    entry(f"wild/{group}", _plan_wild) for group in ("paint", "small", "photo", "photo_crops")
)
SETS = tuple(entry(name, _plan_set) for name in ("optdigits", "semeion", "hwd1000"))
NO_DIGITS_OF_SETS = (
    entry("not-a-digit/nondigit", _plan_wild),
    entry("not-a-digit/mdas", _plan_symbols),
)
