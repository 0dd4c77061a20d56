from collections import Counter
from pathlib import Path

import pytest

from inkdigits.files import folder
from inkdigits.files.folder import list_pictures


def _touch(*paths: Path) -> None:
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(path.name.encode())


def test_files_stay_as_they_were_given() -> None:
    given = ["b.png", "./a.txt", "-", "missing", "b.png"]
    assert list_pictures(given).files == given


def test_a_folder_gives_its_pictures_sorted_and_says_what_it_leaves_out(tmp_path: Path) -> None:
    names = ["b.png", "a.JPG", "deep/er/c.jpeg", "d.tif", "e.pdf", "labels.csv", "notes.CSV"]
    _touch(*(tmp_path / name for name in (*names, ".hidden.png", ".cache/d.png", "readme")))
    expected = [str(tmp_path / name) for name in ("a.JPG", "b.png", "d.tif", "deep/er/c.jpeg")]
    found = list_pictures([str(tmp_path)])
    assert found.files == [*expected[:3], str(tmp_path / "deep/er/c.jpeg"), str(tmp_path / "e.pdf")]
    assert found.left_out == Counter({".csv": 2, "without a suffix": 1})


def test_what_lacks_its_library_is_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _touch(*(tmp_path / name for name in ("a.png", "b.pdf", "c.pdf", "d.heic")))
    monkeypatch.setattr(folder, "is_installed", lambda kind: kind not in ("PDF", "HEIC"))
    found = list_pictures([str(tmp_path)])
    assert found.files == [str(tmp_path / "a.png")]
    assert found.left_out == Counter({".pdf": 2, ".heic": 1})


def test_a_folder_below_a_hidden_one_is_read(tmp_path: Path) -> None:
    _touch(tmp_path / ".mine" / "a.png")
    assert list_pictures([str(tmp_path / ".mine")]).files == [str(tmp_path / ".mine" / "a.png")]


def test_a_folder_without_pictures_stays_to_be_complained_of(tmp_path: Path) -> None:
    assert list_pictures([str(tmp_path)]).files == [str(tmp_path)]


def test_a_pattern_that_no_shell_expanded_is(tmp_path: Path) -> None:
    _touch(*(tmp_path / name for name in ("b.png", "a.png", "c.txt", "[x].png")))
    pattern = str(tmp_path / "*.png")
    names = ("[x].png", "a.png", "b.png")
    assert list_pictures([pattern]).files == [str(tmp_path / name) for name in names]
    nothing = str(tmp_path / "*.gif")
    assert list_pictures([nothing]).files == [nothing]
    whole = str(tmp_path / "[x].png")
    assert list_pictures([whole]).files == [whole]
