"""Paths in → the files to read, and what was left out of folders."""

import glob
import os
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from inkdigits.files.apart import is_installed
from inkdigits.files.formats import TABLE

STDIN = "-"


@dataclass(frozen=True, slots=True)
class Listing:
    """What is to be read.

    Attributes:
        files: files and `-` as given; of a folder, the pictures in it and below, sorted, hidden
            ones left out. A folder without any stays, to be complained of.
        left_out: how many files of folders are not read, by suffix.
    """

    files: list[str]
    left_out: Counter[str]


def list_pictures(paths: Iterable[str]) -> Listing:
    """List the pictures to read.

    Args:
        paths: files, folders, patterns that no shell has expanded, or `-`, in any mixture.
    """
    found = Listing([], Counter())
    known = " ".join(one.suffixes for kind, one in TABLE.items() if is_installed(kind))
    suffixes = known.split()  # a file that is named is read whatever its suffix is
    for path in paths:
        if path != STDIN and os.path.isdir(path):  # noqa: PTH112  (`Path` raises on long names)
            below = sorted(_files_below(Path(path)))
            pictures = [str(file) for file in below if file.suffix.lower() in suffixes]
            others = (file.suffix.lower() or "without a suffix" for file in below)
            found.left_out.update(suffix for suffix in others if suffix not in suffixes)
            found.files.extend(pictures or [path])
        elif glob.has_magic(path) and not os.path.exists(path):  # noqa: PTH110  (as above)
            found.files.extend(sorted(glob.glob(path)) or [path])  # noqa: PTH207  (as written)
        else:
            found.files.append(path)
    return found


def _files_below(folder: Path) -> Iterable[Path]:
    for path in folder.rglob("*"):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if not hidden and path.is_file():
            yield path
