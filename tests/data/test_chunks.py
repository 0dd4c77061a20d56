import os
from functools import partial
from pathlib import Path

import pytest

from inkdigits.data.chunks import draw_chunks


def draw(folder: Path, number: int) -> int:
    if number < 0:
        raise ValueError(number)
    (folder / f"{number}").write_text(str(os.getpid()), encoding="ascii")
    return number


@pytest.mark.parametrize("workers", [1, 2])
def test_each_chunk_is_drawn_and_told(tmp_path: Path, workers: int) -> None:
    numbers = list(range(4))
    assert sorted(draw_chunks(partial(draw, tmp_path), numbers, workers)) == numbers
    drawers = {int(file.read_text(encoding="ascii")) for file in tmp_path.iterdir()}
    assert (os.getpid() in drawers) == (workers == 1)
    assert sorted(int(file.name) for file in tmp_path.iterdir()) == numbers


@pytest.mark.parametrize("workers", [1, 2])
def test_what_fails_is_told(tmp_path: Path, workers: int) -> None:
    with pytest.raises(ValueError, match="-1"):
        list(draw_chunks(partial(draw, tmp_path), [0, -1], workers))


def test_one_chunk_needs_no_other_process(tmp_path: Path) -> None:
    assert list(draw_chunks(partial(draw, tmp_path), [7], 2)) == [7]
    assert (tmp_path / "7").read_text(encoding="ascii") == str(os.getpid())
