from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inkdigits.service.rates import Buckets, Rate


def test_a_burst_passes_and_then_the_rate() -> None:
    buckets = Buckets(Rate(per_s=10, burst=3), 1)
    assert [buckets.take(0, 100.0) for _ in range(3)] == [0, 0, 0]
    assert buckets.take(0, 100.0) == pytest.approx(0.1)
    assert buckets.take(0, 100.06) == pytest.approx(0.04)
    assert buckets.take(0, 100.11) == 0
    assert buckets.take(0, 100.11) > 0


def test_after_a_pause_the_burst_is_back_but_no_more() -> None:
    buckets = Buckets(Rate(per_s=10, burst=3), 1)
    for now_s in (100.0, 500.0):
        assert [buckets.take(0, now_s) > 0 for _ in range(5)] == [False] * 3 + [True] * 2


def test_clients_do_not_take_from_each_other() -> None:
    buckets = Buckets(Rate(per_s=1, burst=1), 2)
    assert [buckets.take(client, 5.0) > 0 for client in (0, 0, 1, 1)] == [False, True, False, True]


@given(
    st.lists(st.floats(0, 0.5), min_size=1, max_size=60),
    st.sampled_from([1, 3, 20]),
    st.integers(1, 5),
)
def test_no_client_gets_more_than_burst_and_rate(
    pauses: list[float], per_s: int, burst: int
) -> None:
    buckets = Buckets(Rate(per_s, burst), 1)
    now_s, passed = 1000.0, 0
    for pause in pauses:
        now_s += pause
        passed += buckets.take(0, now_s) == 0
    assert 1 <= passed <= burst + (now_s - 1000.0) * per_s + 1e-3


@given(st.integers(1, 50), st.integers(1, 5))
def test_who_waits_as_told_may_ask(per_s: int, burst: int) -> None:
    buckets = Buckets(Rate(per_s, burst), 1)
    now_s = 1000.0
    for _ in range(20):
        wait_s = buckets.take(0, now_s)
        now_s += wait_s
        assert wait_s == 0 or buckets.take(0, now_s) == 0


def test_several_processes_count_in_one_file(tmp_path: Path) -> None:
    path = tmp_path / "buckets"
    one, two = (Buckets(Rate(per_s=1, burst=2), 3, path) for _ in range(2))
    assert [one.take(2, 9.0), two.take(2, 9.0)] == [0, 0]
    assert one.take(2, 9.0) > 0
    assert two.take(2, 9.0) > 0
    assert two.take(0, 9.0) == 0
    assert path.stat().st_size == 24


def test_a_senseless_moment_locks_nobody_out(tmp_path: Path) -> None:
    path = tmp_path / "buckets"
    path.write_bytes(b"\x7f\xf0\xff\xff" * 2)  # whatever it is as a number
    buckets = Buckets(Rate(per_s=1, burst=2), 1, path)
    assert [buckets.take(0, 9.0) for _ in range(2)] == [0, 0]
    assert buckets.take(0, 9.0) > 0
