"""Something to wait for and until when → its result; a clock is set only where it is not there yet.

`asyncio.timeout` sets one each time. Most bodies have come whole before anybody asks for them.
"""

import asyncio
from collections.abc import Awaitable, Generator
from typing import Any, TypeVar

T = TypeVar("T")


async def at_most(awaited: Awaitable[T], end: asyncio.Timeout) -> T:
    """Wait for a result.

    Args:
        awaited: where it comes from.
        end: until when, from `asyncio.timeout_at`; while this waits, it may be rescheduled.

    Raises:
        TimeoutError: it did not come in time; what was waited for is cancelled.
    """
    steps: Generator[Any, Any, T] = awaited.__await__()
    try:
        first = next(steps)
    except StopIteration as done:
        ready: T = done.value
        return ready
    async with end:
        return await _Begun(steps, first)


class _Begun(Awaitable[T]):
    """An awaitable whose first step is taken."""

    def __init__(self, steps: Generator[Any, Any, T], first: Any) -> None:
        self._steps = steps
        self._first = first

    def __await__(self) -> Generator[Any, Any, T]:
        awaited = self._first
        while True:
            try:
                try:
                    got = yield awaited
                except GeneratorExit:
                    self._steps.close()
                    raise
                except BaseException as error:  # noqa: BLE001  # a cancellation, above all
                    awaited = self._steps.throw(error)
                else:
                    awaited = self._steps.send(got)
            except StopIteration as done:
                late: T = done.value
                return late
