"""A request and the work on it → its result, unless the client leaves before: then the work ends.

Neither Starlette nor uvicorn stops an endpoint whose client has hung up. Small pictures are read
before anybody could notice; this is for work that takes a thread.
"""

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

from starlette.requests import ClientDisconnect, Request

T = TypeVar("T")


async def unless_left(request: Request, work: Awaitable[T]) -> T:
    """Wait for work.

    Args:
        request: its body was read.
        work: is cancelled when the client leaves, and when this is.

    Raises:
        ClientDisconnect: the client left.
    """
    working, leaving = asyncio.ensure_future(work), asyncio.ensure_future(_left(request))
    try:
        await asyncio.wait((working, leaving), return_when=asyncio.FIRST_COMPLETED)
        if working.done():
            return await working
        raise ClientDisconnect
    finally:
        working.cancel()
        leaving.cancel()
        del working  # its error would hold this frame, and this frame the picture


async def _left(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
