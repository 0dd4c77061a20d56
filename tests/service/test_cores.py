import os
from pathlib import Path

import pytest

from inkdigits.service.cores import count_cores


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
