"""The bytes of an ONNX file in → refused, where they name other files or foreign code.

ONNX Runtime opens the files that a model names, so this is known before it sees
the model. The protobuf is walked here, to spare serving the `onnx` package.
"""

from collections.abc import Iterator

from google.protobuf.empty_pb2 import Empty
from google.protobuf.message import DecodeError
from google.protobuf.unknown_fields import UnknownFieldSet

from inkdigits.errors import BrokenModel, UnsupportedModel
from inkdigits.model.content import NEEDED

# Which fields of which message hold which message; numbers of onnx.proto (ONNX 1.23).
_PARTS: dict[str, dict[int, str]] = {
    "model": {7: "graph", 20: "training", 25: "function"},
    "training": {1: "graph", 2: "graph"},
    "graph": {1: "node", 5: "tensor", 15: "sparse"},
    "function": {7: "node", 11: "attribute"},
    "node": {5: "attribute"},
    "attribute": {5: "tensor", 6: "graph", 10: "tensor", 11: "graph", 22: "sparse", 23: "sparse"},
    "sparse": {1: "tensor", 2: "tensor"},
    "tensor": {},
}
_GRAPH = ("model", 7)
_EXTERNAL_DATA = ("tensor", 13)
_DATA_LOCATION = ("tensor", 14)
_NODE_DOMAIN = ("node", 7)
_FUNCTION_DOMAIN = ("function", 10)
_EXTERNAL = 1
# The standard ones, and what ONNX Runtime itself brings for fused and quantized models.
_KNOWN_DOMAINS = {"", "ai.onnx", "ai.onnx.ml", "com.microsoft"}


def check_onnx_file(data: bytes, path: str) -> None:
    """Make sure that a file is ONNX, complete in itself and of known operators.

    Args:
        data: the whole file.
        path: only for the errors.

    Raises:
        BrokenModel: the bytes are no ONNX model, or are cut short.
        UnsupportedModel: weights in other files, or operators of an unknown domain.
    """
    domains: dict[tuple[str, int], set[str]] = {_NODE_DOMAIN: set(), _FUNCTION_DOMAIN: set()}
    has_graph = False
    try:
        for place, value in _walk(data):
            has_graph = has_graph or (place == _GRAPH and isinstance(value, bytes))
            if place == _EXTERNAL_DATA or (place == _DATA_LOCATION and value == _EXTERNAL):
                raise UnsupportedModel(
                    path, "an ONNX model with its weights in other files", "all in one file"
                )
            if place in domains and isinstance(value, bytes):
                domains[place].add(str(value, "utf-8"))
    except (DecodeError, ValueError):
        has_graph = False
    if not has_graph:
        raise BrokenModel(path, "the content is no ONNX model, or a damaged one", NEEDED)
    unknown = sorted(domains[_NODE_DOMAIN] - domains[_FUNCTION_DOMAIN] - _KNOWN_DOMAINS)
    if unknown:
        found = f"operators of the domain {', '.join(map(repr, unknown))}"
        raise UnsupportedModel(path, found, "standard ONNX operators")


def _walk(data: bytes) -> Iterator[tuple[tuple[str, int], object]]:
    """Give every field of every message: ((message, field number), value)."""
    # A list instead of recursion: nesting is the file's choice, the stack is ours.
    pending = [("model", data)]
    while pending:
        message, body = pending.pop()
        for field in UnknownFieldSet(Empty.FromString(body)):  # that knows no field has all of them
            yield (message, field.field_number), field.data
            part = _PARTS[message].get(field.field_number)
            if part and isinstance(field.data, bytes):
                pending.append((part, field.data))
