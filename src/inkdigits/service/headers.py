"""Headers of a response in, the same with those that keep browsers safe out; and HEAD."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
# Swagger UI sets styles in its markup and carries its icons as data.
DOCS_POLICY = PAGE_POLICY.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'").replace(
    "blob:", "blob: data:"
)
SAFE = {
    "content-security-policy": PAGE_POLICY,
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}
"""What each response gets that has not set it itself."""
NOT_KEPT = ("cache-control", "no-store")
"""What each answer gets that no browser can ask again for by its tag: it is of one request."""
OVER_TLS = ("strict-transport-security", "max-age=31536000")
"""What browsers heed only where the request came over TLS, here or at a trusted proxy."""

Headers = list[tuple[bytes, bytes]]


class AnyHead:
    """ASGI middleware: answer `HEAD` wherever `GET` is answered, as it is, without the body."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Ask for what `GET` would be answered; leave the method as it was."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self.app(scope, receive, send)
            return

        async def send_head(message: Message) -> None:
            scope["method"] = "HEAD"
            if message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        scope["method"] = "GET"
        try:
            await self.app(scope, receive, send_head)
        finally:
            scope["method"] = "HEAD"


def make_safe(headers: Headers, scheme: str) -> Headers:
    """Add the headers that are missing.

    Args:
        headers: of a response, their names in lower case.
        scheme: of the request, `http` or `https`.

    Returns:
        These and those.
    """
    names = {name for name, _ in headers}
    wanted = _SAFE if b"etag" in names else _SAFE_AND_NOT_KEPT
    if scheme == "https":
        wanted = [*wanted, _raw(*OVER_TLS)]
    return [*headers, *(pair for pair in wanted if pair[0] not in names)]


def _raw(name: str, value: str) -> tuple[bytes, bytes]:
    return name.encode("ascii"), value.encode("ascii")


_SAFE: Headers = [_raw(*pair) for pair in SAFE.items()]
_SAFE_AND_NOT_KEPT: Headers = [*_SAFE, _raw(*NOT_KEPT)]
