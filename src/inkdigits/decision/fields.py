"""Predictions in, plain dictionaries out: the fields that every answer has.

The service, the command line and `to_dict` all give these, so that there is one answer. The
dataclasses are its only description: OpenAPI is made of their fields and their docstrings.
"""

from typing import TYPE_CHECKING, Any

from inkdigits.decision.shown import show_probability

if TYPE_CHECKING:
    from inkdigits.decision.number import NumberPrediction
    from inkdigits.decision.prediction import Prediction

DECIMALS = 7
"""Digits kept of a probability: as many as it takes to write `reject.LEAST_SHARE`."""
SHARE = {"ge": 0, "le": 1}
"""Of a field: it holds a probability. This and the next are said in pydantic's words."""
WIRE = {"extra": "forbid", "json_schema_serialization_defaults_required": True}
"""Of an answer: it has all of its fields and no others."""
_AS_THEY_ARE = frozenset((str, int, bool, type(None)))


def fields_of(said: Any) -> dict[str, Any]:
    """Lay out what is said, ready for JSON: a dataclass with slots, and those that it holds."""
    return {name: _plain(getattr(said, name)) for name in said.__slots__}


def row_fields(prediction: "Prediction | NumberPrediction", **said: str | None) -> dict[str, Any]:
    """Lay out what a table has of a prediction: what was read, and whether to believe it."""
    sure = {name: getattr(prediction, name) for name in ("accepted", "reason")}
    return {**said, **sure, "confidence": _plain(prediction.confidence)}


def short(prediction: "Prediction | NumberPrediction", said: str | None) -> str:
    """Say what was read, how sure that is, and whether it was accepted."""
    verdict = "accepted" if prediction.accepted else prediction.reason
    return f"{said!r} {show_probability(prediction.confidence)} {verdict}"


def _plain(value: Any) -> Any:
    kind = type(value)
    if kind is float:
        return round(value, DECIMALS)
    if kind in _AS_THEY_ARE:
        return value
    if isinstance(value, float):  # NumPy's
        return round(float(value), DECIMALS)
    if kind is not tuple:
        return fields_of(value)
    if value and type(value[0]) is float:  # all are: ten of the eleven outcomes
        return [round(one, DECIMALS) for one in value]
    return [_plain(one) for one in value]
