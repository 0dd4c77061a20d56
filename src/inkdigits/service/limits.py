"""Requests in, the same requests with bounded bodies out.

Starlette's own `max_body_size` counts bytes too, but where Content-Length is too large it
answers in plain text past every exception handler; this answers problems throughout.
"""

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from inkdigits.errors import BatchTooLarge, ImageTooLarge, InkdigitsError
from inkdigits.service.problems import problem_of

BATCH_PATH = "/predict/batch"
"""Where several pictures may come at once."""
FORM_OVERHEAD_BYTES = 64 * 1024
"""What a form may add to its picture: boundaries, part headers, small text fields."""


class BodyLimit:
    """ASGI middleware: refuse bodies above a size, by Content-Length or while they stream.

    Args:
        app: what is asked next.
        max_bytes: of the picture; a form may have `FORM_OVERHEAD_BYTES` more.
        max_batch_bytes: of all that is sent to `BATCH_PATH`.
    """

    def __init__(self, app: ASGIApp, max_bytes: int, max_batch_bytes: int = 0) -> None:
        self.app = app
        self.max_bytes = max_bytes
        self.max_batch_bytes = max_batch_bytes or max_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer 413 at once when the announced size is too large; else count what comes."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
        elif (announced := _announced_bytes(scope)) > self._allowed(scope):
            await problem_of(self._too_large(scope, announced))(scope, receive, send)
        else:
            await self.app(scope, self._counted(scope, receive), send)

    def _counted(self, scope: Scope, receive: Receive) -> Receive:
        total, allowed = 0, self._allowed(scope)

        async def receive_counted() -> Message:
            nonlocal total
            message = await receive()
            total += len(message.get("body", b""))
            if total > allowed:
                raise self._too_large(scope, total)
            return message

        return receive_counted

    def _allowed(self, scope: Scope) -> int:
        is_batch = scope["path"] == BATCH_PATH
        return self.max_batch_bytes if is_batch else self.max_bytes + FORM_OVERHEAD_BYTES

    def _too_large(self, scope: Scope, found: int) -> InkdigitsError:
        if scope["path"] == BATCH_PATH:
            return BatchTooLarge("bytes", found, self.max_batch_bytes)
        return ImageTooLarge("size in bytes", found, self.max_bytes)


def _announced_bytes(scope: Scope) -> int:
    text = Headers(scope=scope).get("content-length", "0")
    return int(text) if text.isascii() and text.isdigit() else 0
