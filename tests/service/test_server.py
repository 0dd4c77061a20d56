import asyncio
import contextlib
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
import uvicorn

from inkdigits.service.app import create_app
from inkdigits.service.server import Server
from inkdigits.service.settings import Settings
from inkdigits.service.sockets import listen
from inkdigits.service.wire import BoundedHttp
from tests.patience import PATIENCE_S
from tests.tiny import png

HEAD = b"POST /predict HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n"


def _server(model: Path) -> Server:
    app = create_app(Settings(models=(str(model),)))
    config = uvicorn.Config(app, http=BoundedHttp, ws="none", lifespan="on", log_config=None)
    return Server(config, app)


async def _until(condition: Callable[[], bool]) -> None:
    while not condition():  # noqa: ASYNC110 (uvicorn sets no event)
        await asyncio.sleep(0.01)


async def _read(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    head = await reader.readuntil(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
    return int(head.split()[1]), head.lower() + await reader.readexactly(length)


@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGINT])
def test_told_to_stop_it_finishes_what_has_begun_and_refuses_the_rest(
    tiny_model: Path, told: signal.Signals
) -> None:
    body = png("7")

    async def main() -> None:
        server, sockets = _server(tiny_model), listen("127.0.0.1", 0)
        serving = asyncio.create_task(server.serve(sockets))
        await _until(lambda: server.started)
        port = sockets[0].getsockname()[1]
        begun, kept = [await asyncio.open_connection("127.0.0.1", port) for _ in range(2)]
        begun[1].write(HEAD % len(body) + body[:50])
        kept[1].write(HEAD % len(body) + body)
        assert (await _read(kept[0]))[0] == 200
        signal.raise_signal(told)
        await _until(lambda: server.app.state.engine.state == "draining")
        kept[1].write(HEAD % len(body) + body)
        status, answer = await _read(kept[0])
        assert (status, b'"draining"' in answer) == (503, True)
        assert b"connection: close" in answer
        begun[1].write(body[50:])
        status, answer = await _read(begun[0])
        assert (status, b'"digit":"7"' in answer) == (200, True)
        for _, writer in (begun, kept):
            writer.close()
        await serving
        with pytest.raises(OSError):  # noqa: PT011 (which one is the system's choice)
            await asyncio.open_connection("127.0.0.1", port)

    asyncio.run(asyncio.wait_for(main(), PATIENCE_S))


def test_without_connections_it_stops_at_once(tiny_model: Path) -> None:
    async def main() -> None:
        server, sockets = _server(tiny_model), listen("127.0.0.1", 0)
        serving = asyncio.create_task(server.serve(sockets))
        await _until(lambda: server.started)
        server.should_exit = True
        await serving
        for one in sockets:
            with contextlib.suppress(OSError):
                one.close()

    asyncio.run(asyncio.wait_for(main(), PATIENCE_S))
