"""Paths in, the encoded pictures behind them out: files, folders and standard input."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

STDIN = "-"
SUFFIXES = frozenset({".jpe", ".jpeg", ".jfif", ".jpg", ".mpo", ".png"})
"""What is looked for in a folder. A file that is named is read whatever its suffix is."""


def find_pictures(paths: list[str]) -> Iterator[str]:
    """List the pictures to read.

    Args:
        paths: files, folders, or `-` for standard input, in any mixture.

    Returns:
        Files and `-` exactly as given; of a folder, the pictures in it and below,
        sorted, hidden ones left out. A folder without any stays, to be complained of.
    """
    for path in paths:
        if path != STDIN and os.path.isdir(path):  # noqa: PTH112  (`Path` raises on long names)
            yield from sorted(_pictures_below(Path(path))) or [path]
        else:
            yield path


def read_picture(path: str, max_bytes: int) -> bytes:
    """Read one picture, and no more than is needed to see that it is too large.

    Args:
        path: a file, or `-` for standard input.
        max_bytes: of a picture that will be read.

    Returns:
        The bytes, at most one more than `max_bytes`.

    Raises:
        OSError: there is no such file, or it may not be read.
    """
    if path == STDIN:
        return sys.stdin.buffer.read(max_bytes + 1)
    if os.path.isdir(path):  # noqa: PTH112
        raise IsADirectoryError(0, f"no picture in this folder ({', '.join(sorted(SUFFIXES))})")
    with Path(path).open("rb") as file:
        return file.read(max_bytes + 1)


def _pictures_below(folder: Path) -> Iterator[str]:
    for path in folder.rglob("*"):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if not hidden and path.suffix.lower() in SUFFIXES and path.is_file():
            yield str(path)
