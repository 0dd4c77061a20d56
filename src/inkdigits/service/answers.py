"""Predictions and cards in, plain dictionaries out: the fields every answer has.

The service and the command line both write these, so that there is one answer. No web
library is needed here; `schemas.py` describes the same fields for OpenAPI.
"""

from typing import Any

from inkdigits.decision.number import NumberPrediction
from inkdigits.decision.prediction import Prediction
from inkdigits.model.card import Card, LineCard


def answer_fields(prediction: Prediction, card: Card) -> dict[str, Any]:
    """Lay a prediction out the way it is answered.

    Args:
        prediction: what the line made of one picture.
        card: of the model that read it.

    Returns:
        The fields of `POST /predict`, ready for JSON.
    """
    return {**prediction.to_dict(), "model": name_fields(card)}


def number_fields(prediction: NumberPrediction, card: Card, line: LineCard) -> dict[str, Any]:
    """Lay a number out the way it is answered.

    Args:
        prediction: what was made of one picture.
        card: of the model that read its digits.
        line: of the reader of whole lines, which read them, too.

    Returns:
        The fields of `POST /numbers`, ready for JSON.
    """
    names = {"model": name_fields(card), "line_reader": name_fields(line)}
    return {**prediction.to_dict(), **names}


def name_fields(card: Card | LineCard) -> dict[str, str]:
    """Say which model it was: its name and version."""
    return {"name": card.name, "version": card.version}


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
