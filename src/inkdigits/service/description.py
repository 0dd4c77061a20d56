"""An application whose addresses need keys in, an OpenAPI description that says so out."""

from typing import Any

from fastapi import FastAPI

from inkdigits.service.access import is_open
from inkdigits.service.problems import MEDIA_TYPE

_SCHEMES = {
    "bearer": {"type": "http", "scheme": "bearer"},
    "header": {"type": "apiKey", "in": "header", "name": "X-API-Key"},
}
_SECURITY: list[dict[str, list[str]]] = [{name: []} for name in _SCHEMES]
_ABOUT = {
    "401": "`unauthorized`: no key, or none that is known.",
    "429": "`too-many-requests`: this key asks too often; `Retry-After` says when it may again.",
}


def describe_keys(app: FastAPI) -> None:
    """Let the description of `app` name the keys, where they are needed and what is refused.

    Args:
        app: with all its routes, or with routes to come: it is described when asked.
    """
    plain = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            description = plain()
            description.setdefault("components", {})["securitySchemes"] = _SCHEMES
            for path, operations in description["paths"].items():
                for operation in operations.values() if not is_open(path) else ():
                    operation["security"] = _SECURITY
                    operation["responses"].update(_refusals())
        return plain()

    app.openapi = openapi  # type: ignore[method-assign]  # FastAPI's own way to extend it


def _refusals() -> dict[str, Any]:
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {status: {"description": text, "content": content} for status, text in _ABOUT.items()}
