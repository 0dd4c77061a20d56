"""A folder or a CSV of pictures in → each picture with what it shows out."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from inkdigits.data.pool import NOT_A_DIGIT
from inkdigits.errors import DataError
from inkdigits.sample import CLASSES, Image

SUFFIXES = frozenset({".jfif", ".jpeg", ".jpg", ".mpo", ".png"})
ALLOWED = "0 to 9, or x or not_a_digit for what is no digit"

_LABELS = {
    **{name: int(name) for name in CLASSES},
    "x": NOT_A_DIGIT,
    "not_a_digit": NOT_A_DIGIT,
}
_PATH_COLUMNS = ("path", "file")
_NAME = re.compile(r"(\d(?!\d)|x(?=[_-]|$)|not_a_digit)", re.IGNORECASE)
"""How a labelled file name starts. A second digit would make it a number, maybe a date."""


@dataclass(frozen=True, slots=True, eq=False)
class Labelled:
    """One picture and what it shows.

    Attributes:
        picture: the bytes of a JPEG or PNG, or an image, uint8 (H, W) or (H, W, 3).
        label: 0 to 9, or 10 (`pool.NOT_A_DIGIT`).
        name: short, to show: "7_marker.png", "mnist-test/947".
        number: what is written, where that is a number; its label is then 10.
    """

    picture: bytes | Image
    label: int
    name: str
    number: str = ""

    @property
    def data(self) -> bytes:
        """The picture as a file."""
        return self.picture if isinstance(self.picture, bytes) else encode_png(self.picture)


def find_labelled(path: Path) -> list[tuple[Path, int]]:
    """List the pictures of a folder or a CSV, with their labels.

    Args:
        path: a folder, searched with all folders below it: a picture's label is the nearest
            folder named 0 to 9, x or not_a_digit, else how the file's name starts
            (`7.png`, `7_marker.png`, `x_cat.jpg`). Or a CSV with the columns `path` (or `file`,
            relative to the CSV) and `label`.

    Returns:
        Paths and labels, 0 to 9 or 10 for no digit; a folder's sorted, a CSV's in its order.
        What is in a folder and is no picture, by its suffix, is left out.

    Raises:
        DataError: a label is missing or not allowed, or there is no picture at all.
    """
    if not path.exists():
        raise DataError(str(path), "not there", "a folder of pictures or a CSV")
    found = _in_folder(path) if path.is_dir() else _in_csv(path)
    if not found:
        raise DataError(str(path), "no picture", f"some of {' '.join(sorted(SUFFIXES))}")
    return found


def encode_png(pixels: NDArray[np.uint8]) -> bytes:
    """Write a picture as PNG: uint8, (H, W) grey, (H, W, 3) RGB or (H, W, 4) RGBA."""
    order = {3: cv2.COLOR_RGB2BGR, 4: cv2.COLOR_RGBA2BGRA}
    ordered = cv2.cvtColor(pixels, order[pixels.shape[2]]) if pixels.ndim == 3 else pixels
    return bytes(cv2.imencode(".png", ordered)[1].tobytes())


def _in_folder(folder: Path) -> list[tuple[Path, int]]:
    return [(path, _label_of(path, folder)) for path in sorted(_pictures_below(folder))]


def _pictures_below(folder: Path) -> Iterator[Path]:
    for path in folder.rglob("*"):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if path.suffix.lower() in SUFFIXES and not hidden and path.is_file():
            yield path


def _label_of(path: Path, folder: Path) -> int:
    parents = path.relative_to(folder).parts[:-1]
    named = [part.lower() for part in reversed(parents) if part.lower() in _LABELS]
    if named:
        return _LABELS[named[0]]
    start = _NAME.match(path.stem)
    if start is None:
        needed = f"a folder, or a start of the file's name, of {ALLOWED}: 7_marker.png, x_cat.png"
        raise DataError(str(path), f"no label in {path.name!r}", needed)
    return _LABELS[start[1].lower()]


def _in_csv(path: Path) -> list[tuple[Path, int]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return list(_rows(path, csv.DictReader(file)))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DataError(str(path), f"cannot be read ({error})", "a CSV in UTF-8") from error


def _rows(path: Path, rows: "csv.DictReader[str]") -> Iterator[tuple[Path, int]]:
    columns = [name.strip().lower() for name in rows.fieldnames or ()]
    rows.fieldnames = columns
    of_path = next((name for name in _PATH_COLUMNS if name in columns), None)
    if of_path is None or "label" not in columns:
        found = f"the columns {', '.join(columns) or '(none)'}"
        raise DataError(str(path), found, "the columns path (or file) and label")
    for row in rows:
        place, name = f"{path}, line {rows.line_num}", (row[of_path] or "").strip()
        label = (row["label"] or "").strip()
        if label.lower() not in _LABELS:
            raise DataError(place, f"the label {label!r}", ALLOWED)
        picture = path.parent / name
        if not name or not picture.is_file():
            raise DataError(place, f"no such file as {name!r}", "a path relative to the CSV")
        yield picture, _LABELS[label.lower()]
