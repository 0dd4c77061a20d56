"""The data that weights were trained on, and what they began from → the terms they are under."""

from inkdigits.data.sources import SOURCES
from inkdigits.model.card import card_path, read_licence
from inkdigits.training.own import OWN
from inkdigits.training.weights import find_weights

_LICENCE = "Apache-2.0"


def licence_of(data: list[str], start: str) -> str:
    """Say under which terms weights are.

    Args:
        data: names of the data sets that they were trained on.
        start: the shipped name or the file of the network that they were begun from; "" for none.

    Raises:
        BrokenModel: the card beside `start` is damaged.
    """
    terms = sorted({SOURCES[name].licence for name in data if name in SOURCES})
    terms += ["pictures of the user's own"] * (OWN in data)
    licence = f"{_LICENCE}. Trained on data under: {'; '.join(terms)}" if terms else _LICENCE
    return f"{licence}. Begun from {start}: {_of_start(start)}" if start else licence


def _of_start(start: str) -> str:
    beside = card_path(find_weights(start, "start").path)
    if not beside.is_file():
        return "see its card"
    return read_licence(beside)
