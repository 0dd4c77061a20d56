import asyncio
import gc
import json
import sys
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from fastapi import FastAPI, Request
from starlette.testclient import TestClient

from inkdigits.errors import InkdigitsError, SlowUpload
from inkdigits.service.limits import BATCH_PATH, FORM_OVERHEAD_BYTES, BodyLimit, Bounds
from inkdigits.service.problems import install_problems

MAX = 1000
MAX_BODY = MAX + FORM_OVERHEAD_BYTES


@pytest.fixture
def counted() -> list[int]:
    """How many bytes the application has seen."""
    return [0]


@pytest.fixture
def client(counted: list[int]) -> TestClient:
    app = FastAPI()
    install_problems(app)
    app.add_middleware(BodyLimit, bounds=Bounds(MAX, max_batch_bytes=2 * MAX_BODY))

    @app.post(BATCH_PATH)
    @app.post("/")
    async def take(request: Request) -> int:
        async for chunk in request.stream():
            counted[0] += len(chunk)
        return counted[0]

    return TestClient(app, raise_server_exceptions=False)


def _chunks(count: int, size: int) -> Iterator[bytes]:
    for _ in range(count):
        yield bytes(size)


def test_a_body_at_the_limit_passes(client: TestClient) -> None:
    assert client.post("/", content=bytes(MAX_BODY)).json() == MAX_BODY


def test_an_announced_size_is_refused_before_a_byte_is_read(
    client: TestClient, counted: list[int]
) -> None:
    response = client.post("/", content=bytes(MAX_BODY + 1))
    assert response.status_code == 413
    assert response.json()["code"] == "image-too-large"
    assert (response.json()["found"], response.json()["allowed"]) == (MAX_BODY + 1, MAX)
    assert counted == [0]


def test_a_streamed_body_is_cut_off_when_it_grows_too_large(
    client: TestClient, counted: list[int]
) -> None:
    response = client.post("/", content=_chunks(200, 1000))
    assert response.status_code == 413
    assert response.json()["code"] == "image-too-large"
    assert counted[0] <= MAX_BODY


@pytest.mark.parametrize("announced", ["-5", "many", "", "٣", "1e3"])
def test_a_senseless_announcement_does_not_switch_counting_off(
    client: TestClient, announced: str
) -> None:
    headers = {"content-length": announced.encode()}
    response = client.post("/", content=_chunks(200, 1000), headers=headers)  # type: ignore[arg-type]
    assert response.status_code == 413


def test_a_batch_has_a_bound_of_its_own(client: TestClient) -> None:
    assert client.post(BATCH_PATH, content=bytes(2 * MAX_BODY)).json() == 2 * MAX_BODY
    response = client.post(BATCH_PATH, content=bytes(2 * MAX_BODY + 1))
    assert (response.status_code, response.json()["code"]) == (413, "batch-too-large")


class Ask:
    """A request to a `BodyLimit` whose body comes piece by piece, when told."""

    def __init__(self, limit: BodyLimit, length: int = 0) -> None:
        self.pieces: asyncio.Queue[tuple[bytes, bool]] = asyncio.Queue()
        self.sent: list[Any] = []
        headers = [(b"content-length", str(length).encode())] if length else []
        scope = {"type": "http", "path": "/", "headers": headers, "method": "POST"}
        self.task = asyncio.create_task(limit(scope, self._receive, self._send))

    async def _receive(self) -> Any:
        body, more = await self.pieces.get()
        return {"type": "http.request", "body": body, "more_body": more}

    async def _send(self, message: Any) -> None:
        self.sent.append(message)

    @property
    def problem(self) -> tuple[int, str]:
        return self.sent[0]["status"], json.loads(self.sent[1]["body"])["code"]


async def _take_all(scope: Any, receive: Any, send: Any) -> None:  # noqa: ARG001 (an application)
    while (await receive())["more_body"]:
        pass
    await receive()  # as Starlette does, to learn that the client has left


def test_all_bodies_together_are_bounded() -> None:
    async def main() -> None:
        limit = BodyLimit(_take_all, Bounds(1000, max_held_bytes=1500))
        first, second, third = Ask(limit), Ask(limit), Ask(limit)
        first.pieces.put_nowait((bytes(900), True))
        second.pieces.put_nowait((bytes(500), True))
        await asyncio.sleep(0.01)
        assert limit.held == 1400
        third.pieces.put_nowait((bytes(200), True))
        with pytest.raises(InkdigitsError, match="too much is waiting"):
            await third.task
        announced = Ask(limit, length=200)
        await announced.task
        assert announced.problem == (503, "overloaded")
        assert dict(announced.sent[0]["headers"])[b"retry-after"] == b"1"
        first.task.cancel()
        await asyncio.sleep(0.01)
        assert limit.held == 500
        second.pieces.put_nowait((b"", False))
        second.pieces.put_nowait((b"", False))
        await second.task
        assert limit.held == 0

    asyncio.run(main())


def test_a_body_that_trickles_is_cut_off() -> None:
    async def main() -> None:
        limit = BodyLimit(_take_all, Bounds(1000, body_s=0.2))
        ask = Ask(limit)
        for _ in range(100):
            ask.pieces.put_nowait((b"x", True))
            await asyncio.wait({ask.task}, timeout=0.05)
        with pytest.raises(SlowUpload, match="bytes came in"):
            await ask.task
        assert limit.held == 0

    asyncio.run(main())


def test_after_the_body_there_is_no_hurry() -> None:
    async def main() -> None:
        ask = Ask(BodyLimit(_take_all, Bounds(1000, body_s=0.05)))
        ask.pieces.put_nowait((b"x", False))
        await asyncio.sleep(0.2)
        ask.pieces.put_nowait((b"", False))
        await ask.task

    asyncio.run(main())


def test_a_body_that_is_refused_is_not_kept() -> None:
    body = bytes(MAX_BODY + 1)

    async def take(_scope: Any, receive: Any, _send: Any) -> None:
        await receive()

    async def receive() -> Any:
        return {"type": "http.request", "body": body, "more_body": True}

    async def ask() -> None:
        scope = {"type": "http", "path": "/", "headers": []}
        with suppress(InkdigitsError):
            await BodyLimit(take, Bounds(MAX))(scope, receive, receive)

    gc.disable()
    try:
        before = sys.getrefcount(body)
        asyncio.run(ask())
        assert sys.getrefcount(body) == before
    finally:
        gc.enable()
