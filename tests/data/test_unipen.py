from pathlib import Path

import numpy as np
import pytest

from inkdigits.data.unipen import import_unipen
from inkdigits.errors import DataError

POINTS = """\
.VERSION 1.0
.COMMENT two pen-downs with a pen-up
 between them, and a last one
.COORD X Y T
.HIERARCHY CHARACTER
.START_BOX
.PEN_DOWN
 10 20 0
 11 25 1  12 30 2
.PEN_UP
 50 50 3
.PEN_DOWN
 20 20 4
 20 10 5
 20 0 6
.PEN_UP
.PEN_DOWN
-5 1.5 7
"""
LABELS = """\
.VERSION 1.0
.WRITER_ID 17
.INCLUDE abc/ink/one
.HIERARCHY PAGE CHARACTER
.SEGMENT PAGE 0-2 ? "71."
.SEGMENT CHARACTER 0-1 OK "7"
.SEGMENT CHARACTER 2 BAD "1"
.SEGMENT CHARACTER 0:1-1:1 ? "4"
.SEGMENT CHARACTER 0,2 ? "0"
.SEGMENT CHARACTER 1 ? "A"
.SEGMENT CHARACTER 1 ? "\\""
.SEGMENT CHARACTER 1 ? "12"
"""


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    (tmp_path / "include" / "abc" / "ink").mkdir(parents=True)
    (tmp_path / "include" / "abc" / "ink" / "one.dat").write_text(POINTS)
    for folder in ("1a", "1b", "1d"):
        path = tmp_path / "data" / folder / "abc" / "writer1.dat"
        path.parent.mkdir(parents=True)
        path.write_text(LABELS)
    return tmp_path


def add(archive: Path, text: str) -> None:
    (archive / "data" / "1a" / "abc" / "writer2.dat").write_text(text)


def test_segments_become_strokes(archive: Path) -> None:
    found = import_unipen(archive)
    strokes = found.strokes
    assert found.problems == ()
    assert strokes.label.tolist() == ["7", "4", "0"]
    assert strokes.writer_file.tolist() == ["abc/writer1"] * 3
    assert strokes.points.dtype == np.float32
    seven, four, nought = ([s.tolist() for s in strokes.strokes_of(i)] for i in range(3))
    assert seven == [[[10, 20], [11, 25], [12, 30]], [[20, 20], [20, 10], [20, 0]]]
    assert four == [[[11, 25], [12, 30]], [[20, 20], [20, 10]]]
    assert nought == [[[10, 20], [11, 25], [12, 30]], [[-5, 1.5]]]


@pytest.mark.parametrize(("kind", "labels"), [("upper", ["A"]), ("symbols", ['"'])])
def test_the_kind_chooses(archive: Path, kind: str, labels: list[str]) -> None:
    strokes = import_unipen(archive, kind).strokes  # type: ignore[arg-type]
    assert strokes.label.tolist() == labels


def test_files_that_count_pen_ups_are_understood(archive: Path) -> None:
    add(archive, '.INCLUDE abc/ink/one\n.SEGMENT CHARACTER 0-2 ? "7"\n.SEGMENT CHARACTER 4 ? "1"\n')
    strokes = import_unipen(archive).strokes
    assert strokes.label.tolist() == ["7", "4", "0", "7", "1"]
    assert [s.tolist() for s in strokes.strokes_of(3)] == [
        s.tolist() for s in strokes.strokes_of(0)
    ]
    assert [s.tolist() for s in strokes.strokes_of(4)] == [[[-5, 1.5]]]


def test_points_may_stand_beside_their_labels_in_any_order_of_columns(tmp_path: Path) -> None:
    text = '.COORD T Y X\n.SEGMENT CHARACTER 0 ? "1"\n.PEN_DOWN\n0 5 7\n1 6 8\n.PEN_UP\n'
    (tmp_path / "alone.txt").write_text(text)
    strokes = import_unipen(tmp_path).strokes
    assert strokes.points.tolist() == [[7, 5], [8, 6]]
    assert strokes.writer_file.tolist() == ["alone"]


@pytest.mark.parametrize(
    ("text", "word"),
    [
        (".INCLUDE abc/ink/none\n", "not there"),
        (".INCLUDE ../../../../../../../../etc/hostname\n", "not there"),
        (".INCLUDE writer2.dat\n", "each other"),
        (".COORD P T\n", "X and Y"),
        (".COORD X Y\n.PEN_DOWN\n1 2 3\n", "2 for each point"),
        (".COORD X Y\n.PEN_DOWN\n1 b\n", "no number"),
        (".COORD X Y\n.PEN_DOWN\n1 nan\n", "2 values"),
        ('.COORD X Y\n.PEN_DOWN\n1 2\n.SEGMENT CHARACTER 0-9 ? "1"\n', "1 components"),
        ('.COORD X Y\n.PEN_DOWN\n1 2\n.SEGMENT CHARACTER 0:4-0:9 ? "1"\n', "nothing was drawn"),
        ('.COORD X Y\n.PEN_DOWN\n1 2\n.SEGMENT CHARACTER 0--1 ? "1"\n', "no delineation"),
    ],
)
def test_damage_is_told_and_left_out(archive: Path, text: str, word: str) -> None:
    add(archive, text)
    found = import_unipen(archive)
    assert found.strokes.label.tolist() == ["7", "4", "0"]
    (problem,) = found.problems
    assert word in problem
    assert "writer2.dat" in problem


def test_an_archive_without_digits_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "readme").write_text("nothing here")
    with pytest.raises(DataError, match="no digits in 1 files"):
        import_unipen(tmp_path)
    with pytest.raises(DataError, match="no digits in 0 files"):
        import_unipen(tmp_path / "nowhere")


def test_progress_is_told(archive: Path) -> None:
    told: list[tuple[str, int, int]] = []
    import_unipen(archive, progress=lambda *step: told.append(step))
    assert told == [("unipen", 1, 1)]
