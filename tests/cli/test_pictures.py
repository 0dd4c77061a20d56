from pathlib import Path

import pytest

from inkdigits.cli.pictures import find_pictures, read_picture


def _touch(*paths: Path) -> None:
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(path.name.encode())


def test_files_stay_as_they_were_given() -> None:
    given = ["b.png", "./a.txt", "-", "missing", "b.png"]
    assert list(find_pictures(given)) == given


def test_a_folder_gives_its_pictures_sorted_and_nothing_else(tmp_path: Path) -> None:
    names = ["b.png", "a.JPG", "deep/er/c.jpeg", "labels.csv", ".hidden.png", ".cache/d.png"]
    _touch(*(tmp_path / name for name in names))
    expected = [str(tmp_path / name) for name in ("a.JPG", "b.png", "deep/er/c.jpeg")]
    assert list(find_pictures([str(tmp_path)])) == expected


def test_a_folder_below_a_hidden_one_is_read(tmp_path: Path) -> None:
    _touch(tmp_path / ".mine" / "a.png")
    found = list(find_pictures([str(tmp_path / ".mine")]))
    assert found == [str(tmp_path / ".mine" / "a.png")]


def test_a_folder_without_pictures_is_complained_of(tmp_path: Path) -> None:
    assert list(find_pictures([str(tmp_path)])) == [str(tmp_path)]
    with pytest.raises(IsADirectoryError, match="no picture in this folder"):
        read_picture(str(tmp_path), 100)


def test_no_more_is_read_than_shows_that_it_is_too_large(tmp_path: Path) -> None:
    _touch(tmp_path / "0123456789")
    assert read_picture(str(tmp_path / "0123456789"), 5) == b"012345"


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_picture(str(tmp_path / "nothing"), 5)
