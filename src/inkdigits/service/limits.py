"""Requests in, the same requests with bounded bodies out.

Starlette's own `max_body_size` counts bytes too, but where Content-Length is too large it
answers in plain text past every exception handler; this answers problems throughout.
"""

import asyncio
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from inkdigits.engine.gate import RETRY_AFTER_S
from inkdigits.errors import BatchTooLarge, ImageTooLarge, InkdigitsError, Overloaded, SlowUpload
from inkdigits.files.limits import MIB
from inkdigits.outcome import or_raise
from inkdigits.service.patience import at_most
from inkdigits.service.problems import problem_of

BATCH_PATHS = "/predict/batch", "/numbers/batch"
"""Where several pictures may come at once."""
FORM_OVERHEAD_BYTES = 64 * 1024
"""What a form may add to its picture: boundaries, part headers, small text fields."""
SLOW_BYTES_PER_S = 16 * 1024
"""A body that comes more slowly than this for `body_s` is cut off."""
MOST_WAITS = 30
"""A body is cut off after so many times `body_s`: five minutes for 32 MiB at 1 Mbit/s."""
STALLED_S = 1.0
"""A body that brought less than `body_s` asks for in this time gives way when room is short."""
SMALL_BYTES = 256 * 1024
"""Larger bodies leave the last eighth of the room to bodies of up to this size."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """What bodies may be.

    Attributes:
        max_bytes: of one picture; a form may have `FORM_OVERHEAD_BYTES` more.
        max_batch_bytes: of all that is sent to `BATCH_PATHS`.
        max_held_bytes: of all bodies at a time, so that many large ones together do not
            fill the memory.
        body_s: time for a body, and anew each time that `SLOW_BYTES_PER_S` of it came for
            every second of it; `MOST_WAITS` times as much for the whole.
    """

    max_bytes: int
    max_batch_bytes: int = 32 * MIB
    max_held_bytes: int = 128 * MIB
    body_s: float = 10.0


class BodyLimit:
    """ASGI middleware: refuse bodies that are too large, too many at a time, or too slow.

    The size is looked at before a byte is read where Content-Length says it, and while
    they stream.

    Args:
        app: what is asked next.
        bounds: of bodies.
    """

    def __init__(self, app: ASGIApp, bounds: Bounds) -> None:
        self.app = app
        self.bounds = bounds
        self.held = 0
        self._coming: dict[_Body, None] = {}  # not whole yet, the oldest first

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer 413 or 503 at once when too much is announced; else count what comes."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        body = _Body(self, scope, receive)
        if (fault := body.fault(_announced_bytes(scope))) is not None:
            await problem_of(fault)(scope, receive, send)
            return
        try:
            await self.app(scope, body.receive, send)
        finally:
            self.count(body, 0, comes=False)

    def count(self, body: "_Body", size: int, *, comes: bool) -> None:
        """Note how much of a body is held, and whether more of it is to come."""
        self.held += size - body.size
        body.size = size
        if comes:
            self._coming[body] = None
        else:
            self._coming.pop(body, None)

    def has_room(self, body: "_Body", size: int) -> bool:
        """Tell whether a body may hold `size` bytes; others that have stalled give way to it.

        First those of the client that holds most, the oldest first. Where all come through
        one proxy they are of one client, and age alone decides.
        """
        room = self.bounds.max_held_bytes
        if size > SMALL_BYTES:
            room -= room // 8
        room += body.size - size
        if self.held > room:
            held_by = Counter[str]()
            for other in self._coming:
                held_by[other.client] += other.size
            stalled = [other for other in self._coming if other is not body and other.is_stalled]
            for other in sorted(stalled, key=lambda other: -held_by[other.client]):
                if self.held > room:
                    other.cut_off()
        return self.held <= room


class _Body:
    """The body of one request, as far as it has come."""

    def __init__(self, limit: BodyLimit, scope: Scope, receive: Receive) -> None:
        self.size = 0
        self.client = str((scope.get("client") or [""])[0])
        self._limit = limit
        self._is_batch = scope["path"] in BATCH_PATHS
        self._receive = receive
        self._came = 0
        self._start_s = 0.0
        self._paced = (0, 0.0)  # how much had come when its time began anew, and when that was
        self._wait: asyncio.Timeout | None = None
        self._is_whole = self._is_cut = False

    def fault(self, size: int) -> InkdigitsError | None:
        """Say what is wrong with a body of `size` bytes, beside all others that are held."""
        bounds = self._limit.bounds
        if self._is_batch and size > bounds.max_batch_bytes:
            return BatchTooLarge("bytes", size, bounds.max_batch_bytes)
        if not self._is_batch and size > bounds.max_bytes + FORM_OVERHEAD_BYTES:
            return ImageTooLarge("size in bytes", size, bounds.max_bytes)
        return None if self._limit.has_room(self, size) else Overloaded(RETRY_AFTER_S)

    async def receive(self) -> Message:
        """Wait for the next piece, not for too long, and count it."""
        if self._is_whole:
            return await self._receive()
        bounds, now = self._limit.bounds, asyncio.get_running_loop().time()
        if not self._start_s:
            self._start_s, self._paced = now, (0, now)
        elif self._came - self._paced[0] >= SLOW_BYTES_PER_S * bounds.body_s:
            self._paced = self._came, now
        end_s = min(self._paced[1] + bounds.body_s, self._start_s + MOST_WAITS * bounds.body_s)
        self._wait, message = asyncio.timeout_at(end_s), None
        with suppress(TimeoutError):
            message = await at_most(self._receive(), self._wait)
        self._wait = None
        if message is None or self._is_cut:
            raise SlowUpload(self._came, asyncio.get_running_loop().time() - self._start_s)
        self._is_whole = not message.get("more_body", False)
        more = len(message.get("body", b""))
        if more:
            or_raise(self.fault(self.size + more))
            self._came += more
        if more or self._is_whole:
            self._limit.count(self, self.size + more, comes=not self._is_whole)
        return message

    @property
    def is_stalled(self) -> bool:
        """Whether somebody waits for more of it, and little has come for a while."""
        late_s = asyncio.get_running_loop().time() - self._paced[1]
        return self._wait is not None and late_s > STALLED_S

    def cut_off(self) -> None:
        """End the wait for it. What it holds is free when its request is answered, at once."""
        self._is_cut = True
        self._limit.count(self, 0, comes=False)
        if self._wait is not None:
            self._wait.reschedule(0.0)


def _announced_bytes(scope: Scope) -> int:
    text = next((text for name, text in scope["headers"] if name == b"content-length"), b"0")
    return int(text) if text.isdigit() else 0
