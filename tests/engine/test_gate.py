import asyncio
from collections.abc import AsyncGenerator, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inkdigits.engine.gate import Gate
from inkdigits.errors import DeadlineExceeded, Overloaded
from tests.patience import PATIENCE_S


def _run(work: Coroutine[Any, Any, Any]) -> Any:
    return asyncio.run(asyncio.wait_for(work, PATIENCE_S))


def _in(seconds: float) -> float:
    return asyncio.get_running_loop().time() + seconds


@asynccontextmanager
async def _inside(gate: Gate, deadline: float) -> AsyncGenerator[None]:
    await gate.acquire(deadline)
    try:
        yield
    finally:
        gate.release()


async def _hold(gate: Gate, go: asyncio.Event, seconds: float = 10) -> None:
    async with _inside(gate, _in(seconds)):
        await go.wait()


def _counts(gate: Gate) -> tuple[int, int, int]:
    return gate.in_flight, gate.waiting, gate.refused


def test_the_slots_are_used_then_the_places_then_the_next_is_refused() -> None:
    async def main() -> None:
        gate, go = Gate(2, 3), asyncio.Event()
        holders = [asyncio.create_task(_hold(gate, go)) for _ in range(5)]
        await asyncio.sleep(0)
        assert _counts(gate) == (2, 3, 0)
        with pytest.raises(Overloaded) as refused:
            await gate.acquire(_in(10))
        assert refused.value.retry_after_s > 0
        assert _counts(gate) == (2, 3, 1)
        go.set()
        await asyncio.gather(*holders)
        assert _counts(gate) == (0, 0, 1)

    _run(main())


def test_who_waits_longest_comes_first() -> None:
    async def main() -> list[int]:
        gate, order = Gate(1, 10), []

        async def enter(number: int) -> None:
            async with _inside(gate, _in(10)):
                order.append(number)
                await asyncio.sleep(0)

        await asyncio.gather(*(enter(number) for number in range(8)))
        return order

    assert _run(main()) == list(range(8))


def test_waiting_has_an_end() -> None:
    async def main() -> None:
        gate, go = Gate(1, 5), asyncio.Event()
        holder = asyncio.create_task(_hold(gate, go))
        await asyncio.sleep(0)
        with pytest.raises(DeadlineExceeded):
            await gate.acquire(_in(0.01))
        with pytest.raises(DeadlineExceeded):
            await gate.acquire(_in(-1))
        assert _counts(gate) == (1, 0, 0)
        go.set()
        await holder
        assert _counts(gate) == (0, 0, 0)

    _run(main())


def test_who_leaves_in_the_moment_of_being_called_passes_the_slot_on() -> None:
    async def main() -> None:
        gate = Gate(1, 5)
        await gate.acquire(_in(1))
        leaving, staying = (asyncio.create_task(gate.acquire(_in(10))) for _ in range(2))
        await asyncio.sleep(0)
        gate.release()  # called, but not yet awake
        leaving.cancel()
        await staying
        assert leaving.cancelled()
        assert _counts(gate) == (1, 0, 0)

    _run(main())


steps = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 2), st.booleans()), max_size=25)


@settings(max_examples=100, deadline=None)
@given(steps=steps, slots=st.integers(1, 3), waiting=st.integers(0, 4))
def test_whoever_comes_and_goes_nothing_leaks(
    steps: list[tuple[int, int, bool]], slots: int, waiting: int
) -> None:
    """Callers stay for some ticks; some are cancelled after some ticks. Never too many inside."""

    async def main() -> None:
        gate, inside = Gate(slots, waiting), 0

        async def call(ticks: int) -> None:
            nonlocal inside
            async with _inside(gate, _in(10)):
                inside += 1
                try:
                    assert inside <= slots
                    for _ in range(ticks):
                        await asyncio.sleep(0)
                finally:
                    inside -= 1

        tasks = []
        for ticks, pause, leaves in steps:
            tasks.append(asyncio.create_task(call(ticks)))
            for _ in range(pause):
                await asyncio.sleep(0)
            if leaves:
                tasks[len(tasks) // 2].cancel()
            assert gate.waiting <= waiting
        ends = await asyncio.gather(*tasks, return_exceptions=True)
        kinds = (Overloaded, asyncio.CancelledError)
        assert all(end is None or isinstance(end, kinds) for end in ends)
        assert gate.refused == sum(isinstance(end, Overloaded) for end in ends)
        assert (gate.in_flight, gate.waiting) == (0, 0)

    _run(main())
