"""The public names, loaded when they are first used: a picture in, a digit out.

>>> import inkdigits
>>> inkdigits.read("seven.png").digit
'7'
"""

import importlib
import os
from typing import TYPE_CHECKING, Any

from inkdigits import errors
from inkdigits.errors import *  # noqa: F403  # all of them are public, and they are light

if TYPE_CHECKING:
    from inkdigits.decision.expected import Expected
    from inkdigits.decision.number import NumberPrediction
    from inkdigits.decision.prediction import Prediction
    from inkdigits.files.picture import Page
    from inkdigits.model.loading import load_model
    from inkdigits.reader import Reader, predict_image
    from inkdigits.reading import Reading, read, read_files, read_folder, read_number, read_pages

    __version__: str

# ONNX Runtime would send usage events, unless it is told otherwise before its import. What a user
# sets counts: 0 lets it.
os.environ["ORT_DISABLE_TELEMETRY"] = os.environ.get("ORT_DISABLE_TELEMETRY") or "1"

__all__ = [
    "Expected",
    "NumberPrediction",
    "Page",
    "Prediction",
    "Reader",
    "Reading",
    "__version__",
    "load_model",
    "predict_image",
    "read",
    "read_files",
    "read_folder",
    "read_number",
    "read_pages",
]
__all__ += [
    name
    for name, value in vars(errors).items()
    if isinstance(value, type) and issubclass(value, errors.InkdigitsError)
]

_HOMES = {
    "Expected": "inkdigits.decision.expected",
    "NumberPrediction": "inkdigits.decision.number",
    "Page": "inkdigits.files.picture",
    "Prediction": "inkdigits.decision.prediction",
    "Reader": "inkdigits.reader",
    "load_model": "inkdigits.model.loading",
    "predict_image": "inkdigits.reader",
}
"""Of what is not in `reading`."""


def __getattr__(name: str) -> Any:
    """Find a public name in its room, at its first use, so that the import stays light."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    if name == "__version__":
        value = importlib.import_module("importlib.metadata").version(__name__)
    else:
        value = getattr(importlib.import_module(_HOMES.get(name, "inkdigits.reading")), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
