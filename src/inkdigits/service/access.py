"""Requests in, those that may ask out: API keys, and how often each may ask."""

import time
from collections.abc import Callable

from starlette.types import ASGIApp, Receive, Scope, Send

from inkdigits.errors import InkdigitsError, TooManyRequests, Unauthorized
from inkdigits.service.keys import find_key
from inkdigits.service.problems import problem_of
from inkdigits.service.rates import Buckets, Rate
from inkdigits.service.settings import Settings
from inkdigits.service.shared import shared_folder

OPEN = frozenset({"/", "/docs", "/openapi.json"})
OPEN_BELOW = ("/static/", "/health/", "/v2/health/")
"""Whatever the settings are: the page, the API's description, and whether the server is well."""
KEY_NUMBER = "inkdigits.key"
"""Of an ASGI scope: which key was shown, from 1. The key itself is nowhere."""
NEEDED = "the header `Authorization: Bearer KEY` or `X-API-Key: KEY`"
_BEARER = b"bearer "


class Access:
    """ASGI middleware: let those in who show a key, each as often as it may.

    Args:
        app: what is asked next.
        settings: the keys, at least one.
        clock: seconds, never set back, the same for all workers.
    """

    def __init__(
        self, app: ASGIApp, settings: Settings, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.app = app
        self._digests = settings.api_keys
        self._clock = clock
        self._buckets: Buckets | None = None
        if settings.key_requests_per_s:
            folder = shared_folder()
            rate = Rate(settings.key_requests_per_s, settings.key_burst)
            path = folder / "buckets.bin" if folder else None
            self._buckets = Buckets(rate, len(settings.api_keys), path)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what may be asked; answer 401 or 429 to what may not, its body unread."""
        if scope["type"] == "http" and not is_open(scope["path"]):
            try:
                self._let_in(scope)
            except InkdigitsError as error:
                await problem_of(error)(scope, receive, send)
                return
        await self.app(scope, receive, send)

    def _let_in(self, scope: Scope) -> None:
        shown = _shown_key(scope)
        if shown is None:
            raise Unauthorized("the request shows no key", NEEDED)
        if (place := find_key(shown, self._digests)) is None:
            raise Unauthorized("the key is none of those that are known here", NEEDED)
        scope[KEY_NUMBER] = place + 1
        if self._buckets and (wait_s := self._buckets.take(place, self._clock())):
            raise TooManyRequests(wait_s)


def is_open(path: str) -> bool:
    """Tell whether an address is for everybody, keys or not."""
    return path in OPEN or path.startswith(OPEN_BELOW)


def _shown_key(scope: Scope) -> bytes | None:
    """Take `X-API-Key` where there is one: `Authorization` may be meant for a proxy on the way."""
    shown: bytes | None = None
    for name, value in scope["headers"]:
        if name == b"x-api-key":
            return bytes(value)
        if name == b"authorization" and value[: len(_BEARER)].lower() == _BEARER:
            shown = bytes(value[len(_BEARER) :].strip())
    return shown
