"""Predictions in, an inference answer out."""

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
from starlette.responses import Response

from inkdigits.decision.fields import DECIMALS
from inkdigits.decision.number import NumberPrediction
from inkdigits.decision.prediction import Prediction
from inkdigits.service.infer_models import LENGTH_HEADER, outputs_of
from inkdigits.service.infer_request import InferRequest
from inkdigits.service.tensors import DTYPES, Elements, to_binary

Read = Prediction | NumberPrediction


def write_answer(
    request: InferRequest, predictions: Sequence[Read], model: tuple[str, str]
) -> Response:
    """Lay predictions out as the tensors that a request wants.

    Args:
        request: says which tensors, and which of them in binary.
        predictions: one a picture or sample, in the request's order.
        model: name, as the client called it, and version.

    Returns:
        JSON; and behind it the binary tensors, in the order of `outputs`.
    """
    binary: list[bytes] = []
    tensors = []
    for name, in_binary in request.outputs.items():
        datatype, shape = outputs_of(model[0])[name]
        elements = _elements(name, datatype, predictions)
        tensor = {"name": name, "datatype": datatype, "shape": [len(predictions), *shape[1:]]}
        if in_binary:
            binary.append(to_binary(elements))
            tensors.append({**tensor, "parameters": {"binary_data_size": len(binary[-1])}})
        else:
            tensors.append({**tensor, "data": _plain(elements)})
    fields: dict[str, Any] = {"model_name": model[0], "model_version": model[1]}
    if request.id is not None:
        fields["id"] = request.id
    header = json.dumps({**fields, "outputs": tensors}, separators=(",", ":")).encode()
    if not binary:
        return Response(header, media_type="application/json")
    length = {LENGTH_HEADER: str(len(header))}
    return Response(b"".join([header, *binary]), 200, length, "application/octet-stream")


def _elements(name: str, datatype: str, predictions: Sequence[Read]) -> Elements:
    values = [getattr(one, name) for one in predictions]
    if datatype == "BYTES":
        return [(value or "").encode() for value in values]
    return np.array(values, dtype=DTYPES[datatype])


def _plain(elements: Elements) -> list[Any]:
    if isinstance(elements, list):
        return [element.decode() for element in elements]
    values: list[Any] = elements.ravel().tolist()
    return values if elements.dtype.kind == "b" else [round(value, DECIMALS) for value in values]
