import gzip
import struct
from pathlib import Path

import numpy as np
import pytest

from inkdigits.data import sources
from inkdigits.data.fetch import Source
from inkdigits.data.sources import SOURCES, find, load_mnist, load_strokes, mnist_writers
from inkdigits.data.strokes import StrokeSet, save_whole
from inkdigits.errors import DataError


def idx(values: np.ndarray) -> bytes:
    header = bytes((0, 0, 8, values.ndim)) + struct.pack(f">{values.ndim}I", *values.shape)
    return gzip.compress(header + values.astype(np.uint8).tobytes())


@pytest.fixture
def tiny(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder with three images, which takes MNIST's place."""
    monkeypatch.setenv("INKDIGITS_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("INKDIGITS_DATA", raising=False)
    folder = tmp_path / "train" / "mnist"
    folder.mkdir(parents=True)
    images = np.arange(3 * 28 * 28).reshape(3, 28, 28)
    for name, values in (("images", images), ("labels", np.array([7, 1, 4]))):
        file = SOURCES[f"mnist-train-{name}"].file
        (folder / file).write_bytes(idx(values))
        monkeypatch.setitem(SOURCES, f"mnist-train-{name}", Source(file, "", 0, ""))
    return tmp_path


@pytest.mark.parametrize("part", ["", "train", "train/mnist"])
def test_mnist_is_found_at_each_level(tiny: Path, part: str) -> None:
    images, labels = load_mnist("train", tiny / part)
    assert images.shape == (3, 28, 28)
    assert images.dtype == labels.dtype == np.uint8
    assert labels.tolist() == [7, 1, 4]


def test_the_environment_names_the_folder(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INKDIGITS_DATA", str(tiny))
    assert load_mnist("train")[1].tolist() == [7, 1, 4]


def test_a_file_of_another_content_is_refused(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = SOURCES["mnist-train-images"].file
    monkeypatch.setitem(SOURCES, "mnist-train-images", Source(file, "0" * 64, 1, ""))
    with pytest.raises(DataError, match="sha256"):
        load_mnist("train", tiny)


def test_images_and_labels_must_fit(tiny: Path) -> None:
    labels = tiny / "train" / "mnist" / SOURCES["mnist-train-labels"].file
    labels.write_bytes(idx(np.array([7, 1])))
    with pytest.raises(DataError, match="28 by 28"):
        load_mnist("train", tiny)


def test_published_fingerprints_are_whole() -> None:
    for name in ("train-images", "train-labels", "test-images", "test-labels"):
        source = SOURCES[f"mnist-{name}"]
        assert len(source.sha256) == 64
        assert len(source.urls) == 2
        assert all(url.startswith("https://") for url in source.urls)
        assert all(url.endswith("/" + source.file) for url in source.urls)


def test_writers_come_from_the_file_or_from_blocks(tiny: Path) -> None:
    blocks = mnist_writers("train", tiny)
    assert blocks.shape == (60_000,)
    assert np.bincount(blocks).tolist() == [sources.BLOCK] * 12
    path = tiny / "train" / "mnist" / "writers.npz"
    np.savez(path, train=np.array([5, 5, 9]), test=np.array([2]))
    assert mnist_writers("train", tiny).tolist() == [5, 5, 9]
    assert mnist_writers("test", tiny).tolist() == [2]
    path.write_bytes(b"damaged")
    with pytest.raises(DataError, match="writers"):
        mnist_writers("train", tiny)


def test_strokes_are_found_by_name(tiny: Path) -> None:
    one = StrokeSet(
        np.zeros((2, 2), np.float32),
        np.array([0, 2]),
        np.array([0, 1]),
        np.array(["1"]),
        np.array(["abc/one"]),
    )
    save_whole(one, tiny / "train" / "unipen_digits.npz")
    assert load_strokes("unipen_digits", tiny).label.tolist() == ["1"]
    assert find("unipen_upper", tiny) is None
    with pytest.raises(DataError, match="import-unipen"):
        load_strokes("unipen_upper", tiny)
    with pytest.raises(DataError, match="unipen_digits"):
        load_strokes("mnist-writers", tiny)
