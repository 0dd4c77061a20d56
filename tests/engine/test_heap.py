import ctypes
import sys
from pathlib import Path

import numpy as np
import pytest

from inkdigits.engine.heap import give_back, keep


def _resident_bytes() -> int:
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * 4096


@pytest.mark.skipif(
    not sys.platform.startswith("linux") or not hasattr(ctypes.CDLL(None), "malloc_trim"),
    reason="glibc alone keeps freed memory and can be asked for it",
)
def test_freed_memory_goes_back() -> None:
    pieces = [np.ones(12_000) for _ in range(1_000)]  # 96 kB each: kept by glibc when freed
    kept = np.ones(12_000)
    full = _resident_bytes()
    del pieces
    assert give_back() in (True, False)
    assert _resident_bytes() < full - 48_000_000
    assert kept.sum() == 12_000


@pytest.mark.parametrize("platform", ["linux", "darwin"])
def test_it_is_kept_only_where_that_is_known(
    monkeypatch: pytest.MonkeyPatch, platform: str
) -> None:
    asked: list[tuple[int, int]] = []

    class Libc:
        def mallopt(self, option: int, value: int) -> None:
            asked.append((option, value))

    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr(ctypes, "CDLL", lambda _: Libc())
    keep()
    assert [option for option, _ in asked] == ([-1, -3, -8] if platform == "linux" else [])


def test_elsewhere_there_is_nothing_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    assert give_back() is False
