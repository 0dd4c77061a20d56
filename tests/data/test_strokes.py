from pathlib import Path

import numpy as np
import pytest

from inkdigits.data.strokes import (
    StrokeSet,
    join_whole,
    load_stroke_set,
    load_whole,
    save_arrays,
    save_whole,
)
from inkdigits.errors import DataError


def two_characters() -> StrokeSet:
    return StrokeSet(
        points=np.arange(14, dtype=np.float32).reshape(7, 2),
        stroke_offset=np.array([0, 3, 3, 5, 7]),
        sample_offset=np.array([0, 3, 4]),
        label=np.array(["4", "1"]),
        writer_file=np.array(["abc/one", "abc/two"]),
    )


def test_strokes_of_a_sample_leave_empty_ones_out() -> None:
    strokes = two_characters()
    assert len(strokes) == 2
    assert [stroke.tolist() for stroke in strokes.strokes_of(0)] == [
        [[0, 1], [2, 3], [4, 5]],
        [[6, 7], [8, 9]],
    ]
    assert [stroke.tolist() for stroke in strokes.strokes_of(1)] == [[[10, 11], [12, 13]]]


def test_saved_strokes_load_the_same(tmp_path: Path) -> None:
    strokes, path = two_characters(), tmp_path / "deep" / "strokes.npz"
    save_whole(strokes, path)
    for loaded in (load_stroke_set(path), load_whole(StrokeSet, path)):
        for name in StrokeSet.__dataclass_fields__:
            np.testing.assert_array_equal(getattr(loaded, name), getattr(strokes, name))
    assert [file.name for file in path.parent.iterdir()] == ["strokes.npz"]


@pytest.mark.parametrize(
    ("name", "value", "word"),
    [
        ("points", np.zeros((7, 3)), "shape"),
        ("points", np.full((7, 2), np.nan), "finite"),
        ("points", np.zeros((6, 2)), "rising"),
        ("stroke_offset", np.array([0, 5, 3, 5, 7]), "rising"),
        ("stroke_offset", np.array([0.0, 3, 3, 5, 7]), "rising"),
        ("sample_offset", np.array([0, 3, 9]), "rising"),
        ("sample_offset", np.array([0, 1, 3, 4]), "sample_offset"),
        ("sample_offset", np.array([], dtype=int), "rising"),
        ("label", np.array(["4"]), "sample_offset"),
        ("writer_file", np.array(["abc/one"]), "writer_file"),
    ],
)
def test_arrays_that_do_not_fit_are_one_clear_error(
    tmp_path: Path, name: str, value: np.ndarray, word: str
) -> None:
    good = two_characters()
    arrays = {key: getattr(good, key) for key in StrokeSet.__dataclass_fields__} | {name: value}
    path = tmp_path / "bad.npz"
    save_arrays(path, arrays)
    with pytest.raises(DataError, match=word) as caught:
        load_stroke_set(path)
    assert caught.value.path == str(path)


@pytest.mark.parametrize("content", [b"", b"no archive", b"PK\3\4cut short"])
def test_what_is_no_npz_is_one_clear_error(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "bad.npz"
    path.write_bytes(content)
    with pytest.raises(DataError, match=r"bad\.npz"):
        load_stroke_set(path)
    with pytest.raises(DataError, match=r"bad\.npz"):
        load_whole(StrokeSet, path)


def test_wholes_are_put_one_behind_the_other() -> None:
    joined = join_whole([two_characters(), two_characters()])
    assert joined.label.tolist() == ["4", "1", "4", "1"]
    assert joined.points.shape == (14, 2)


def test_pickles_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "pickle.npz"
    arrays = {name: np.array([{}], dtype=object) for name in StrokeSet.__dataclass_fields__}
    np.savez(path, **arrays)
    with pytest.raises(DataError, match="cannot be read"):
        load_stroke_set(path)


def test_a_missing_part_is_named(tmp_path: Path) -> None:
    path = tmp_path / "part.npz"
    save_arrays(path, {"points": np.zeros((1, 2))})
    with pytest.raises(DataError, match="stroke_offset"):
        load_stroke_set(path)
