"""Cards of models in, what the Open Inference Protocol says of a model out."""

from collections.abc import Mapping
from typing import Any

from inkdigits.model.card import Card
from inkdigits.sample import SAMPLE_SHAPES
from inkdigits.service.schemas import Wire

ALIAS = "digits"
"""The model's name that is always there: the server's default one, whichever that is."""
LENGTH_HEADER = "Inference-Header-Content-Length"
"""Says how much of a body is JSON, where binary tensors follow it."""
EXTENSIONS = ("binary_tensor_data", "model_configuration", "model_repository", "statistics")
INPUTS = {"image": ("BYTES",), "sample": ("FP32", "FP64", "UINT8")}
"""Name → datatypes, by which inputs are told apart. Of UINT8 samples 255 is ink, else 1.0."""
OUTPUTS: dict[str, tuple[str, tuple[int, ...]]] = {
    "digit": ("BYTES", (-1,)),
    "probabilities": ("FP32", (-1, 10)),
    "accepted": ("BOOL", (-1,)),
    "not_a_digit": ("FP32", (-1,)),
}
"""Name → datatype and shape. A digit is "0" to "9", empty for what is none."""
NUMBERS = "numbers"
"""The name by which the default model reads all digits of a picture."""
NUMBER_OUTPUTS: dict[str, tuple[str, tuple[int, ...]]] = {
    "number": ("BYTES", (-1,)),
    "text": ("BYTES", (-1,)),
    "confidence": ("FP32", (-1,)),
    "accepted": ("BOOL", (-1,)),
}
"""As `OUTPUTS`. A number is empty where there is none."""

_SHAPES = {"image": (-1,), "sample": (-1, 28, 28)}
_PLATFORM = "inkdigits"
_NOTES = {
    "inputs": "one of them, under any name: image (whole PNG or JPEG files; Base64 in JSON), or "
    f"sample (0 paper to 1 ink as FP32 or FP64, to 255 as UINT8; shape {SAMPLE_SHAPES})",
    "digit": "0 to 9; empty when what is drawn is no digit",
    "accepted": "sure enough to be relied on; false, too, where nobody has fitted when that is",
}
_NUMBER_NOTES = {
    "inputs": "image: whole PNG or JPEG files; Base64 in JSON",
    "number": "its digits alone; empty when there is no number",
    "text": "the same with its separators; $ stands for any currency",
}


class TensorBody(Wire):
    """What a model takes or gives. A size of -1 is free."""

    name: str
    datatype: str
    shape: list[int]


class ModelMetadata(Wire):
    """What a model takes and gives. Of the inputs exactly one is sent."""

    name: str
    versions: list[str]
    platform: str
    inputs: list[TensorBody]
    outputs: list[TensorBody]
    parameters: dict[str, str]


class IndexEntry(Wire):
    """One model of the repository."""

    name: str
    version: str
    state: str
    reason: str


def inputs_of(name: str) -> dict[str, tuple[str, ...]]:
    """Give the inputs of a model, as `INPUTS`."""
    return {"image": INPUTS["image"]} if name == NUMBERS else INPUTS


def outputs_of(name: str) -> dict[str, tuple[str, tuple[int, ...]]]:
    """Give the outputs of a model, as `OUTPUTS`."""
    return NUMBER_OUTPUTS if name == NUMBERS else OUTPUTS


def model_metadata(name: str, card: Card) -> ModelMetadata:
    """Lay out what a model takes and gives: the answer of `GET /v2/models/{name}`.

    Args:
        name: as the client called it.
        card: of the model behind that name.
    """
    kinds = {tensor: (kinds[0], _SHAPES[tensor]) for tensor, kinds in inputs_of(name).items()}
    return ModelMetadata(
        name=name,
        versions=[card.version],
        platform=_PLATFORM,
        inputs=_tensors(kinds),
        outputs=_tensors(outputs_of(name)),
        parameters=_NUMBER_NOTES if name == NUMBERS else _NOTES,
    )


def model_config(name: str, card: Card) -> dict[str, Any]:
    """Lay out the same the way Triton configures a model; its tools ask for that.

    Returns:
        The fields of `GET /v2/models/{name}/config`, ready for JSON.
    """
    described = model_metadata(name, card)
    return {
        "name": name,
        "platform": _PLATFORM,
        "backend": _PLATFORM,
        "version_policy": {"specific": {"versions": described.versions}},
        "max_batch_size": 0,  # the batch is a dimension of each tensor
        "input": [
            {**_configured(tensor), "optional": len(described.inputs) > 1}
            for tensor in described.inputs
        ],
        "output": [_configured(tensor) for tensor in described.outputs],
        "parameters": {key: {"string_value": text} for key, text in described.parameters.items()},
    }


def _tensors(kinds: Mapping[str, tuple[str, tuple[int, ...]]]) -> list[TensorBody]:
    return [
        TensorBody(name=name, datatype=kind, shape=[*shape])
        for name, (kind, shape) in kinds.items()
    ]


def _configured(tensor: TensorBody) -> dict[str, Any]:
    kind = {"BYTES": "STRING"}.get(tensor.datatype, tensor.datatype)
    return {"name": tensor.name, "data_type": f"TYPE_{kind}", "dims": tensor.shape}
