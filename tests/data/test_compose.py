from pathlib import Path

import numpy as np
import pytest

from inkdigits.data import chunks
from inkdigits.data.chunks import Drawing
from inkdigits.data.compose import compose
from inkdigits.data.folders import cache_dir
from inkdigits.data.pool import SOURCE_NAMES, Pool, PoolSpec
from inkdigits.errors import DataError

SPEC = PoolSpec(1, 1, 20, 20, 20, 20, 10, 10, validation_share=0.3)


def assert_same(one: Pool, other: Pool) -> None:
    for name in Pool.__dataclass_fields__:
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))


def test_a_pool_has_what_was_asked_for(small_data: Path) -> None:
    told: list[tuple[str, int, int]] = []
    pool = compose(SPEC, small_data, drawing=Drawing(progress=lambda *step: told.append(step)))
    lost = sum(int(count) for count in pool.skipped[:, 1])
    assert len(pool) == 164 - lost
    assert lost < 30
    assert list(dict.fromkeys(pool.source.tolist())) == list(SOURCE_NAMES)
    assert set(pool.labels[np.isin(pool.source, ["negatives", "composed"])].tolist()) == {10}
    assert set(pool.labels[pool.source == "strokes"].tolist()) == {0, 1, 2, 7}
    assert told[0] == ("pool", 0, 164)
    assert told[-1] == ("pool", 164, 164)


def test_no_writer_is_on_both_sides(small_data: Path) -> None:
    pool = compose(SPEC, small_data)
    assert (pool.train != pool.validation).all()
    for source in SOURCE_NAMES[:5]:
        assert pool.train[pool.source == source].any()
        assert pool.validation[pool.source == source].any()
    both = set(pool.writer[pool.train]) & set(pool.writer[pool.validation])
    assert both <= {""}


def test_the_number_of_workers_changes_nothing(
    small_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = PoolSpec(mnist_copies=0, digit_strokes=30, negatives=550)
    alone = compose(spec, small_data, drawing=Drawing(workers=1))
    monkeypatch.setenv("INKDIGITS_CACHE", str(tmp_path / "another"))
    assert_same(alone, compose(spec, small_data, drawing=Drawing(workers=2)))


def test_a_killed_run_goes_on(small_data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chunks, "CHUNK", 40)

    def kill(_: str, done: int, __: int) -> None:
        if done == 80:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        compose(SPEC, small_data, drawing=Drawing(progress=kill))
    (folder,) = (cache_dir() / "pools").iterdir()
    assert len(list(folder.iterdir())) == 2
    told: list[int] = []
    listening = Drawing(progress=lambda _, done, __: told.append(done))
    resumed = compose(SPEC, small_data, drawing=listening)
    assert told == [80, 120, 160, 164]
    assert not folder.exists()
    folder.with_suffix(".npz").unlink()
    assert_same(resumed, compose(SPEC, small_data))


def test_the_same_pool_is_not_drawn_twice(small_data: Path) -> None:
    told: list[int] = []
    pool = compose(SPEC, small_data)
    listening = Drawing(progress=lambda _, done, __: told.append(done))
    assert_same(pool, compose(SPEC, small_data, drawing=listening))
    assert told == []


def test_spec_seed_and_data_decide_which_pool_it_is(small_data: Path) -> None:
    spec = PoolSpec(mnist_copies=0, digit_strokes=12)
    first = compose(spec, small_data)
    assert not np.array_equal(first.samples, compose(spec, small_data, seed=1).samples)
    writers = small_data / "train" / "unipen_digits.npz"
    writers.write_bytes((small_data / "train" / "unipen_symbols.npz").read_bytes())
    assert compose(spec, small_data).hashes != first.hashes


@pytest.mark.parametrize(
    "spec", [PoolSpec(mnist_copies=0), PoolSpec(-1), PoolSpec(validation_share=0.7)]
)
def test_a_spec_that_makes_no_sense_is_refused(spec: PoolSpec, small_data: Path) -> None:
    with pytest.raises(DataError, match="spec"):
        compose(spec, small_data)
