"""A data folder in → plans for labelled pictures that are there as files out."""

import csv
import zipfile
import zlib
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from inkdigits.data.folders import data_dir
from inkdigits.data.labelled import Labelled, encode_png
from inkdigits.data.pool import NOT_A_DIGIT
from inkdigits.errors import DataError
from inkdigits.evaluation.suite import Entry, Plan

_WILD = "wild/manifest.csv"
_SLASH = 2
"""The label of mdas_symbols' "/". It looks like a 1, so nobody can be asked to refuse it."""


def plan_files(files: Sequence[tuple[Path, int]], base: Path) -> Plan:
    """Plan for picture files with labels; their names are shown relative to `base`."""

    def make(index: int) -> Labelled:
        path, label = files[index]
        name = path.relative_to(base) if path.is_relative_to(base) else path.name
        try:
            return Labelled(path.read_bytes(), label, str(name))
        except OSError as error:
            found = f"cannot be read ({error.strerror or error})"
            raise DataError(str(path), found, "a JPEG or PNG picture") from error

    return Plan(len(files), make)


def _plan_wild(folder: Path | None, group: str) -> Plan:
    manifest = tune_file(_WILD, folder)
    try:
        with manifest.open(encoding="utf-8-sig", newline="") as file:
            rows = [row for row in csv.DictReader(file) if row["group"] == group]
        files = [(manifest.parent / row["path"], _wild_label(row)) for row in rows]
    except (OSError, ValueError, KeyError, TypeError, csv.Error) as error:
        needed = "a CSV with the columns group, label and path"
        raise DataError(str(manifest), f"cannot be read ({error!r})", needed) from error
    if not files:
        raise DataError(str(manifest), f"no pictures of the group {group}", "at least one")
    return plan_files(files, manifest.parent)


def _wild_label(row: dict[str, str]) -> int:
    return NOT_A_DIGIT if row["group"] == "nondigit" else int(row["label"])


def _plan_set(folder: Path | None, name: str) -> Plan:
    images, labels = _load_set(name, folder)
    return _plan_arrays(name, images, labels)


def _plan_symbols(folder: Path | None) -> Plan:
    images, labels = _load_set("mdas_symbols", folder)
    kept = labels != _SLASH
    return _plan_arrays("mdas", images[kept], np.full(kept.sum(), NOT_A_DIGIT))


def _plan_arrays(name: str, images: NDArray[np.uint8], labels: NDArray[np.int64]) -> Plan:
    def make(index: int) -> Labelled:
        return Labelled(encode_png(images[index]), int(labels[index]), f"{name}/{index}")

    return Plan(len(labels), make)


def _load_set(name: str, folder: Path | None) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    path, needed = tune_file(f"{name}.npz", folder), "uint8 images (N, H, W) and labels (N,)"
    try:
        with np.load(path, allow_pickle=False) as arrays:
            images, labels = arrays["images"], arrays["labels"].astype(np.int64)
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise DataError(str(path), f"cannot be read ({error})", needed) from error
    if images.ndim != 3 or images.dtype != np.uint8 or labels.shape != images.shape[:1]:
        raise DataError(str(path), f"{images.dtype} {images.shape}, {labels.shape}", needed)
    return images, labels


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
    Entry(f"wild/{group}", about, "digits", f"tune/{_WILD}", partial(_plan_wild, group=group))
    for group, about in (
        ("paint", "digits that people drew in paint programs and on canvases"),
        ("small", "uploads of at most 32 px, many of them MNIST-like"),
        ("photo", "digits on paper, photographed"),
        ("photo_crops", "digits cut out of photographs of pages"),
    )
)
SETS = tuple(
    Entry(name, about, "digits", f"tune/{name}.npz", partial(_plan_set, name=name))
    for name, about in (
        ("optdigits", "digits of 43 people, 32×32, black and white; never trained on"),
        ("semeion", "digits of about 80 people, 16×16, black and white; never trained on"),
        ("hwd1000", "1,000 digits, 28×28, dark on light; never trained on"),
    )
)
NO_DIGITS_OF_SETS = (
    Entry(
        "not-a-digit/nondigit",
        "pictures that people uploaded and that show no digit",
        "not-a-digit",
        f"tune/{_WILD}",
        partial(_plan_wild, group="nondigit"),
    ),
    Entry(
        "not-a-digit/mdas",
        "plus, divided by, times, dot, minus as 28×28 uploads; without /, which looks like a 1",
        "not-a-digit",
        "tune/mdas_symbols.npz",
        _plan_symbols,
    ),
)
