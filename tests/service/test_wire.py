"""Connections to a real uvicorn server with a small application, in this process."""

import asyncio
import contextlib
import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
import uvicorn

from inkdigits.service import wire
from inkdigits.service.problems import MEDIA_TYPE
from inkdigits.service.wire import MAX_HEAD_BYTES, BoundedHttp
from tests.patience import PATIENCE_S

Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
GET = b"GET / HTTP/1.1\r\nHost: x\r\n"
MANY = 20_000_000


told: list[asyncio.Event] = []
"""One, of this test's loop: what the client says to the application, or that to the client."""


async def _app(scope: Any, receive: Any, send: Any) -> None:
    size = MANY if scope["path"] == "/many" else 2
    headers = [(b"content-length", str(size).encode())]
    if scope["path"] == "/late":
        while (await receive()).get("more_body"):
            pass
        await told[0].wait()
    if scope["path"] == "/gone":
        while (await receive())["type"] != "http.disconnect":
            pass
        told[0].set()
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": bytes(size), "more_body": True})
    await send({"type": "http.response.body", "body": b""})


def _talk(talk: Talk) -> None:
    async def main() -> None:
        told[:] = [asyncio.Event()]
        config = uvicorn.Config(
            _app, http=BoundedHttp, ws="none", lifespan="off", port=0, log_level="error"
        )
        server = uvicorn.Server(config)
        config.load()
        loop = asyncio.get_running_loop()

        def connect() -> BoundedHttp:
            return BoundedHttp(config, server.server_state, {}, loop)

        listening = await loop.create_server(connect, "127.0.0.1", 0)
        port = listening.sockets[0].getsockname()[1]
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        await asyncio.wait_for(talk(reader, writer), PATIENCE_S)
        writer.close()
        listening.close()
        for connection in list(server.server_state.connections):
            connection.transport.abort()
        while server.server_state.connections:  # noqa: ASYNC110 (uvicorn sets no event)
            await asyncio.sleep(0.01)

    asyncio.run(main())


async def _answer(reader: asyncio.StreamReader) -> tuple[int, dict[str, str], bytes]:
    head = (await reader.readuntil(b"\r\n\r\n")).decode()
    status, *lines = head.strip().split("\r\n")
    headers = {line.partition(": ")[0].lower(): line.partition(": ")[2] for line in lines}
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    return int(status.split()[1]), headers, body


async def _assert_refused(reader: asyncio.StreamReader, status: int) -> None:
    found, headers, body = await _answer(reader)
    assert (found, headers["content-type"], headers["connection"]) == (status, MEDIA_TYPE, "close")
    assert json.loads(body)["status"] == status
    assert await reader.read() == b""  # hung up


def test_a_connection_serves_request_after_request() -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for _ in range(3):
            writer.write(GET + b"X-Some: " + b"y" * (MAX_HEAD_BYTES // 2) + b"\r\n\r\n")
            assert (await _answer(reader))[0] == 200
        writer.write((GET + b"\r\n") * 2)  # two at once
        for _ in range(2):
            assert (await _answer(reader))[0] == 200

    _talk(talk)


@pytest.mark.parametrize(
    "head",
    [
        GET + b"X-Big: " + b"y" * 1_000_000 + b"\r\n\r\n",
        GET + b"X-Endless: " + b"y" * 1_000_000,
        GET + b"X: y\r\n" * 100_000,
        b"GET /" + b"a" * 1_000_000 + b" HTTP/1.1\r\n\r\n",
    ],
    ids=["one large field", "one without end", "many fields", "a long address"],
)
@pytest.mark.parametrize("piece", [1_000, 10_000_000])
def test_a_large_head_is_refused(head: bytes, piece: int) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async def send() -> None:
            for at in range(0, len(head), piece):
                writer.write(head[at : at + piece])
                await writer.drain()

        sending = asyncio.create_task(send())
        try:
            found, _, _ = await _answer(reader)
            assert found == 431
        except (ConnectionResetError, asyncio.IncompleteReadError):
            pass  # it hung up before all was read: that is an answer too
        await asyncio.wait({sending})
        assert isinstance(sending.exception(), OSError | None)

    _talk(talk)


@pytest.mark.parametrize("data", [b"\x16\x03\x01" + bytes(100), b"BREW\r\n\r\n"])
def test_what_is_no_http_is_a_problem(data: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    refused: list[int] = []
    monkeypatch.setattr(BoundedHttp, "on_refusal", lambda _, status: refused.append(status))

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(data)
        await _assert_refused(reader, 400)

    _talk(talk)
    assert refused == [400]


def test_a_head_that_trickles_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "HEAD_S", 0.3)

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async def trickle() -> None:
            writer.write(GET + b"X: ")
            while True:
                await asyncio.sleep(0.02)
                writer.write(b"y")

        trickling = asyncio.create_task(trickle())
        with contextlib.suppress(ConnectionResetError):  # a byte of ours crossed its goodbye
            await _assert_refused(reader, 408)
        trickling.cancel()

    _talk(talk)


@pytest.mark.parametrize("data", [b"", b"\r\n", GET + b"\r\n"], ids=["nothing", "blank", "idle"])
def test_a_connection_without_requests_is_closed(
    monkeypatch: pytest.MonkeyPatch, data: bytes
) -> None:
    """Blank lines are no request: they do not keep it open."""
    monkeypatch.setattr(wire, "HEAD_S", 0.3)

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async def blank() -> None:
            while True:
                await asyncio.sleep(0.02)
                writer.write(b"\r\n")

        writer.write(data)
        if data.startswith(b"GET"):
            assert (await _answer(reader))[0] == 200
        blanks = asyncio.create_task(blank())
        with contextlib.suppress(ConnectionResetError):  # there was a blank line on the way
            assert await reader.read() == b""
        blanks.cancel()

    _talk(talk)


def test_a_client_that_does_not_read_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "SEND_S", 0.3)

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"GET /many HTTP/1.1\r\nHost: x\r\n\r\n")
        await asyncio.sleep(1)
        received = 0
        try:
            while more := await reader.read(1_000_000):
                received += len(more)
        except ConnectionResetError:
            pass
        assert received < MANY

    _talk(talk)


def test_a_slow_body_is_not_the_heads_business(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "HEAD_S", 0.2)

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"POST /late HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\n")
        for _ in range(4):
            await asyncio.sleep(0.1)
            writer.write(b"x")
        told[0].set()
        assert (await _answer(reader))[0] == 200

    _talk(talk)


@pytest.mark.parametrize(("length", "answered"), [(4, True), (5, False)])
def test_a_client_that_closes_its_side_is_answered_if_it_sent_all(
    length: int, *, answered: bool
) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"POST /late HTTP/1.1\r\nContent-Length: %d\r\n\r\nxxxx" % length)
        writer.write_eof()
        if answered:
            assert await reader.readuntil(b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
        told[0].set()
        assert (b"HTTP/1.1 200 " in await reader.read()) is answered

    _talk(talk)


def test_a_client_that_is_gone_is_noticed_while_its_request_is_at_work() -> None:
    async def talk(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"POST /gone HTTP/1.1\r\nContent-Length: 4\r\n\r\nxxxx")
        writer.close()
        await told[0].wait()

    _talk(talk)


def test_a_client_of_the_old_protocol_gets_its_answer_alone() -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"POST /late HTTP/1.0\r\nContent-Length: 4\r\n\r\nxxxx")
        writer.write_eof()
        asyncio.get_running_loop().call_later(3 * wire.PROBE_S, told[0].set)
        assert (await reader.read()).startswith(b"HTTP/1.1 200 ")

    _talk(talk)
