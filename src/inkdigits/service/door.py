"""Requests in, those that may come in out: by a name that is ours, and not while we stop."""

from starlette.types import ASGIApp, Receive, Scope, Send

from inkdigits.engine.engine import Engine
from inkdigits.engine.gate import RETRY_AFTER_S
from inkdigits.errors import Draining, InkdigitsError, UnknownHost
from inkdigits.service.problems import problem_of

ALWAYS_OPEN = ("/health/", "/v2/health/", "/metrics")
"""For whatever watches over the server: it asks by any name, and until the end."""


class Door:
    """ASGI middleware: refuse what comes while the server stops, or by a foreign name.

    What has come in before is finished.

    Args:
        app: what is asked next.
        engine: says whether the server stops.
        hosts: the names that clients may know this server by; empty: any. `*.example.org`
            stands for all names below.
    """

    def __init__(self, app: ASGIApp, engine: Engine, hosts: tuple[str, ...] = ()) -> None:
        self.app = app
        self.engine = engine
        self._names = frozenset(name.lower() for name in hosts if not name.startswith("*."))
        self._below = tuple(name[1:].lower() for name in hosts if name.startswith("*."))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, or answer 503 or 421."""
        if scope["type"] == "http" and (fault := self._fault(scope)) is not None:
            await problem_of(fault)(scope, receive, send)
            return
        await self.app(scope, receive, send)

    def _fault(self, scope: Scope) -> InkdigitsError | None:
        if self.engine.state != "draining" and not self._names and not self._below:
            return None
        if scope["path"].startswith(ALWAYS_OPEN):
            return None
        if self.engine.state == "draining":
            return Draining(RETRY_AFTER_S)
        name = host_of(scope)
        if name in self._names or (self._below and name.endswith(self._below)):
            return None
        return UnknownHost("a request for another host", "a name that this server goes by")


def host_of(scope: Scope) -> str:
    """Find the name that a client called the server by.

    Returns:
        In lower case, without the port and brackets; "" when there is none, or several,
        of which a proxy may have read another one (RFC 9112, 3.2).
    """
    found = [value for field, value in scope["headers"] if field == b"host"]
    text = found[0].decode("latin-1").lower() if len(found) == 1 else ""
    if text.startswith("["):
        return str(text[1:].partition("]")[0])
    return str(text.partition(":")[0])
