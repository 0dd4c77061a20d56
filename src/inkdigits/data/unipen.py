"""A folder with the original UNIPEN text files in → the strokes of its isolated characters out."""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import numpy as np

from inkdigits.data.fetch import Progress, no_progress
from inkdigits.data.strokes import Stroke, StrokeSet
from inkdigits.errors import DataError

Kind = Literal["digits", "upper", "lower", "symbols"]

FOLDERS: dict[Kind, str] = {"digits": "1a", "upper": "1b", "lower": "1c", "symbols": "1d"}
"""UNIPEN's names for its collections of isolated characters, below `data/`."""

MAX_FILE_BYTES = 1 << 26
_MAX_DEPTH = 8
_ESCAPES = {'\\"': '"', "\\\\": "\\", "\\t": "\t", "\\n": "\n"}
_SEGMENT = re.compile(r'^CHARACTER\s+([\d:,\-]+)\s+(\S+)\s+"((?:[^"\\]|\\.)+)"', re.DOTALL)
_PART = re.compile(r"^(\d+)(?::(\d+))?(?:-(\d+)(?::(\d+))?)?$")


@dataclass(frozen=True, slots=True)
class Imported:
    """What was found, and each file or segment that could not be read, and why."""

    strokes: StrokeSet
    problems: tuple[str, ...]


@dataclass(slots=True)
class _Reading:
    """One labelled file while it is read, with all that it includes."""

    root: Path
    columns: tuple[int, int, int] = (0, 1, 2)
    components: list[tuple[bool, Stroke]] = field(default_factory=list)
    segments: list[tuple[str, str]] = field(default_factory=list)


def import_unipen(
    archive_dir: str | os.PathLike[str], kind: Kind = "digits", progress: Progress = no_progress
) -> Imported:
    """Read the isolated characters of one kind from an unpacked train_r01_v07.

    Args:
        archive_dir: the folder that holds `data/` and `include/`; where there is no
            `data/1a` (or `1b`, …), all files below are read.
        kind: which characters. Others, and those marked BAD, are left out.
        progress: told how many files are read.

    Returns:
        The strokes, and what could not be read: the archive holds some damaged files.

    Raises:
        DataError: no such folder, or nothing of this kind in it.

    Source:
        Guyon, Schomaker, Plamondon, Liberman, Janet, "UNIPEN project of on-line data exchange
        and recognizer benchmarks" (1994), and the UNIPEN 1.0 format definition.
    """
    root = Path(archive_dir).resolve()
    folder = root / "data" / FOLDERS[kind]
    folder = folder if folder.is_dir() else root
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    found: list[tuple[str, Path, list[Stroke]]] = []
    problems: list[str] = []
    for number, path in enumerate(paths, 1):
        try:
            for label, strokes in _read_file(path, root, problems):
                if _is_of(kind, label):
                    found.append((label, path.relative_to(folder), strokes))
        except DataError as error:
            problems.append(str(error))
        progress("unipen", number, len(paths))
    if not found:
        raise DataError(str(root), f"no {kind} in {len(paths)} files", "UNIPEN's train_r01_v07")
    return Imported(_assemble(found), tuple(problems))


def _is_of(kind: Kind, label: str) -> bool:
    if len(label) != 1 or not label.isascii() or not label.isprintable() or label == " ":
        return False
    tests = {"digits": label.isdigit(), "upper": label.isupper(), "lower": label.islower()}
    return tests[kind] if kind in tests else not label.isalnum()


def _assemble(found: list[tuple[str, Path, list[Stroke]]]) -> StrokeSet:
    strokes = [stroke for _, _, of_one in found for stroke in of_one]
    files = [path.with_suffix("").as_posix() for _, path, _ in found]
    return StrokeSet(
        np.concatenate(strokes),
        np.cumsum([0, *(len(stroke) for stroke in strokes)], dtype=np.int64),
        np.cumsum([0, *(len(of_one) for _, _, of_one in found)], dtype=np.int64),
        np.array([label for label, _, _ in found]),
        np.array(files),
    )


def _read_file(path: Path, root: Path, problems: list[str]) -> Iterator[tuple[str, list[Stroke]]]:
    reading = _Reading(root)
    _read_into(reading, path, 0)
    components = _counted(reading)
    for delineation, label in reading.segments:
        try:
            yield label, _cut(delineation, components)
        except (ValueError, IndexError) as error:
            problems.append(f"{path}: segment {delineation}: {error}")


def _read_into(reading: _Reading, path: Path, depth: int) -> None:
    if depth > _MAX_DEPTH:
        raise DataError(str(path), "files that include each other", f"at most {_MAX_DEPTH} deep")
    for keyword, rest in _statements(path):
        if keyword == "COORD":
            names = rest.upper().split()
            if "X" not in names or "Y" not in names:
                raise DataError(str(path), f".COORD {rest}", "X and Y among the coordinates")
            reading.columns = names.index("X"), names.index("Y"), len(names)
        elif keyword in ("PEN_DOWN", "PEN_UP"):
            points = _points(path, rest, reading.columns)
            reading.components.append((keyword == "PEN_DOWN", points))
        elif keyword == "INCLUDE":
            _read_into(reading, _resolve(rest.strip(), path, reading.root), depth + 1)
        elif keyword == "SEGMENT" and (match := _SEGMENT.match(rest)) and match[2] != "BAD":
            label = re.sub(r"\\.", lambda escape: _ESCAPES.get(escape[0], escape[0]), match[3])
            reading.segments.append((match[1], label))


def _statements(path: Path) -> Iterator[tuple[str, str]]:
    """Give each keyword with all that follows it up to the next one."""
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            raise DataError(str(path), "a larger file", f"at most {MAX_FILE_BYTES:,} bytes")
        text = path.read_text(encoding="latin-1")
    except OSError as error:
        raise DataError(str(path), f"cannot be read ({error})", "a UNIPEN text file") from error
    # A keyword is a capital word behind a dot in the first column.
    for statement in re.split(r"^\.(?=[A-Z])", text, flags=re.MULTILINE)[1:]:
        keyword, _, rest = re.sub(r"^(\S+)\s*", r"\1\0", statement, count=1).partition("\0")
        yield keyword, rest


def _points(path: Path, text: str, columns: tuple[int, int, int]) -> Stroke:
    x, y, width = columns
    try:
        values = np.array(text.split(), np.float32)
    except ValueError as error:
        raise DataError(str(path), f"a point that is no number ({error})", "numbers") from error
    if len(values) % width or not np.isfinite(values).all():
        raise DataError(str(path), f"{len(values)} values of a stroke", f"{width} for each point")
    return values.reshape(-1, width)[:, [x, y]]


def _resolve(name: str, path: Path, root: Path) -> Path:
    """Find an included file. It must lie inside the archive, whatever its name says."""
    for base in (root / "include", root, path.parent):
        for suffix in ("", ".dat"):
            candidate = (base / f"{name}{suffix}").resolve()
            if candidate.is_file() and candidate.is_relative_to(root):
                return candidate
    raise DataError(str(path), f"includes {name!r}, which is not there", "a file of the archive")


def _counted(reading: _Reading) -> list[Stroke]:
    """Give the components that segments count.

    Most files count pen-downs alone. Some count pen-ups too, which shows where a segment ends
    beyond the last pen-down; a pen-up then takes a number, but leaves no ink.
    """
    down = [points for is_down, points in reading.components if is_down]
    numbers = [int(n) for text, _ in reading.segments for n in re.findall(r"(?<![:\d])\d+", text)]
    if max(numbers, default=0) < len(down):
        return down
    return [points if is_down else points[:0] for is_down, points in reading.components]


def _cut(delineation: str, components: list[Stroke]) -> list[Stroke]:
    """Give the strokes of a segment: "3", "3-5", "3:0-4:12" or several of these with commas."""
    strokes: list[Stroke] = []
    for part in delineation.split(","):
        match = _PART.match(part)
        if match is None:
            raise ValueError("no delineation")
        first, last = int(match[1]), int(match[3] or match[1])
        if not first <= last < len(components):
            raise IndexError(f"there are {len(components)} components")
        for number in range(first, last + 1):
            start = int(match[2]) if match[2] and number == first else 0
            end = int(match[4]) + 1 if match[4] and number == last else None
            strokes.append(components[number][start:end])
    strokes = [stroke for stroke in strokes if len(stroke)]
    if not strokes:
        raise ValueError("nothing was drawn")
    return strokes
