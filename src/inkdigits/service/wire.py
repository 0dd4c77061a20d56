"""Bytes of a connection in, requests out: bounded heads, no slow ones, problems for malformed ones.

uvicorn's own protocol takes heads of any size, waits for them for ever, and keeps a
connection whose client does not read its answer.
"""

import asyncio
import logging
from http import HTTPStatus
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from inkdigits.service.logs import CONNECTIONS
from inkdigits.service.problems import MEDIA_TYPE, code_of, problem

MAX_HEAD_BYTES = 32 * 1024
"""Of the address and all header fields of one request. Browsers send 1 to 4 KiB."""
HEAD_S = 10.0
"""Time from the start of a connection, or of a head, to the end of the head."""
SEND_S = 30.0
"""Time that a client may take to read what is waiting for it."""
PROBE_S = 0.05
"""From one look whether a client that has closed its side is still there to the next."""
_INTERIM = b"HTTP/1.1 100 Continue\r\n\r\n"


class BoundedHttp(HttpToolsProtocol):
    """One connection. Its arguments are uvicorn's."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.logger = logging.getLogger(CONNECTIONS)
        self._head_bytes = 0
        self._in_head = False
        self._status = HTTPStatus.BAD_REQUEST
        self._timers: dict[str, asyncio.TimerHandle] = {}

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Give a new connection some time for its first head."""
        super().connection_made(transport)
        self._watch_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the timers."""
        super().connection_lost(exc)
        for name in [*self._timers]:
            self._drop_timer(name)

    def data_received(self, data: bytes) -> None:
        """Take what comes; refuse a head that grows or lasts too long."""
        began_before = self._in_head
        super().data_received(data)
        if self.transport.is_closing():
            return
        if self._in_head and began_before:
            self._head_bytes += len(data)
            if self._head_bytes > MAX_HEAD_BYTES:
                self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
        if self._in_head or self.cycle is None or self.cycle.response_complete:
            self._watch_head()  # no request is at work: whatever came must lead to one
        else:
            self._drop_timer("head")

    def eof_received(self) -> bool:  # type: ignore[override]
        """Answer a client that sent all and closed its side, if it still reads; then hang up."""
        waits = self.cycle is not None and not self.cycle.response_complete
        if waits and not self.cycle.more_body:
            self.cycle.keep_alive = False
            self._timers["probe"] = self.loop.call_later(PROBE_S, self._probe)
            return True
        return False  # closes the connection

    def on_message_begin(self) -> None:
        """Begin to count the bytes of a head."""
        super().on_message_begin()
        self._head_bytes = 0
        self._in_head = True

    def on_url(self, url: bytes) -> None:
        """Count the address, or a piece of it."""
        self._count(len(url))
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Count a header field."""
        self._count(len(name) + len(value) + 4)
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Begin the request."""
        self._in_head = False
        super().on_headers_complete()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002  # the parser's, always the same
        """Answer what the parser refuses, or what `_count` did."""
        self._refuse(self._status)

    def timeout_keep_alive_handler(self) -> None:
        """Hang up on an idle client; on one that does not read its answer, at once."""
        if self.transport.get_write_buffer_size():
            self.transport.abort()
        else:
            super().timeout_keep_alive_handler()

    def pause_writing(self) -> None:
        """Give the client some time to read."""
        super().pause_writing()
        self._timers["send"] = self.loop.call_later(SEND_S, self.transport.abort)

    def resume_writing(self) -> None:
        """Go on: it has read."""
        super().resume_writing()
        self._drop_timer("send")

    def on_refusal(self, status: HTTPStatus) -> None:
        """Hear of what was refused, which no application has seen. Who counts overrides this."""

    def _count(self, size: int) -> None:
        self._head_bytes += size
        if self._head_bytes > MAX_HEAD_BYTES:
            self._status = HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
            raise ValueError(self._status.phrase)  # stops the parser, which asks for a 400

    def _watch_head(self) -> None:
        if "head" not in self._timers:
            self._timers["head"] = self.loop.call_later(HEAD_S, self._on_late_head)

    def _on_late_head(self) -> None:
        if self._in_head:
            self._refuse(HTTPStatus.REQUEST_TIMEOUT)
        elif self.cycle is None or self.cycle.response_complete:
            self.timeout_keep_alive_handler()

    def _probe(self) -> None:
        """Write something that a client passes over; of one that is gone, the system says so.

        Source: RFC 9110, 15.2: a server may send any number of interim responses.
        """
        if self.cycle.scope["http_version"] == "1.1" and not self.cycle.response_started:
            self.transport.write(_INTERIM)
            self._timers["probe"] = self.loop.call_later(PROBE_S, self._probe)

    def _drop_timer(self, name: str) -> None:
        if timer := self._timers.pop(name, None):
            timer.cancel()

    def _refuse(self, status: HTTPStatus) -> None:
        """Answer a problem and hang up, unless another answer is being written."""
        if self.transport.is_closing():
            return
        if self.cycle is None or self.cycle.response_complete:
            self.transport.write(write_refusal(status))
            self.on_refusal(status)
        self.transport.close()


def write_refusal(status: HTTPStatus) -> bytes:
    """Write the whole answer to a request that cannot become one.

    Args:
        status: 400, 408 or 431.

    Returns:
        Status line, headers and problem document; it ends the connection.
    """
    detail = status.description or status.phrase
    body = bytes(problem(status, status.phrase, code=code_of(status), detail=detail).body)
    head = (
        f"HTTP/1.1 {status.value} {status.phrase}\r\nContent-Type: {MEDIA_TYPE}\r\n"
        f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    )
    return head.encode("ascii") + body
