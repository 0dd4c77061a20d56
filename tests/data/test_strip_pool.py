from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest

from inkdigits.data import chunks
from inkdigits.data.chunks import Drawing
from inkdigits.data.strip_pool import KINDS, StripSpec, draw_strips

SPEC = StripSpec(learned=12, held=3, validation_share=0.3)


def same(first, second) -> bool:
    names = [field.name for field in fields(first)]
    return all(np.array_equal(getattr(first, name), getattr(second, name)) for name in names)


@pytest.fixture
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chunks, "CHUNK", 6)


@pytest.mark.usefixtures("small_chunks")
def test_strips_of_both_sides_are_drawn(small_data: Path, tmp_path: Path) -> None:
    told = []
    drawing = Drawing(1, lambda *now: told.append(now))
    pool = draw_strips(SPEC, tmp_path / "parts", small_data, drawing=drawing)
    assert len(pool) + int(pool.skipped[0]) == 12 + 3 * len(KINDS)
    assert set(pool.kind[~pool.validation]) == {"any"}
    assert set(pool.kind[pool.validation]) <= set(KINDS)
    assert told[0] == ("strips", 0, 24)
    assert told[-1] == ("strips", 24, 24)
    for index in range(len(pool)):
        strip = pool.strip(index)
        assert strip.shape == (32, pool.widths[index])
        assert strip.dtype == np.float32
        assert 0 < strip.max() <= 1


@pytest.mark.usefixtures("small_chunks")
def test_a_kill_changes_nothing(small_data: Path, tmp_path: Path) -> None:
    first = draw_strips(SPEC, tmp_path / "first", small_data)
    draw_strips(SPEC, tmp_path / "second", small_data)
    (tmp_path / "second" / "chunk-00001.npz").unlink()
    assert same(first, draw_strips(SPEC, tmp_path / "second", small_data))
    other = draw_strips(SPEC, tmp_path / "third", small_data, seed=1)
    assert not np.array_equal(first.text, other.text)
