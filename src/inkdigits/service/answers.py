"""Predictions and cards in, plain dictionaries out: the fields every answer has.

The service and the command line both write these, so that there is one answer. No web
library is needed here; `schemas.py` describes the same fields for OpenAPI.
"""

from typing import Any

from inkdigits.decision.number import NumberLine, NumberPrediction
from inkdigits.decision.prediction import Prediction
from inkdigits.model.card import Card
from inkdigits.model.line_model import LineCard
from inkdigits.sample import Box

DECIMALS = 7
"""Digits kept of a probability: as many as it takes to write `reject.LEAST_SHARE`."""


def answer_fields(prediction: Prediction, card: Card) -> dict[str, Any]:
    """Lay a prediction out the way it is answered.

    Args:
        prediction: what the line made of one picture.
        card: of the model that read it.

    Returns:
        The fields of `POST /predict`, ready for JSON.
    """
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
        "model": name_fields(card),
    }


def number_fields(prediction: NumberPrediction, card: Card, line: LineCard) -> dict[str, Any]:
    """Lay a number out the way it is answered.

    Args:
        prediction: what was made of one picture.
        card: of the model that read its digits.
        line: of the reader of whole lines, which read them, too.

    Returns:
        The fields of `POST /numbers`, ready for JSON.
    """
    return {
        **_said(prediction),
        "lines": [{**_said(one), "box": box_fields(one.box)} for one in prediction.lines],
        "model": name_fields(card),
        "line_reader": name_fields(line),
    }


def _said(what: NumberPrediction | NumberLine) -> dict[str, Any]:
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


def card_fields(card: Card) -> dict[str, Any]:
    """Lay out what may be known of a model: what it is, what it scored, what made it.

    Args:
        card: of a loaded model.

    Returns:
        The fields of one entry of `GET /models`, ready for JSON.
    """
    return {
        **name_fields(card),
        "classes": card.classes,
        "preprocessing": card.preprocessing,
        "temperature": card.temperature,
        "min_confidence": card.min_confidence,
        "max_not_a_digit": card.max_not_a_digit,
        "input_scale": card.input_scale,
        "polarity": card.polarity,
        "input_found": card.input_found,
        "sha256": card.sha256,
        "licence": card.licence,
        "scores": dict(card.scores),
        "data": dict(card.data),
        "recipe": dict(card.recipe),
        "training": dict(card.training),
    }


def name_fields(card: Card | LineCard) -> dict[str, str]:
    """Say which model it was: its name and version."""
    return {"name": card.name, "version": card.version}


def _rounded(value: float) -> float:
    return round(float(value), DECIMALS)
