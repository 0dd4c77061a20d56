"""An application in, an OpenAPI description that names what any of its addresses may refuse out."""

from typing import Any

from fastapi import FastAPI
from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from inkdigits.service.access import is_open
from inkdigits.service.docstrings import split_docstring
from inkdigits.service.door import ALWAYS_OPEN
from inkdigits.service.problems import describe_problems
from inkdigits.service.schemas import EXAMPLES, Problem
from inkdigits.service.schemas_inference import RequestBody
from inkdigits.service.settings import Settings

_SCHEMES = {
    "bearer": {"type": "http", "scheme": "bearer"},
    "header": {"type": "apiKey", "in": "header", "name": "X-API-Key"},
}
_SECURITY: list[dict[str, list[str]]] = [{name: []} for name in _SCHEMES]
_WITH_KEYS = {
    401: "`unauthorized`: no key, or none that is known.",
    429: "`too-many-requests`: this key asks too often; `Retry-After` says when it may again.",
}
_WITH_HOSTS = {421: "`unknown-host`: the request was sent to another name than this server's."}
_WITH_BODY = {
    408: "`slow-upload`: the body came too slowly.",
    413: "`image-too-large`: the body has more bytes than a picture may have.",
}
_COMPONENT = "#/components/schemas/{model}"
_NAMED_ONLY: tuple[tuple[type[BaseModel], JsonSchemaMode], ...] = (
    (Problem, "validation"),
    (RequestBody, "validation"),
)
"""Models that descriptions name, and that no endpoint takes or gives by itself."""
_ALWAYS_SAID = ("model", "line_reader")
"""Fields that only predictions without a `Reader` lack, which are never answered."""
_WHEN_STOPPING = {503: "`draining`: this server is about to stop; ask another one."}


def describe_refusals(app: FastAPI, settings: Settings) -> None:
    """Let the description of `app` name the keys, and what is refused before a route is asked.

    Args:
        app: with all its routes, or with routes to come: it is described when asked.
        settings: say whether there are keys, and names of hosts.
    """
    plain = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            description = plain()
            schemas = description.setdefault("components", {}).setdefault("schemas", {})
            schemas |= models_json_schema(_NAMED_ONLY, ref_template=_COMPONENT)[1]["$defs"]
            if settings.api_keys:
                description["components"]["securitySchemes"] = _SCHEMES
            for path, operations in description["paths"].items():
                for method, operation in operations.items():
                    _describe(operation, _refused(path, method, settings))
            for schema in schemas.values():
                _describe_fields(schema)
            for example in EXAMPLES:
                kind, fields = type(example).__name__, example.to_dict()
                schemas[kind]["examples"] = [fields]
                schemas[f"Named{kind}"]["examples"] = [{"file": "scan.png", **fields}]
        return plain()

    app.openapi = openapi  # type: ignore[method-assign]  # FastAPI's own way to extend it


def _refused(path: str, method: str, settings: Settings) -> dict[int, str]:
    """Say what may be refused at an address, whatever the address itself does."""
    refused = dict(_WITH_BODY) if method == "post" else {}
    if not path.startswith(ALWAYS_OPEN):
        refused |= _WHEN_STOPPING
        refused |= _WITH_HOSTS if settings.allowed_hosts else {}
    if settings.api_keys and not is_open(path):
        refused |= _WITH_KEYS
    return refused


def _describe(operation: dict[str, Any], refused: dict[int, str]) -> None:
    for status, about in describe_problems(refused).items():
        operation["responses"].setdefault(str(status), about)
    if 401 in refused:
        operation["security"] = _SECURITY


def _describe_fields(schema: dict[str, Any]) -> None:
    """Say of each field what the docstring of its dataclass says."""
    about, fields = split_docstring(schema.get("description", "").replace("None", "null"))
    if about:
        schema["description"] = about
    for name, text in fields.items():
        field = schema["properties"][name]
        if name in _ALWAYS_SAID and "anyOf" in field:
            field = schema["properties"][name] = field["anyOf"][0]
        field["description"] = text
