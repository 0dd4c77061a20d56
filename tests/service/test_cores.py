import os
from pathlib import Path

import pytest

from inkdigits.service.cores import (
    MOST_THREADS,
    THREAD_BYTES,
    WORKER_BYTES,
    choose_threads,
    count_cores,
)


@pytest.fixture(autouse=True)
def _eight(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(8)), raising=False)


@pytest.mark.parametrize(
    ("text", "cores"),
    [("200000 100000", 2), ("50000 100000", 1), ("1600000 100000", 8), ("max 100000", 8), ("", 8)],
)
def test_a_containers_share_counts(tmp_path: Path, text: str, cores: int) -> None:
    (tmp_path / "cpu.max").write_text(text, encoding="ascii")
    assert count_cores(tmp_path / "cpu.max") == cores


def test_without_a_share_all_cores_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert count_cores(tmp_path / "none") == 8
    monkeypatch.delattr(os, "sched_getaffinity")
    assert count_cores(tmp_path / "none") == os.cpu_count()


ONE, TWO = WORKER_BYTES + THREAD_BYTES, WORKER_BYTES + 2 * THREAD_BYTES


@pytest.mark.parametrize(
    ("text", "workers", "threads"),
    [
        (str(TWO), 1, 2),
        (str(TWO - 1), 1, 1),
        (str(2 * TWO), 2, 2),
        (str(2 * ONE), 2, 1),
        ("1000", 1, 1),  # it must try all the same
        (str(16 * TWO), 1, MOST_THREADS),
        ("9223372036854771712", 1, MOST_THREADS),  # how version 1 says that there is no limit
        ("max", 1, MOST_THREADS),
    ],
)
def test_large_pictures_at_a_time_go_by_the_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, workers: int, threads: int
) -> None:
    machine = {"SC_PHYS_PAGES": 4_000_000, "SC_PAGE_SIZE": 4096}
    monkeypatch.setattr(os, "sysconf", machine.__getitem__, raising=False)
    (tmp_path / "limit").write_text(text + "\n", encoding="ascii")
    assert choose_threads(workers, [tmp_path / "none", tmp_path / "limit"]) == threads


def test_a_small_machine_counts_too(monkeypatch: pytest.MonkeyPatch) -> None:
    machine = {"SC_PHYS_PAGES": TWO // 4096 - 1, "SC_PAGE_SIZE": 4096}
    monkeypatch.setattr(os, "sysconf", machine.__getitem__, raising=False)
    assert choose_threads(1, []) == 1
    monkeypatch.delattr(os, "sysconf")
    assert choose_threads(1, []) == MOST_THREADS
