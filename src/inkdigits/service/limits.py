"""Requests in, the same requests with bounded bodies out.

Starlette's own `max_body_size` counts bytes too, but where Content-Length is too large it
answers in plain text past every exception handler; this answers problems throughout.
"""

import asyncio
from dataclasses import dataclass

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from inkdigits.engine.gate import RETRY_AFTER_S
from inkdigits.errors import (
    BatchTooLarge,
    ImageTooLarge,
    InkdigitsError,
    Overloaded,
    SlowUpload,
)
from inkdigits.files.limits import MIB
from inkdigits.outcome import or_raise
from inkdigits.service.patience import at_most
from inkdigits.service.problems import problem_of

BATCH_PATH = "/predict/batch"
"""Where several pictures may come at once."""
FORM_OVERHEAD_BYTES = 64 * 1024
"""What a form may add to its picture: boundaries, part headers, small text fields."""
SLOW_BYTES_PER_S = 16 * 1024
"""A body that comes more slowly than this in the long run is cut off."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """What bodies may be.

    Attributes:
        max_bytes: of one picture; a form may have `FORM_OVERHEAD_BYTES` more.
        max_batch_bytes: of all that is sent to `BATCH_PATH`.
        max_held_bytes: of all bodies at a time, so that many large ones together do not
            fill the memory.
        body_s: time for a body, and one second more for every `SLOW_BYTES_PER_S` of it.
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
            self.held -= body.size


class _Body:
    """The body of one request, as far as it has come."""

    def __init__(self, limit: BodyLimit, scope: Scope, receive: Receive) -> None:
        self.size = 0
        self._limit = limit
        self._is_batch = scope["path"] == BATCH_PATH
        self._receive = receive
        self._start_s = 0.0
        self._is_whole = False

    def fault(self, size: int) -> InkdigitsError | None:
        """Say what is wrong with a body of `size` bytes, beside all others that are held."""
        bounds = self._limit.bounds
        if self._is_batch and size > bounds.max_batch_bytes:
            return BatchTooLarge("bytes", size, bounds.max_batch_bytes)
        if not self._is_batch and size > bounds.max_bytes + FORM_OVERHEAD_BYTES:
            return ImageTooLarge("size in bytes", size, bounds.max_bytes)
        if self._limit.held - self.size + size > bounds.max_held_bytes:
            return Overloaded(RETRY_AFTER_S)
        return None

    async def receive(self) -> Message:
        """Wait for the next piece, not for too long, and count it."""
        if self._is_whole:
            return await self._receive()
        loop = asyncio.get_running_loop()
        self._start_s = self._start_s or loop.time()
        allowed_s = self._limit.bounds.body_s + self.size / SLOW_BYTES_PER_S
        try:
            message = await at_most(self._receive(), self._start_s + allowed_s)
        except TimeoutError:
            raise SlowUpload(self.size, loop.time() - self._start_s) from None
        self._is_whole = not message.get("more_body", False)
        more = len(message.get("body", b""))
        if more:
            or_raise(self.fault(self.size + more))
            self.size += more
            self._limit.held += more
        return message


def _announced_bytes(scope: Scope) -> int:
    text = next((text for name, text in scope["headers"] if name == b"content-length"), b"0")
    return int(text) if text.isdigit() else 0
