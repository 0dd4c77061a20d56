import asyncio
import gc
import json
import sys
from collections.abc import Callable, Coroutine, Iterator
from contextlib import suppress
from typing import Any

import pytest
from fastapi import FastAPI, Request
from starlette.testclient import TestClient

from inkdigits.errors import InkdigitsError, Overloaded, SlowUpload
from inkdigits.files.limits import MIB
from inkdigits.service.limits import (
    BATCH_PATHS,
    FORM_OVERHEAD_BYTES,
    MOST_WAITS,
    SLOW_BYTES_PER_S,
    SMALL_BYTES,
    STALLED_S,
    BodyLimit,
    Bounds,
)
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

    @app.post(BATCH_PATHS[0])
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
    assert (response.json()["found"], response.json()["allowed"]) == (str(MAX_BODY + 1), [str(MAX)])
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
    assert client.post(BATCH_PATHS[0], content=bytes(2 * MAX_BODY)).json() == 2 * MAX_BODY
    response = client.post(BATCH_PATHS[0], content=bytes(2 * MAX_BODY + 1))
    assert (response.status_code, response.json()["code"]) == (413, "batch-too-large")


class Ask:
    """A request to a `BodyLimit` whose body comes piece by piece, when told."""

    def __init__(self, limit: BodyLimit, length: int = 0, client: str = "here") -> None:
        self.pieces: asyncio.Queue[tuple[bytes, bool]] = asyncio.Queue()
        self.sent: list[Any] = []
        headers = [(b"content-length", str(length).encode())] if length else []
        scope = {"type": "http", "path": "/", "headers": headers, "method": "POST"}
        scope["client"] = (client, 1)
        self.task = asyncio.create_task(limit(scope, self._receive, self._send))

    async def _receive(self) -> Any:
        body, more = await self.pieces.get()
        return {"type": "http.request", "body": body, "more_body": more}

    async def _send(self, message: Any) -> None:
        self.sent.append(message)

    async def bring(self, size: int, *, more: bool = True) -> None:
        """Send a piece, and wait until it is taken or the request has ended."""
        self.pieces.put_nowait((bytes(size), more))
        for _ in range(5):
            await asyncio.sleep(0)

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


class Clock(asyncio.SelectorEventLoop):
    """An event loop whose clock can be put forward."""

    forward_s = 0.0

    def time(self) -> float:
        return super().time() + self.forward_s


def _play(scene: Callable[[Clock], Coroutine[Any, Any, None]]) -> None:
    async def main() -> None:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, Clock)
        await scene(loop)

    with asyncio.Runner(loop_factory=Clock) as runner:
        runner.run(main())


async def _ends_with(ask: Ask, kind: type[InkdigitsError]) -> None:
    with pytest.raises(kind):
        await ask.task


def test_a_body_that_keeps_its_pace_has_time_but_not_for_ever() -> None:
    per_s = SLOW_BYTES_PER_S

    async def scene(clock: Clock) -> None:
        ask = Ask(BodyLimit(_take_all, Bounds(MIB * 32, body_s=10)))
        turns = 0
        while not ask.task.done():
            await ask.bring(9 * per_s)
            clock.forward_s += 8.9  # 18 s for what 18 s are allowed for
            turns += 1
            assert turns < 100
        assert turns * 8.9 == pytest.approx(MOST_WAITS * 10, abs=20)
        await _ends_with(ask, SlowUpload)

    _play(scene)


def test_a_body_that_came_fast_has_no_time_left_over_from_it() -> None:
    async def scene(clock: Clock) -> None:
        limit = BodyLimit(_take_all, Bounds(MIB * 32, body_s=10))
        ask = Ask(limit)
        await ask.bring(MIB * 32 - 1)  # all but one byte
        clock.forward_s += 9.9
        await ask.bring(0)
        assert limit.held == MIB * 32 - 1
        clock.forward_s += 0.2
        await _ends_with(ask, SlowUpload)
        assert limit.held == 0

    _play(scene)


def test_when_room_is_short_those_that_stalled_give_way_the_oldest_first() -> None:
    async def scene(clock: Clock) -> None:
        limit = BodyLimit(_take_all, Bounds(1000, max_held_bytes=3000))
        stalled = [Ask(limit) for _ in range(3)]
        for one in stalled:
            await one.bring(1000)
        assert limit.held == 3000
        clock.forward_s += STALLED_S + 0.1
        fresh = Ask(limit)
        await fresh.bring(900)
        await fresh.bring(100, more=False)
        await fresh.bring(0, more=False)
        await fresh.task
        await _ends_with(stalled[0], SlowUpload)
        assert [one.task.done() for one in stalled] == [True, False, False]
        assert limit.held == 2000
        announced = Ask(limit, length=2000)  # refused or not before a byte of it is here
        await announced.bring(1)
        await _ends_with(stalled[1], SlowUpload)
        assert [one.task.done() for one in stalled] == [True, True, False]
        for one in (stalled[2], announced):
            one.task.cancel()

    _play(scene)


def test_the_client_that_holds_most_gives_way_first() -> None:
    async def scene(clock: Clock) -> None:
        limit = BodyLimit(_take_all, Bounds(1000, max_held_bytes=3000))
        one = Ask(limit, client="one")  # the oldest
        two = [Ask(limit, client="two") for _ in range(2)]
        for ask in (one, *two):
            await ask.bring(1000)
        clock.forward_s += STALLED_S + 0.1
        fresh = Ask(limit, client="three")
        await fresh.bring(900)
        await _ends_with(two[0], SlowUpload)
        assert not one.task.done()
        for ask in (one, two[1], fresh):
            ask.task.cancel()

    _play(scene)


def test_large_bodies_leave_some_room_to_small_ones() -> None:
    async def scene(_: Clock) -> None:
        limit = BodyLimit(_take_all, Bounds(8 * MIB, max_held_bytes=16 * MIB))
        large = [Ask(limit) for _ in range(3)]
        for one in large:
            await one.bring(7 * MIB)  # all of them fast: none has stalled
        await _ends_with(large[2], Overloaded)
        small = Ask(limit)
        await small.bring(SMALL_BYTES)
        assert limit.held == 14 * MIB + SMALL_BYTES
        for ask in (*large, small):
            ask.task.cancel()

    _play(scene)


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
