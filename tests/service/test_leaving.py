"""Work ends when the client leaves; else its result or its error comes through."""

import asyncio
from collections.abc import Coroutine
from typing import Any

import pytest
from starlette.requests import ClientDisconnect, Request

from inkdigits.errors import BlankImage
from inkdigits.service.leaving import unless_left
from tests.patience import PATIENCE_S


class Client:
    """Stays until it is told to leave."""

    def __init__(self) -> None:
        self.left = asyncio.Event()

    async def receive(self) -> dict[str, Any]:
        await self.left.wait()
        return {"type": "http.disconnect"}

    @property
    def request(self) -> Request:
        return Request({"type": "http"}, self.receive)


def _run(work: Coroutine[Any, Any, Any]) -> Any:
    return asyncio.run(asyncio.wait_for(work, PATIENCE_S))


def test_the_result_comes_through_and_nobody_watches_any_more() -> None:
    async def main() -> int:
        read = await unless_left(Client().request, asyncio.sleep(0.001, 7))
        await asyncio.sleep(0)
        assert len(asyncio.all_tasks()) == 1 + 1  # this one, and that of `wait_for`
        return read

    assert _run(main()) == 7


def test_an_error_comes_through() -> None:
    async def fail() -> None:
        raise BlankImage

    async def main() -> None:
        await unless_left(Client().request, fail())

    with pytest.raises(BlankImage):
        _run(main())


@pytest.mark.parametrize("who", ["client", "server"])
def test_work_ends_when_the_client_leaves_or_the_server_stops(who: str) -> None:
    async def main() -> None:
        client, began, ended = Client(), asyncio.Event(), asyncio.Event()

        async def work() -> None:
            began.set()
            try:
                await asyncio.sleep(PATIENCE_S)
            finally:
                ended.set()

        waiting = asyncio.create_task(unless_left(client.request, work()))
        await began.wait()
        if who == "client":
            client.left.set()
        else:
            waiting.cancel()
        with pytest.raises(ClientDisconnect if who == "client" else asyncio.CancelledError):
            await waiting
        await ended.wait()

    _run(main())
