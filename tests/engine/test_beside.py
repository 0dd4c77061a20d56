import asyncio
import os
import sys
import threading
from collections.abc import Coroutine
from typing import Any

import pytest

from inkdigits.engine import beside
from inkdigits.engine.beside import Beside
from inkdigits.errors import DeadlineExceeded, Draining, Overloaded
from tests.patience import PATIENCE_S

LONG_S = PATIENCE_S


def _run(work: Coroutine[Any, Any, Any]) -> Any:
    return asyncio.run(asyncio.wait_for(work, LONG_S))


def _end_s(after_s: float = LONG_S) -> float:
    return asyncio.get_running_loop().time() + after_s


async def _until(condition: Any) -> None:
    while not condition():  # noqa: ASYNC110 (of threads, which set no asyncio.Event)
        await asyncio.sleep(0.002)


def test_work_is_done_in_another_thread() -> None:
    async def main() -> int:
        return await Beside(1, 0).run(lambda _: threading.get_ident(), _end_s())

    assert _run(main()) != threading.get_ident()


@pytest.mark.skipif(sys.platform != "linux", reason="threads have no niceness of their own")
def test_its_threads_let_the_event_loop_go_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()  # elsewhere tests have none that are nice

    def niceness(_: threading.Event) -> int:
        return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())

    async def main() -> int:
        return await Beside(1, 0).run(niceness, _end_s())

    before = os.getpriority(os.PRIO_PROCESS, threading.get_native_id())
    assert _run(main()) == max(before, beside.NICENESS)
    assert os.getpriority(os.PRIO_PROCESS, threading.get_native_id()) == before


def test_where_no_thread_can_be_had_it_is_overloaded_and_recovers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def none(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    given_up: list[bool] = []

    async def main() -> None:
        pool = Beside(1, 0)
        with monkeypatch.context() as patch:
            patch.setattr(threading.Thread, "start", none)
            with pytest.raises(Overloaded):
                await pool.run(lambda event: given_up.append(event.is_set()), _end_s())
        await pool.run(lambda event: given_up.append(event.is_set()), _end_s())
        assert pool.gate.in_flight == 0 or await _until(lambda: pool.gate.in_flight == 0) is None

    _run(main())
    assert given_up == [True, False]  # the first was told that nobody waits for it


def test_it_works_where_niceness_is_forbidden(monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(*_: int) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "setpriority", forbidden, raising=False)

    async def main() -> int:
        return await Beside(1, 0).run(lambda _: 7, _end_s())

    assert _run(main()) == 7


def test_what_work_raises_comes_through() -> None:
    async def main() -> None:
        await Beside(1, 0).run(lambda _: 1 // 0, _end_s())

    with pytest.raises(ZeroDivisionError):
        _run(main())


def test_its_slot_is_taken_until_the_thread_is_done() -> None:
    go, pool = threading.Event(), Beside(1, 0)

    def work(given_up: threading.Event) -> None:
        assert given_up.wait(LONG_S)  # told that nobody waits any more
        assert go.wait(LONG_S)

    async def main() -> None:
        with pytest.raises(DeadlineExceeded):
            await pool.run(work, _end_s(0.05))
        with pytest.raises(Overloaded):
            await pool.run(work, _end_s())
        go.set()
        await _until(lambda: pool.gate.in_flight == 0)

    _run(main())


def test_closed_it_takes_nothing() -> None:
    async def main() -> None:
        pool = Beside(1, 0)
        pool.close()
        with pytest.raises(Draining):
            await pool.run(lambda _: None, _end_s())
        assert pool.gate.in_flight == 0

    _run(main())


def test_memory_is_given_back_once_when_nothing_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[int] = []
    monkeypatch.setattr(beside, "TIDY_S", 0.05)
    monkeypatch.setattr(beside, "give_back", lambda: given.append(1))

    async def main() -> None:
        pool = Beside(2, 9)
        await asyncio.gather(*(pool.run(lambda _: None, _end_s()) for _ in range(3)))
        await _until(lambda: given)
        await asyncio.sleep(0.1)
        assert len(given) == 1

    _run(main())


def test_the_threads_are_there_before_they_are_needed() -> None:
    beside, before = Beside(3, 0), set(threading.enumerate())
    beside.start()
    begun = set(threading.enumerate()) - before
    beside.close()
    assert len(begun) == 3
