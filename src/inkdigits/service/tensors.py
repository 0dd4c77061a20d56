"""Tensors on the wire ↔ arrays and lists of bytes: JSON and the binary extension of the protocol.

Source:
    Open Inference Protocol v2 (inference_rest.md) and Triton's extension_binary_data.md:
    little-endian, row-major, an element of BYTES is its length (uint32) and its content.
"""

import binascii
import math
import struct
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inkdigits.errors import InferenceError

Elements = list[bytes] | NDArray[Any]
"""What a tensor holds: a list for BYTES (no order but its own), an array for the others."""

DTYPES: dict[str, np.dtype[Any]] = {
    "FP32": np.dtype("<f4"),
    "FP64": np.dtype("<f8"),
    "UINT8": np.dtype("u1"),
    "BOOL": np.dtype("?"),
}
_LENGTH = struct.Struct("<I")


def from_binary(datatype: str, shape: Sequence[int], data: bytes) -> Elements:
    """Take the elements from the bytes behind the JSON.

    Args:
        datatype: "BYTES" or one of `DTYPES`.
        shape: none negative.
        data: all bytes of this tensor, and no others.

    Returns:
        As many elements as `shape` says; an array has that shape and may not be written to.

    Raises:
        InferenceError: the bytes are more or fewer than the shape needs.
    """
    if datatype == "BYTES":
        return _split(data, math.prod(shape))
    needed = math.prod(shape) * DTYPES[datatype].itemsize
    if len(data) != needed:
        raise InferenceError(f"{len(data):,} bytes of binary data", f"{needed:,} for its shape")
    return np.frombuffer(data, DTYPES[datatype]).reshape(shape)


def from_json(datatype: str, shape: Sequence[int], data: Any) -> Elements:
    """Take the elements from JSON: flat or nested, row by row.

    Args:
        datatype: "BYTES" (Base64 in JSON, which holds no bytes), or one of `DTYPES`.
        shape: none negative.
        data: as it was parsed.

    Returns:
        As many elements as `shape` says; an array has that shape.

    Raises:
        InferenceError: the data do not fit the shape or the datatype.
    """
    if not isinstance(data, list):
        raise InferenceError("no data", f"a list, or binary data, for {datatype} {list(shape)}")
    if datatype == "BYTES":
        return _decode(data, math.prod(shape))
    try:
        # Never without a type: one long text among many short ones would take gigabytes.
        values = np.array(_flatten(data, shape), dtype=np.float64)
    except (ValueError, TypeError, OverflowError):
        raise InferenceError("data that are no numbers", datatype) from None
    with np.errstate(over="ignore", invalid="ignore"):  # compared below, or infinite: no sample
        typed = values.astype(DTYPES[datatype]).reshape(shape)
    if datatype == "UINT8" and not np.array_equal(typed.ravel(), values):
        raise InferenceError("a value that is no whole number from 0 to 255", datatype)
    return typed


def to_binary(elements: Elements) -> bytes:
    """Write elements the way `from_binary` reads them."""
    if isinstance(elements, list):
        return b"".join(_LENGTH.pack(len(element)) + element for element in elements)
    return elements.tobytes()


def _flatten(data: list[Any], shape: Sequence[int]) -> list[Any]:
    """Unroll nested lists. NumPy could, but takes seconds for a million empty ones."""
    fits = True
    if list in set(map(type, data)):
        fits = len(data) == shape[0]
        for size in shape[1:]:
            fits = fits and all(type(row) is list and len(row) == size for row in data)
            data = [value for row in data for value in row] if fits else []
    if not fits or len(data) != math.prod(shape) or list in set(map(type, data)):
        raise InferenceError("data of another shape", f"a list, flat or of shape {list(shape)}")
    return data


def _split(data: bytes, count: int) -> list[bytes]:
    elements: list[bytes] = []
    start, end = 0, len(data)
    while start < end and len(elements) < count:
        start += _LENGTH.size
        length = int.from_bytes(data[start - _LENGTH.size : start], "little")
        if start + length > end:
            found = f"binary data that end within element {len(elements)}"
            raise InferenceError(found, "for each its length (uint32) and so many bytes")
        elements.append(data[start : start + length])
        start += length
    if start < end or len(elements) < count:
        found = f"{len(elements)} elements in {end:,} bytes of binary data"
        raise InferenceError(found, f"{count} for its shape")
    return elements


def _decode(data: list[Any], count: int) -> list[bytes]:
    flat = [inner for outer in data for inner in (outer if isinstance(outer, list) else [outer])]
    if len(flat) != count:
        raise InferenceError(f"data of {len(flat)} elements", f"{count} for its shape")
    needed = "pictures as Base64 text, or binary data"
    if not all(isinstance(text, str) for text in flat):
        raise InferenceError("data that are no text", needed)
    try:
        return [binascii.a2b_base64(text, strict_mode=True) for text in flat]
    except ValueError:
        raise InferenceError("text that is no Base64", needed) from None
