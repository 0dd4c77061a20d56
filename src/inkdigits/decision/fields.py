"""Predictions in, plain dictionaries out: the fields that every answer has.

The service, the command line and `to_dict` all give these, so that there is one answer.
"""

from typing import TYPE_CHECKING, Any

from inkdigits.decision.shown import show_probability
from inkdigits.sample import Box

if TYPE_CHECKING:
    from inkdigits.decision.number import NumberLine, NumberPrediction
    from inkdigits.decision.prediction import Prediction

DECIMALS = 7
"""Digits kept of a probability: as many as it takes to write `reject.LEAST_SHARE`."""


def digit_fields(prediction: "Prediction") -> dict[str, Any]:
    """Lay out what is said of one digit: the fields of `POST /predict`, ready for JSON."""
    return {
        "digit": prediction.digit,
        "accepted": prediction.accepted,
        "reason": prediction.reason,
        "confidence": _rounded(prediction.confidence),
        "probabilities": [_rounded(value) for value in prediction.probabilities],
        "not_a_digit": _rounded(prediction.not_a_digit),
        "alternatives": [
            {"digit": other.digit, "probability": _rounded(other.probability)}
            for other in prediction.alternatives
        ],
        "box": box_fields(prediction.box),
        "hint": prediction.hint,
        "model": _model(prediction.model),
    }


def number_fields(prediction: "NumberPrediction") -> dict[str, Any]:
    """Lay out what is said of a number: the fields of `POST /numbers`, ready for JSON."""
    return {
        **_said(prediction),
        "lines": [{**_said(line), "box": box_fields(line.box)} for line in prediction.lines],
        "model": _model(prediction.model),
        "line_reader": _model(prediction.line_reader),
    }


def row_fields(prediction: "Prediction | NumberPrediction", **said: str | None) -> dict[str, Any]:
    """Lay out what a table has of a prediction: what was read, and whether to believe it."""
    sure = {name: getattr(prediction, name) for name in ("accepted", "reason")}
    return {**said, **sure, "confidence": _rounded(prediction.confidence)}


def short(prediction: "Prediction | NumberPrediction", said: str | None) -> str:
    """Say what was read, how sure that is, and whether it was accepted."""
    verdict = "accepted" if prediction.accepted else prediction.reason
    return f"{said!r} {show_probability(prediction.confidence)} {verdict}"


def _said(what: "NumberPrediction | NumberLine") -> dict[str, Any]:
    return {
        "number": what.number,
        "text": what.text,
        "accepted": what.accepted,
        "reason": what.reason,
        "confidence": _rounded(what.confidence),
        "digits": [
            {
                "digit": one.digit,
                "confidence": _rounded(one.confidence),
                "box": box_fields(one.box),
                "alternatives": [
                    {"digit": other.digit, "probability": _rounded(other.probability)}
                    for other in one.alternatives
                ],
            }
            for one in what.digits
        ],
        "alternatives": [
            {"number": other.number, "probability": _rounded(other.probability)}
            for other in what.alternatives
        ],
    }


def box_fields(box: Box | None) -> dict[str, int] | None:
    """Lay out a place in the picture, if it is known."""
    if box is None:
        return None
    return {"left": box.left, "top": box.top, "width": box.width, "height": box.height}


def _model(model: tuple[str, str] | None) -> dict[str, str] | None:
    return None if model is None else {"name": model[0], "version": model[1]}


def _rounded(value: float) -> float:
    return round(float(value), DECIMALS)
