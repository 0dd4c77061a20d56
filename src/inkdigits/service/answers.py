"""Cards in, plain dictionaries out: what the service and the command line tell of a model."""

from typing import Any

from inkdigits.model.card import Card, LineCard

_TOLD = (
    *("name", "version", "classes", "preprocessing", "temperature"),
    *("min_confidence", "max_not_a_digit", "input_scale", "polarity", "input_found"),
    *("sha256", "licence", "scores", "data", "recipe", "training"),
)
"""The fields of a card that may be known, in the order of `GET /models`."""


def name_fields(card: Card | LineCard) -> dict[str, str]:
    """Say which model it was: its name and version."""
    return {"name": card.name, "version": card.version}


def card_fields(card: Card) -> dict[str, Any]:
    """Lay out what may be known of a model, ready for JSON: an entry of `GET /models`."""
    return {name: getattr(card, name) for name in _TOLD}
