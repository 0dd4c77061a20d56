"""An endpoint in, a route out that FastAPI describes like any other and that costs half as much.

FastAPI resolves dependencies and opens two exit stacks for each request. That takes as long as
half a reading of a small picture; the endpoints that matter need none of it.
"""

from collections.abc import Callable
from typing import Any

import orjson
from fastapi import FastAPI, Request
from fastapi.routing import APIRoute
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from inkdigits.service.query import names_of, read_query


class JsonAnswer(Response):
    """As Starlette's `JSONResponse`, with an encoder that takes a tenth of its time."""

    media_type = "application/json"

    def render(self, content: Any) -> bytes:
        """Write plain values as JSON, UTF-8."""
        return orjson.dumps(content)


class LeanRoute(APIRoute):
    """A route whose endpoint is called with the request and the values of its query.

    The endpoint is `async def endpoint(request, *, name=None, ...) -> Response`: its signature
    describes it. The values are texts, or what the defaults are, and it checks them itself.
    """

    def __init__(self, path: str, endpoint: Callable[..., Any], **described: Any) -> None:
        super().__init__(path, endpoint, **described)
        names = names_of(self.dependant)

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            query = scope["query_string"]
            asked = read_query(query, names) if query else {}
            response = await endpoint(Request(scope, receive, send), **asked)
            await response(scope, receive, send)

        self.app = app


def add_lean(app: FastAPI, path: str, endpoint: Callable[..., Any], **described: Any) -> None:
    """Let an application answer `POST path`.

    Args:
        app: whose routes are looked through in the order in which they were added.
        path: without parameters.
        endpoint: see `LeanRoute`.
        described: what `FastAPI.post` takes.
    """
    methods = ["POST"]
    app.router.add_api_route(
        path, endpoint, methods=methods, route_class_override=LeanRoute, **described
    )
