import os
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from inkdigits.data import chunks
from inkdigits.data.chunks import Drawing, draw_chunks


def draw(bad: int, number: int, part: range) -> dict[str, np.ndarray]:
    if number == bad:
        raise ValueError(number)
    return {"places": np.array(part), "drawer": np.array(os.getpid())}


def read(paths: list[Path], name: str) -> list[int]:
    return np.concatenate([np.load(path)[name].ravel() for path in paths]).tolist()


@pytest.mark.parametrize("workers", [1, 2])
def test_each_chunk_is_drawn_and_told(tmp_path: Path, workers: int) -> None:
    told = []
    drawing = Drawing(workers, lambda *now: told.append(now))
    paths = draw_chunks(partial(draw, -1), 1203, tmp_path, "dots", drawing)
    assert paths == sorted(tmp_path.iterdir())
    assert read(paths, "places") == list(range(1203))
    assert (os.getpid() in read(paths, "drawer")) == (workers == 1)
    assert (told[0], told[-1]) == (("dots", 0, 1203), ("dots", 1203, 1203))


@pytest.mark.parametrize("workers", [1, 2])
def test_what_fails_is_told(tmp_path: Path, workers: int) -> None:
    with pytest.raises(ValueError, match="1"):
        draw_chunks(partial(draw, 1), 1203, tmp_path, "dots", Drawing(workers))


def test_what_is_there_is_not_drawn_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chunks, "CHUNK", 4)
    (tmp_path / "chunk-00001.npz").touch()
    told = []
    draw_chunks(partial(draw, 1), 10, tmp_path, "dots", Drawing(1, lambda *now: told.append(now)))
    assert told == [("dots", 4, 10), ("dots", 8, 10), ("dots", 10, 10)]


def test_one_chunk_needs_no_other_process(tmp_path: Path) -> None:
    paths = draw_chunks(partial(draw, -1), 7, tmp_path, "dots", Drawing(2))
    assert read(paths, "drawer") == [os.getpid()]
