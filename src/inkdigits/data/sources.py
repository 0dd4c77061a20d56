"""The name of a data set in → its checked arrays out, from a data folder or its mirrors."""

import os
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from inkdigits.data.fetch import Progress, Source, fetch, matches, no_progress
from inkdigits.data.folders import cache_dir, data_dir
from inkdigits.data.idx import read_idx
from inkdigits.data.strokes import StrokeSet, load_stroke_set, read_arrays
from inkdigits.data.tables import read_table
from inkdigits.errors import DataError
from inkdigits.sample import SIDE

Split = Literal["train", "test"]

SOURCES: dict[str, Source] = {
    name: Source(**{**values, "urls": tuple(values.get("urls", ()))})
    for name, values in read_table("data/sources.toml").items()
}
"""Every file that training may use, by name. MNIST's test half is for reporting only."""


def find(name: str, folder: str | os.PathLike[str] | None = None) -> Path | None:
    """Look for the file of a source, in the data folder and then in the cache.

    Args:
        name: a key of `SOURCES`.
        folder: as for `data_dir`. Its own files, `train/` and `train/mnist/` are tried.

    Returns:
        The path, or None where there is no such file. Its content is not checked.
    """
    source, base = SOURCES[name], data_dir(folder)
    places = [base / part for part in ("train/mnist", "mnist", "train", ".")] if base else []
    paths = [place / source.file for place in (*places, cache_dir())]
    return next((path for path in paths if path.is_file()), None)


def obtain(
    name: str, folder: str | os.PathLike[str] | None = None, progress: Progress = no_progress
) -> Path:
    """Give the checked file of a source; download it into the cache where it is missing.

    Raises:
        DataError: the file is missing and cannot be downloaded, or its sha256 is wrong.
    """
    source, path = SOURCES[name], find(name, folder)
    if path is None:
        return fetch(source, cache_dir(), progress)
    if not matches(source, path):
        raise DataError(str(path), "another sha256 than published", source.sha256)
    return path


def load_mnist(
    split: Split, folder: str | os.PathLike[str] | None = None, progress: Progress = no_progress
) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Give MNIST, as it was published.

    Returns:
        Images, uint8 (N, 28, 28), 0 paper to 255 ink; labels, uint8 (N,), 0 to 9.

    Raises:
        DataError: the files are missing, damaged, or do not fit together.
    """
    path = obtain(f"mnist-{split}-images", folder, progress)
    images = read_idx(path)
    labels = read_idx(obtain(f"mnist-{split}-labels", folder, progress))
    if images.shape[1:] != (SIDE, SIDE) or labels.shape != images.shape[:1]:
        raise DataError(str(path), f"{images.shape} images", f"{labels.shape} of 28 by 28")
    return images, labels


BLOCK = 5_000
"""Images of one block, where the writers are unknown. See `mnist_writers`."""


def mnist_writers(split: Split, folder: str | os.PathLike[str] | None = None) -> NDArray[np.int32]:
    """Give a number for the writer of each MNIST image.

    From QMNIST's `writers.npz` (int arrays `train` and `test`) in the data folder. Without
    it, contiguous blocks of `BLOCK` images stand for writers. That is only close: MNIST keeps
    most of a writer's images together, but measured against QMNIST a third of such a block's
    images are by somebody who also wrote in another block (half of them with blocks of 1,000).

    Returns:
        int32 (N,). Equal numbers, same writer.

    Raises:
        DataError: the file is there and damaged.
    """
    path = find("mnist-writers", folder)
    if path is None:
        count = 60_000 if split == "train" else 10_000
        return np.arange(count, dtype=np.int32) // BLOCK
    writers = read_arrays(path, (split,), "writer ids as npz")[split]
    if writers.dtype.kind not in "iu":
        raise DataError(str(path), f"{writers.dtype} values", "writer ids as npz")
    return writers.astype(np.int32)


def load_strokes(name: str, folder: str | os.PathLike[str] | None = None) -> StrokeSet:
    """Give a stroke set by its name: `unipen_digits`, `_upper`, `_lower` or `_symbols`.

    Raises:
        DataError: no such set, or its file is missing or damaged.
    """
    if not name.startswith("unipen_") or name not in SOURCES:
        known = ", ".join(key for key in SOURCES if key.startswith("unipen_"))
        raise DataError(name, "no stroke set of this name", known)
    path = find(name, folder)
    if path is None:
        needed = "INKDIGITS_DATA, or the file made by `inkdigits data import-unipen`"
        raise DataError(SOURCES[name].file, "not there", needed)
    return load_stroke_set(path)
