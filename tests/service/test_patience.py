"""Waiting for something that is there, comes, comes late, fails, or is no longer wanted."""

import asyncio
from collections.abc import Coroutine
from typing import Any

import pytest

from inkdigits.service.patience import at_most
from tests.patience import PATIENCE_S

LONG_S = PATIENCE_S


def run(work: Coroutine[Any, Any, Any]) -> Any:
    return asyncio.run(asyncio.wait_for(work, LONG_S))


def soon(after_s: float) -> asyncio.Timeout:
    return asyncio.timeout(after_s)


async def there() -> str:
    return "there"


async def comes(steps: int = 3) -> str:
    for _ in range(steps):
        await asyncio.sleep(0.001)
    return "came"


async def fails() -> str:
    await asyncio.sleep(0)
    raise KeyError("why")


def test_what_is_there_is_given_though_the_time_is_over() -> None:
    async def main() -> str:
        return await at_most(there(), soon(-1))

    assert run(main()) == "there"


def test_what_comes_in_time_is_given() -> None:
    async def main() -> str:
        return await at_most(comes(), soon(LONG_S))

    assert run(main()) == "came"


def test_what_it_raises_comes_through() -> None:
    async def main() -> str:
        return await at_most(fails(), soon(LONG_S))

    with pytest.raises(KeyError, match="why"):
        run(main())


def test_what_does_not_come_is_cancelled() -> None:
    ended: list[str] = []

    async def never() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("ended")

    async def main() -> None:
        with pytest.raises(TimeoutError):
            await at_most(never(), soon(0.01))
        assert ended == ["ended"]
        await asyncio.sleep(0)  # the task itself is not cancelled

    run(main())


def test_who_waits_can_be_cancelled() -> None:
    async def main() -> None:
        event = asyncio.Event()
        task = asyncio.create_task(at_most(event.wait(), soon(LONG_S)))
        await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    run(main())


def test_what_answers_a_cancellation_is_heard() -> None:
    async def stubborn() -> str:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            await asyncio.sleep(0)
            return "none the less"
        return ""

    async def main() -> str:
        task = asyncio.create_task(at_most(stubborn(), soon(LONG_S)))
        await asyncio.sleep(0.01)
        task.cancel()
        return await task

    assert run(main()) == "none the less"


def test_who_holds_the_end_may_bring_it_forward() -> None:
    async def main() -> None:
        end = soon(LONG_S)
        task = asyncio.create_task(at_most(asyncio.Event().wait(), end))
        await asyncio.sleep(0)
        end.reschedule(0.0)
        with pytest.raises(TimeoutError):
            await task

    run(main())
