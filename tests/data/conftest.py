import gzip
import struct
from pathlib import Path

import numpy as np
import pytest

from inkdigits.data.fetch import Source
from inkdigits.data.render import render
from inkdigits.data.sources import SOURCES
from inkdigits.data.strokes import StrokeSet, save_whole
from inkdigits.data.style import Style
from inkdigits.image.stages import walk_line

SHAPES = {
    "0": [[0, 1], [-1, 0], [0, -1], [1, 0], [0, 1]],
    "1": [[-0.4, 0.6], [0, 1], [0, -1]],
    "2": [[-0.6, 0.6], [0, 1], [0.6, 0.5], [-0.7, -1], [0.7, -1]],
    "7": [[-0.6, 1], [0.7, 1], [-0.1, -1]],
    "A": [[-0.7, -1], [0, 1], [0.7, -1], [0.4, -0.2], [-0.4, -0.2]],
    "K": [[-0.5, 1], [-0.5, -1], [-0.5, 0], [0.6, 1], [-0.5, 0], [0.6, -1]],
    "O": [[0, 1], [-1, 0], [0, -1], [1, 0], [0, 1]],
    "+": [[-1, 0], [1, 0], [0, 0], [0, 1], [0, -1]],
}


def written(names: str, writers: int) -> StrokeSet:
    """Each writer writes each character once, in one stroke."""
    every = [(name, writer) for writer in range(writers) for name in names]
    strokes = [np.array(SHAPES[name], np.float32) * 100 + writer for name, writer in every]
    return StrokeSet(
        np.concatenate(strokes),
        np.concatenate([[0], np.cumsum([len(stroke) for stroke in strokes])]),
        np.arange(len(every) + 1),
        np.array([name for name, _ in every]),
        np.array([f"tst/{writer}" for _, writer in every]),
    )


@pytest.fixture
def small_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder in the real layout, with characters that these tests drew themselves."""
    monkeypatch.setenv("INKDIGITS_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("INKDIGITS_DATA", raising=False)
    folder = tmp_path / "data" / "train"
    digits = written("0127", 8)
    for kind, strokes in (
        ("digits", digits),
        ("upper", written("AKO", 8)),
        ("lower", written("AKO", 2)),
        ("symbols", written("+", 8)),
    ):
        save_whole(strokes, folder / f"unipen_{kind}.npz")
    (folder / "mnist").mkdir()
    rng = np.random.default_rng(0)
    samples = [walk_line(render(digits.strokes_of(i), rng, Style())).sample for i in range(32)]
    write_idx(folder, "mnist-train-images", np.rint(np.array(samples) * 255), monkeypatch)
    write_idx(folder, "mnist-train-labels", digits.label.astype(int), monkeypatch)
    tested = [walk_line(render(digits.strokes_of(i), rng, Style())).sample for i in range(8)]
    write_idx(folder, "mnist-test-images", np.rint(np.array(tested) * 255), monkeypatch)
    write_idx(folder, "mnist-test-labels", digits.label[:8].astype(int), monkeypatch)
    np.savez(folder / "mnist" / "writers.npz", train=np.arange(32) // 4, test=np.arange(8) // 4)
    return folder.parent


def write_idx(folder: Path, name: str, values: np.ndarray, patch: pytest.MonkeyPatch) -> None:
    header = bytes((0, 0, 8, values.ndim)) + struct.pack(f">{values.ndim}I", *values.shape)
    file = SOURCES[name].file
    content = gzip.compress(header + values.astype(np.uint8).tobytes())
    (folder / "mnist" / file).write_bytes(content)
    patch.setitem(SOURCES, name, Source(file, "", 0, ""))
