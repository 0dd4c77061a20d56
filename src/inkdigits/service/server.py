"""Settings and sockets in, a server that runs until it is told to stop out.

Told to stop, it takes nothing new but says so to who asks (503 and `Connection: close`),
finishes what it has taken, and ends.
"""

import asyncio
import contextlib
import socket
import sys
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from http import HTTPStatus

import uvicorn
from fastapi import FastAPI

from inkdigits.engine.heap import keep
from inkdigits.image.threads import use_one_thread
from inkdigits.reader import Reader
from inkdigits.service.app import create_app
from inkdigits.service.logs import log_config, spare_unused
from inkdigits.service.metrics import Metrics, Served
from inkdigits.service.problems import code_of
from inkdigits.service.settings import Settings
from inkdigits.service.shares import ABSENT, Share, take
from inkdigits.service.sockets import BACKLOG
from inkdigits.service.wire import BoundedHttp

LINGER_S = 1.0
"""Time for clients to learn that the server stops, on connections that they keep."""
SWITCH_S = 0.001
"""How long a thread with a large picture may keep Python from a small one; by default 5 ms."""
_GRACE_S = 5
_TICK_S = 0.05
_TICKS_A_BEAT = 10  # of uvicorn's ticks, 0.1 s each

Beat = Callable[[], Awaitable[None]]


class Server(uvicorn.Server):
    """uvicorn's server with an end that loses nothing.

    Args:
        config: of uvicorn.
        app: the application that `config` holds.
        beat: is called once a second while the event loop is well.
        share: of the connections; by default all.
    """

    def __init__(
        self,
        config: uvicorn.Config,
        app: FastAPI,
        beat: Beat | None = None,
        share: Share | None = None,
    ) -> None:
        super().__init__(config)
        self.app = app
        self._beat = beat
        self._share = share or Share([ABSENT])
        self._taking: list[asyncio.Task[None]] = []

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and take connections by ourselves: uvicorn's loops take all they can get."""
        await super().startup(sockets=[])
        self._share.held[self._share.place] = 0
        self._taking = [asyncio.create_task(self._take(one)) for one in sockets or ()]

    async def _take(self, listening: socket.socket) -> None:
        def begin() -> asyncio.Protocol:
            kind, state = self.config.http_protocol_class, self.lifespan.state
            return kind(self.config, self.server_state, state)  # type: ignore[call-arg]

        loop = asyncio.get_running_loop()
        async for connection in take(listening, self._share):
            with contextlib.suppress(OSError, MemoryError):  # it has left, or is one too many
                await loop.connect_accepted_socket(begin, connection)
            self.count_connections()

    def count_connections(self) -> None:
        """Tell the other workers how many connections there are here."""
        self._share.held[self._share.place] = len(self.server_state.connections)

    async def on_tick(self, counter: int) -> bool:
        """Beat: uvicorn's own callback waits for the time of day, which may be set back."""
        if self._beat is not None and counter % _TICKS_A_BEAT == 0:
            await self._beat()
        return await super().on_tick(counter)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Refuse for a moment, so that clients leave by themselves; then hang up and end."""
        self.app.state.engine.drain()
        self.server_state.default_headers = [
            *self.server_state.default_headers,
            (b"connection", b"close"),
        ]
        end_s = time.monotonic() + LINGER_S
        while (  # noqa: ASYNC110  # uvicorn tells of no such event
            self.server_state.connections and not self.force_exit and time.monotonic() < end_s
        ):
            await asyncio.sleep(_TICK_S)
        for one in self._taking:
            one.cancel()
        await asyncio.gather(*self._taking, return_exceptions=True)
        await super().shutdown(sockets)
        # uvicorn raises the signal anew after all is done; to stop when told to is no failure.
        self._captured_signals.clear()


def serve(
    settings: Settings,
    sockets: Sequence[socket.socket],
    readers: Mapping[str, Reader],
    beat: Beat | None = None,
    share: Share | None = None,
) -> None:
    """Answer until told to stop, by SIGTERM or SIGINT.

    Args:
        settings: of the server.
        sockets: from `listen`.
        readers: the settings' readers.
        beat: is called once a second while the event loop is well.
        share: of the connections; by default all.
    """
    app = create_app(settings, readers)
    sys.setswitchinterval(SWITCH_S)
    keep()
    use_one_thread()
    spare_unused()
    config = uvicorn.Config(
        app,
        http=_counting(app.state.metrics, lambda: server.count_connections()),  # noqa: PLW0108 not yet there
        ws="none",
        lifespan="on",
        proxy_headers=False,  # nothing here looks at a client's address
        server_header=False,
        access_log=False,  # `watch.py` writes one that tells nothing of the client
        log_config=log_config(settings),
        backlog=BACKLOG,
        timeout_graceful_shutdown=settings.request_s + settings.body_s + _GRACE_S,
    )
    server = Server(config, app, beat, share)
    with contextlib.suppress(KeyboardInterrupt):
        server.run(list(sockets))


def _counting(metrics: Metrics, count: Callable[[], None]) -> type[BoundedHttp]:
    """Connections that are counted, and their refusals as requests: no application sees them."""

    class Counting(BoundedHttp):
        def connection_lost(self, exc: Exception | None) -> None:
            super().connection_lost(exc)
            count()

        def on_refusal(self, status: HTTPStatus) -> None:
            metrics.count_request(Served("other", "unknown", status.value, code_of(status), 0.0))

    return Counting
