import os
import subprocess
import sys
from pathlib import Path

import pytest

from inkdigits.errors import SettingError
from inkdigits.service.shared import VARIABLE, forget_worker, shared_folder, sharing


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)


def test_alone_there_is_no_folder() -> None:
    assert shared_folder() is None


def test_the_folder_is_there_as_long_as_it_is_shared() -> None:
    with sharing() as folder:
        assert shared_folder() == folder
        assert list(folder.iterdir()) == []
        (folder / "something.db").write_bytes(b"x")
    assert not folder.exists()
    assert shared_folder() is None


def test_nobody_else_may_look_into_it() -> None:
    with sharing() as folder:
        assert folder.stat().st_mode & 0o077 == 0


def test_what_the_environment_said_before_is_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "elsewhere")
    with sharing() as folder:
        assert os.environ[VARIABLE] == str(folder)
    assert os.environ[VARIABLE] == "elsewhere"


def test_the_folder_goes_when_the_server_fails() -> None:
    with pytest.raises(ZeroDivisionError), sharing() as folder:
        1 / 0  # noqa: B018
    assert not folder.exists()


def test_a_folder_that_is_missing_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path / "nowhere"))
    with pytest.raises(SettingError, match=VARIABLE):
        shared_folder()


def test_of_a_dead_worker_only_what_it_was_is_forgotten(tmp_path: Path) -> None:
    kept = ["counter_12.db", "histogram_12.db", "gauge_livesum_123.db", "gauge_max_12.db"]
    for name in [*kept, "gauge_livesum_12.db", "gauge_liveall_12.db"]:
        (tmp_path / name).touch()
    forget_worker(tmp_path, 12)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(kept)


def test_sharing_comes_before_the_library_that_counts() -> None:
    words = [sys.executable, "-c", "import inkdigits.service.shared, sys; print(*sys.modules)"]
    loaded = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    assert "prometheus_client" not in loaded
