"""The plain body of an inference request in, the pictures or samples to be read out."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from pydantic import JsonValue, ValidationError

from inkdigits.errors import InferenceError
from inkdigits.sample import SAMPLE_SHAPES, SIDE, Samples, check_samples, is_sample_shape
from inkdigits.service.infer_models import ALIAS, LENGTH_HEADER, OUTPUTS, inputs_of, outputs_of
from inkdigits.service.schemas_inference import RequestBody, RequestInput
from inkdigits.service.tensors import Elements, from_binary, from_json

MAX_JSON_BYTES = 2 * 1024 * 1024
"""What is parsed becomes up to thirty times as large. Larger tensors go in binary."""
MAX_PICTURES = 64
MAX_SAMPLES = 1024
"""A quarter of a second for the shipped model, on one core."""


@dataclass(frozen=True, slots=True)
class InferRequest:
    """What is to be read and how it is to be answered.

    Attributes:
        pictures: encoded ones, as they came; empty where samples were sent.
        samples: float32 (N, 28, 28), 0 paper to 1 ink; None where pictures were sent.
        id: the client's own name for the request, to be given back.
        outputs: name of each tensor that is wanted → whether in binary; in the answer's order.
    """

    pictures: list[bytes] = field(default_factory=list)
    samples: Samples | None = None
    id: str | None = None
    outputs: dict[str, bool] = field(default_factory=lambda: dict.fromkeys(OUTPUTS, False))


def read_request(body: bytes, header_length: str | None, model: str = ALIAS) -> InferRequest:
    """Take an inference request apart.

    Args:
        body: JSON, and behind it the binary data of its tensors, if any; uncompressed.
        header_length: `Inference-Header-Content-Length`: bytes of the JSON. "0": the
            body is one picture and nothing else. None: it is JSON and nothing else.
        model: as the client calls it; decides which tensors there are.

    Returns:
        The request, each part of it checked but the pictures' own content.

    Raises:
        InferenceError: it is no request, does not hold together, or wants what is not there.
        SampleError: the samples are none: shape, range, not finite.
    """
    length = json_bytes(body, header_length)
    if length > len(body):
        found = f"the header {LENGTH_HEADER}: {str(header_length)[:40]!r}"
        raise InferenceError(found, f"a number of bytes, at most the body's {len(body):,}")
    if header_length is not None and length == 0:
        return InferRequest([body], outputs=dict.fromkeys(outputs_of(model), False))
    parsed = _parse(body[:length])
    elements = _elements(parsed.inputs, body[length:], model)
    outputs = _outputs(parsed, model)
    if isinstance(elements, list):
        return InferRequest(elements, None, parsed.id, outputs)
    values = np.asarray(elements)
    samples = values / np.float32(255) if values.dtype == np.uint8 else values
    return InferRequest([], check_samples(samples), parsed.id, outputs)


def json_bytes(body: bytes, header_length: str | None) -> int:
    """Find how much of a body is JSON.

    Args:
        body: uncompressed.
        header_length: `Inference-Header-Content-Length`; None where there is none.

    Returns:
        The number of bytes; more than the body has, where the header makes no sense.
    """
    if header_length is None:
        return len(body)
    sane = header_length.isascii() and header_length.isdigit() and len(header_length) < 20
    return int(header_length) if sane else len(body) + 1


def _parse(data: bytes) -> RequestBody:
    if len(data) > MAX_JSON_BYTES:
        needed = f"at most {MAX_JSON_BYTES:,}; send large tensors as binary data"
        raise InferenceError(f"{len(data):,} bytes of JSON", needed)
    try:
        return RequestBody.model_validate_json(data)
    except ValidationError as error:
        fault = error.errors(include_url=False, include_context=False, include_input=False)[0]
        place = ".".join(map(str, fault["loc"])) or "the body"
        needed = "an inference request of the Open Inference Protocol v2, as JSON"
        raise InferenceError(f"{place[:80]}: {fault['msg'][:200]}", needed) from None


def _elements(inputs: Sequence[RequestInput], binary: bytes, model: str) -> Elements:
    known = inputs_of(model)
    tensor = inputs[0]
    if len(inputs) > 1:
        raise InferenceError(f"{len(inputs)} inputs", f"one of {', '.join(known)}")
    _check_kind(tensor, known)
    if "shared_memory_region" in tensor.parameters:
        raise InferenceError("an input in shared memory", "data in the request")
    size = tensor.parameters.get("binary_data_size")
    if size is None and not binary:
        return from_json(tensor.datatype, tensor.shape, tensor.data)
    if type(size) is not int or size != len(binary):
        found = f"{len(binary):,} bytes behind the JSON"
        raise InferenceError(found, f"binary_data_size, which is {str(size)[:40]}")
    if tensor.data is not None:
        raise InferenceError("data both in JSON and in binary", "one of them")
    return from_binary(tensor.datatype, tensor.shape, binary)


def _check_kind(tensor: RequestInput, known: dict[str, tuple[str, ...]]) -> None:
    """See whether it is pictures or samples, and how many. Clients call them what they like."""
    if not any(tensor.datatype in datatypes for datatypes in known.values()):
        needed = "; ".join(f"{' or '.join(known[one])} for {one}" for one in known)
        raise InferenceError(f"an input of datatype {tensor.datatype[:40]!r}", needed)
    count, shape = math.prod(tensor.shape), tuple(tensor.shape)
    fits, shapes, most = shape[1:] in ((), (1,)), "[N]", MAX_PICTURES
    if tensor.datatype != "BYTES":
        count, fits = count // SIDE**2, is_sample_shape(shape)
        shapes, most = SAMPLE_SHAPES, MAX_SAMPLES
    if not fits or not 1 <= count <= most:
        found = f"{tensor.datatype} of shape {tensor.shape}"
        raise InferenceError(found, f"{shapes} with N from 1 to {most:,}")


def _outputs(parsed: RequestBody, model: str) -> dict[str, bool]:
    known = outputs_of(model)
    usual = _flag(parsed.parameters, "binary_data_output", default=False)
    outputs: dict[str, bool] = {}
    for wanted in parsed.outputs:
        if wanted.name not in known or wanted.name in outputs:
            found = f"the output {wanted.name[:40]!r}, unknown or twice"
            raise InferenceError(found, f"each of {', '.join(known)} at most once")
        for name in ("classification", "shared_memory_region"):
            if name in wanted.parameters:
                raise InferenceError(f"the parameter {name!r}", "binary_data or none")
        outputs[wanted.name] = _flag(wanted.parameters, "binary_data", default=usual)
    return outputs or dict.fromkeys(known, usual)


def _flag(parameters: dict[str, JsonValue], name: str, *, default: bool) -> bool:
    value: Any = parameters.get(name, default)
    if isinstance(value, bool):
        return value
    raise InferenceError(f"{name} {str(value)[:40]}", "true or false")
