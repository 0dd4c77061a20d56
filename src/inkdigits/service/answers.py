"""Predictions and cards in, plain dictionaries out: the fields every answer has.

The service and the command line both write these, so that there is one answer. No web
library is needed here; `schemas.py` describes the same fields for OpenAPI.
"""

from typing import Any

from inkdigits.decision.prediction import Prediction
from inkdigits.model.card import Card

DECIMALS = 6
"""Digits kept of a probability: finer ones are noise of float32."""


def answer_fields(prediction: Prediction, card: Card) -> dict[str, Any]:
    """Lay a prediction out the way it is answered.

    Args:
        prediction: what the line made of one picture.
        card: of the model that read it.

    Returns:
        The fields of `POST /predict`, ready for JSON.
    """
    box = prediction.box
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
        "box": box and {"left": box.left, "top": box.top, "width": box.width, "height": box.height},
        "model": {"name": card.name, "version": card.version},
    }


def card_fields(card: Card) -> dict[str, Any]:
    """Lay out what may be known of a model: what it is, what it scored, what made it.

    Args:
        card: of a loaded model.

    Returns:
        The fields of one entry of `GET /models`, ready for JSON.
    """
    return {
        "name": card.name,
        "version": card.version,
        "classes": card.classes,
        "preprocessing": card.preprocessing,
        "temperature": card.temperature,
        "min_confidence": card.min_confidence,
        "max_not_a_digit": card.max_not_a_digit,
        "sha256": card.sha256,
        "licence": card.licence,
        "scores": dict(card.scores),
        "data": dict(card.data),
        "recipe": dict(card.recipe),
        "training": dict(card.training),
    }


def _rounded(value: float) -> float:
    return round(float(value), DECIMALS)
