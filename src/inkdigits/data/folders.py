"""The environment in, the two folders that data lie in out."""

import os
from pathlib import Path


def data_dir(folder: str | os.PathLike[str] | None = None) -> Path | None:
    """Give the data folder: the argument, else `INKDIGITS_DATA`, else none."""
    chosen = folder if folder is not None else os.environ.get("INKDIGITS_DATA")
    return Path(chosen) if chosen else None


def cache_dir() -> Path:
    """Give the folder for what can be had again: `INKDIGITS_CACHE`, else `~/.cache/inkdigits`."""
    chosen = os.environ.get("INKDIGITS_CACHE")
    return Path(chosen) if chosen else Path.home() / ".cache" / "inkdigits"
