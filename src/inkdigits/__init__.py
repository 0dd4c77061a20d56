"""The public names, loaded when they are first used: bytes of a picture in, a digit out.

>>> from inkdigits import Reader, load_model
>>> reader = Reader(load_model("cnn"))
>>> reader.predict_digit(open("seven.png", "rb").read()).digit
'7'
"""

import importlib
import os
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from inkdigits.decision.expected import Expected
    from inkdigits.decision.number import NumberPrediction
    from inkdigits.decision.prediction import Prediction
    from inkdigits.errors import (
        BatchTooLarge,
        BlankImage,
        BrokenImage,
        BrokenModel,
        DataError,
        DeadlineExceeded,
        Draining,
        FileError,
        ImageError,
        ImageTooLarge,
        InferenceError,
        InkdigitsError,
        Mismatch,
        MissingExtra,
        MissingFile,
        ModelError,
        ModelNotFound,
        NotNow,
        Overloaded,
        ParameterError,
        SampleError,
        ServerError,
        SettingError,
        SlowUpload,
        TooComplex,
        TooManyRequests,
        TrainingError,
        Unauthorized,
        UnknownHost,
        UnreadableFile,
        UnsupportedImage,
        UnsupportedModel,
        UploadError,
    )
    from inkdigits.model.loading import load_model
    from inkdigits.reader import Reader, predict_image

    __version__: str

# ONNX Runtime would send usage events, unless it is told otherwise before its import. What a user
# sets counts: 0 lets it.
os.environ["ORT_DISABLE_TELEMETRY"] = os.environ.get("ORT_DISABLE_TELEMETRY") or "1"

__all__ = [
    "BatchTooLarge",
    "BlankImage",
    "BrokenImage",
    "BrokenModel",
    "DataError",
    "DeadlineExceeded",
    "Draining",
    "Expected",
    "FileError",
    "ImageError",
    "ImageTooLarge",
    "InferenceError",
    "InkdigitsError",
    "Mismatch",
    "MissingExtra",
    "MissingFile",
    "ModelError",
    "ModelNotFound",
    "NotNow",
    "NumberPrediction",
    "Overloaded",
    "ParameterError",
    "Prediction",
    "Reader",
    "SampleError",
    "ServerError",
    "SettingError",
    "SlowUpload",
    "TooComplex",
    "TooManyRequests",
    "TrainingError",
    "Unauthorized",
    "UnknownHost",
    "UnreadableFile",
    "UnsupportedImage",
    "UnsupportedModel",
    "UploadError",
    "__version__",
    "load_model",
    "predict_image",
]

_HOMES = {
    "Expected": "inkdigits.decision.expected",
    "NumberPrediction": "inkdigits.decision.number",
    "Prediction": "inkdigits.decision.prediction",
    "Reader": "inkdigits.reader",
    "load_model": "inkdigits.model.loading",
    "predict_image": "inkdigits.reader",
}


def __getattr__(name: str) -> Any:
    """Find a public name in its room, at its first use, so that the import stays light."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    if name == "__version__":
        value = importlib.import_module("importlib.metadata").version(__name__)
    else:
        value = getattr(importlib.import_module(_HOMES.get(name, "inkdigits.errors")), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
