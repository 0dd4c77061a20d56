import os
import subprocess
import sys
from pathlib import Path

import pytest

from inkdigits.errors import SettingError
from inkdigits.service.shared import (
    ROOM_BYTES,
    VARIABLE,
    forget_dead,
    remove_left,
    reserve_room,
    shared_folder,
    sharing,
)


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)


def test_alone_there_is_no_folder() -> None:
    assert shared_folder() is None


def test_the_folder_is_there_as_long_as_it_is_shared() -> None:
    with sharing() as folder:
        assert shared_folder() == folder
        assert list(folder.glob("*.db")) == []
        (folder / "something.db").write_bytes(b"x")
    assert not folder.exists()
    assert shared_folder() is None


def test_nobody_else_may_look_into_it() -> None:
    with sharing() as folder:
        assert folder.stat().st_mode & 0o077 == 0


KILLED = """
import os, signal, sys
from inkdigits.service.shared import sharing
with sharing() as folder:
    print(folder, flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_what_a_killed_server_left_is_removed_by_the_next() -> None:
    run = subprocess.run([sys.executable, "-c", KILLED], capture_output=True, check=False)
    left = Path(run.stdout.decode().strip())
    assert left.is_dir()
    with sharing() as running:
        assert not left.exists()
        remove_left(running.parent)
        assert running.is_dir()


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


def test_of_dead_workers_only_what_they_were_is_forgotten(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as worker:
        worker.wait()
    dead, alive = worker.pid, os.getpid()
    kept = [f"counter_{dead}.db", f"histogram_{dead}.db", f"gauge_livesum_{alive}.db"]
    kept += [f"gauge_max_{dead}.db", "gauge_livesum_x.db"]
    for name in [*kept, f"gauge_livesum_{dead}.db", f"gauge_liveall_{dead}.db"]:
        (tmp_path / name).touch()
    forget_dead(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(kept)


def test_a_worker_counts_where_there_is_room(tmp_path: Path) -> None:
    """Whatever it counts, no file gets a hole, nor outgrows what was reserved."""
    environ = {**os.environ, VARIABLE: str(tmp_path)}
    subprocess.run([sys.executable, "-c", COUNTING], env=environ, check=True)
    files = list(tmp_path.glob("*.db"))
    assert {path.name.rpartition("_")[0] for path in files} == {
        "counter",
        "gauge_livesum",
        "histogram",
    }
    assert {path.stat().st_size for path in files} == {ROOM_BYTES}
    assert all(path.stat().st_blocks * 512 >= ROOM_BYTES for path in files)


COUNTING = """
from inkdigits.service.metrics import Metrics, Served
metrics = Metrics()
for route in range(40):
    for status in range(12):
        metrics.count_request(Served("POST", f"/v2/models/name/{route}", status, "a-code", 0.1))
"""


def test_no_room_is_said(tmp_path: Path) -> None:
    (tmp_path / f"counter_{os.getpid()}.db").mkdir()  # as good a reason as a full disk
    with pytest.raises(SettingError, match="bytes a worker"):
        reserve_room(tmp_path)


def test_sharing_comes_before_the_library_that_counts() -> None:
    words = [sys.executable, "-c", "import inkdigits.service.shared, sys; print(*sys.modules)"]
    loaded = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    assert "prometheus_client" not in loaded
