"""Requests in, the same requests with an id out: counted, timed, logged, safely answered."""

import asyncio
import logging
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from inkdigits.engine.gate import RETRY_AFTER_S
from inkdigits.errors import Overloaded
from inkdigits.outcome import is_shortage
from inkdigits.service.access import KEY_NUMBER
from inkdigits.service.headers import make_safe
from inkdigits.service.logs import FIELDS
from inkdigits.service.metrics import Metrics, Served
from inkdigits.service.problems import CODE_KEY, problem_of, unexpected
from inkdigits.service.request_id import HEADER, choose_id, current_id

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
QUIET = ("/health/", "/v2/health/", "/metrics", "/static")
"""Asked for every few seconds, or with every page: logged at debug level."""

_TOGETHER = 8
"""Requests counted and logged together, at most."""

_access = logging.getLogger("inkdigits.access")
_log = logging.getLogger("inkdigits.service")


class Watch:
    """ASGI middleware around all that answers.

    Args:
        app: what is asked next.
        metrics: where requests are counted.
        routes: of the application, by which refused requests are named, too.
    """

    def __init__(self, app: ASGIApp, metrics: Metrics, routes: Iterable[BaseRoute] = ()) -> None:
        self.app = app
        self.metrics = metrics
        self.routes = [*routes]
        self._under_way = 0
        self._answered: list[_Answered] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; whatever it raises becomes a problem, unless an answer has begun."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        start_s = time.perf_counter()
        request_id = choose_id(scope["headers"])
        current_id.set(request_id)
        marked = _Marked(send, request_id.encode("ascii"), scope["scheme"])
        self._under_way += 1
        try:
            await self.app(scope, receive, marked.send)
        except Exception as error:
            if marked.status:
                raise  # the server closes the connection, and logs why
            if is_shortage(error):
                await problem_of(Overloaded(RETRY_AFTER_S))(scope, receive, marked.send)
            else:
                _log.exception("a request failed for no known reason")
                await unexpected()(scope, receive, marked.send)
        finally:
            self._under_way -= 1
            route = route_of(scope, self.routes)
            served = _served(scope, route, marked.status, time.perf_counter() - start_s)
            self._note(_Answered(served, scope.get(KEY_NUMBER), request_id))

    def _note(self, one: "_Answered") -> None:
        """Count and log a request: at once, or with others that are answered just now.

        Done for several in a row, the code is in the processor's caches but for the first.
        """
        if not self._answered:
            asyncio.get_running_loop().call_soon(self._tell)
        self._answered.append(one)
        if not self._under_way or len(self._answered) >= _TOGETHER:
            self._tell()

    def _tell(self) -> None:
        answered, self._answered = self._answered, []
        for one in answered:
            self.metrics.count_request(one.served)
        for one in answered:
            current_id.set(one.request_id)
            _write(one)


@dataclass(frozen=True, slots=True)
class _Answered:
    served: Served
    key: int | None
    request_id: str


class _Marked:
    """Sends what is answered on, its headers safe, with the request's id; remembers the status."""

    def __init__(self, send: Send, request_id: bytes, scheme: str) -> None:
        self._send = send
        self._id = request_id
        self._scheme = scheme
        self.status = 0

    async def send(self, message: Message) -> None:
        """Send one message on."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            message["headers"] = [*make_safe(message["headers"], self._scheme), (HEADER, self._id)]
        await self._send(message)


def route_of(scope: Scope, routes: Iterable[BaseRoute] = ()) -> str:
    """Name what a request asked for, with a name out of few.

    Args:
        scope: as the router has left it.
        routes: where to look for it, if it was refused before it came to the router.

    Returns:
        The route's template, as `/predict`; of mounted folders the folder; "unknown"
        for all that is not served here.
    """
    if (template := getattr(scope.get("route"), "path", None)) is not None:
        return str(template)
    if "app_root_path" in scope:
        return str(scope["root_path"])
    if "endpoint" in scope:
        return str(scope["path"])
    found = (route.matches(scope)[1] for route in routes)
    return next((route_of({**scope, **child}) for child in found if "endpoint" in child), "unknown")


def _served(scope: Scope, route: str, status: int, seconds: float) -> Served:
    method = scope["method"] if scope["method"] in METHODS else "other"
    code = scope.get(CODE_KEY, "" if status else "client-left")
    return Served(method, route, status, code, seconds)


def _write(one: _Answered) -> None:
    served = one.served
    level = logging.DEBUG if served.route.startswith(QUIET) else logging.INFO
    if served.status >= 500:
        level = logging.WARNING
    if not _access.isEnabledFor(level):
        return
    fields: dict[str, Any] = {
        "method": served.method,
        "route": served.route,
        "status": served.status,
        "ms": round(1000 * served.seconds, 2),
    }
    if served.code:
        fields["code"] = served.code
    if one.key is not None:
        fields["key"] = one.key
    # As `_access.log` does, which walks the stack first to find out what is known here.
    record = logging.LogRecord(_access.name, level, __file__, 0, "answered", None, None)
    setattr(record, FIELDS, fields)
    _access.handle(record)
