"""Workers that share a listening socket: who holds more leaves the next connection to others."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from inkdigits.service.shares import ABSENT, Share, take
from inkdigits.service.sockets import listen
from tests.patience import PATIENCE_S


@pytest.fixture
def listening() -> Iterator[socket.socket]:
    one = listen("127.0.0.1", 0)[0]
    with one:
        yield one


def _connect(listening: socket.socket) -> socket.socket:
    return socket.create_connection(listening.getsockname())


def _worker(listening: socket.socket, share: Share) -> "asyncio.Task[None]":
    async def work() -> None:
        async for connection in take(listening, share):
            share.held[share.place] += 1
            connection.close()

    return asyncio.create_task(work())


def _run(scene: Any) -> None:
    asyncio.run(asyncio.wait_for(scene, PATIENCE_S))


async def _until_sum(held: list[int], wanted: int) -> None:
    while sum(held) < wanted:  # noqa: ASYNC110 (of sockets, which set no event)
        await asyncio.sleep(0.001)


@pytest.mark.parametrize(
    ("held", "ahead"),
    [([0], False), ([3, 3], False), ([3, 2], True), ([3, ABSENT], False), ([1, 5, 0], True)],
)
def test_who_is_ahead(held: list[int], *, ahead: bool) -> None:
    assert Share(held).is_ahead is ahead


def test_connections_that_come_at_once_are_shared_evenly(listening: socket.socket) -> None:
    async def main() -> None:
        held = [0, 0, 0]
        with ExitStack() as stack:
            for _ in range(12):
                stack.enter_context(_connect(listening))
            theirs = [stack.enter_context(listening.dup()) for _ in held]
            workers = [_worker(one, Share(held, place)) for place, one in enumerate(theirs)]
            await _until_sum(held, 12)
            for one in workers:
                one.cancel()
            await asyncio.gather(*workers, return_exceptions=True)
        assert held == [4, 4, 4]

    _run(main())


def test_what_nobody_else_takes_is_taken(listening: socket.socket) -> None:
    """The other one holds fewer, but does not come: it is hung, or has just died."""

    async def main() -> None:
        held = [5, 0]
        with _connect(listening), _connect(listening):
            worker = _worker(listening, Share(held))
            await _until_sum(held, 7)
        assert held == [7, 0]
        worker.cancel()

    _run(main())


def test_where_files_are_short_it_tries_again(listening: socket.socket) -> None:
    class Short:
        """A socket that may be taken from at the third time only."""

        failures = 2

        def __getattr__(self, name: str) -> Any:
            return getattr(listening, name)

        def accept(self) -> Any:
            if self.failures:
                self.failures -= 1
                raise OSError(24, "Too many open files")
            return listening.accept()

    async def main() -> None:
        held = [0]
        with _connect(listening):
            worker = _worker(Short(), Share(held))  # type: ignore[arg-type]
            await _until_sum(held, 1)
        worker.cancel()

    _run(main())
