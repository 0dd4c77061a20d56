from pathlib import Path

import pytest

from inkdigits.data.folders import cache_dir, data_dir


def test_the_environment_names_the_folder_of_the_data(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("INKDIGITS_DATA", raising=False)
    assert data_dir() is None
    monkeypatch.setenv("INKDIGITS_DATA", "here")
    assert data_dir() == Path("here")
    assert data_dir("elsewhere") == Path("elsewhere")


def test_what_can_be_had_again_lies_in_the_home_unless_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("INKDIGITS_CACHE", raising=False)
    assert cache_dir() == tmp_path / ".cache" / "inkdigits"
    monkeypatch.setenv("INKDIGITS_CACHE", "here")
    assert cache_dir() == Path("here")
