"""A card in → JSON out, and back: what travels with the weights of a model."""

import json
import math
import re
from collections.abc import Callable
from dataclasses import MISSING, asdict, dataclass, field, fields
from pathlib import Path
from typing import Any, Literal, get_args

from inkdigits.errors import BrokenModel
from inkdigits.sample import SYMBOLS

LAYOUTS: tuple[tuple[int, ...], ...] = ((784,), (28, 28), (28, 28, 1), (1, 28, 28))
"""Shapes in which a model may want one sample; all hold the same 784 values in the same order."""

Output = Literal["logits", "probabilities"]
Polarity = Literal["light_ink", "dark_ink"]


@dataclass(frozen=True)
class Card:
    """What has to be known of a model file beside its weights.

    Attributes:
        name: the model's name, as in answers and on the command line.
        version: of this name; a string, so that "1.10" is not 1.1.
        classes: 10, or 11 where the last one is "not a digit".
        input_shape: of one sample as the file wants it, without the batch: one of `LAYOUTS`.
        output: what the file itself answers: "logits" or "probabilities".
        sha256: of the model file, 64 lower-case hex digits.
        preprocessing: "line" (the image line) or "classic" (a plain resize to 28 by 28).
        temperature: logits are divided by it; positive.
        input_scale: what full ink is to the file: 1 or 255.
        polarity: "light_ink" where ink is the high value, as in MNIST, or "dark_ink".
        input_found: how that was found out; empty where whoever wrote the card knew.
        min_confidence: a digit less likely is "unsure", 0 to 1; None: nobody has fitted it.
        max_not_a_digit: a not-a-digit probability above it is refused, 0 to 1; None as above.
        target_error: share of errors among the accepted that the thresholds were fitted for.
        recipe: the hyperparameters it was trained with.
        data: name of each training data set → its sha256.
        scores: what was measured, on what.
        training: seed, backend, versions, duration_s, date.
        licence: of the weights.
    """

    name: str
    version: str
    classes: int
    input_shape: tuple[int, ...]
    output: Output
    sha256: str
    preprocessing: Literal["line", "classic"] = "line"
    temperature: float = 1.0
    input_scale: int = 1
    polarity: Polarity = "light_ink"
    input_found: str = ""
    min_confidence: float | None = None
    max_not_a_digit: float | None = None
    target_error: float = 0.01
    recipe: dict[str, Any] = field(default_factory=dict)
    data: dict[str, str] = field(default_factory=dict)
    scores: dict[str, Any] = field(default_factory=dict)
    training: dict[str, Any] = field(default_factory=dict)
    licence: str = ""


@dataclass(frozen=True)
class LineCard:
    """What has to be known of a line reader beside its weights.

    Attributes:
        symbols: what it tells apart, in the order of its answers; the blank comes last.

    All others are as of `Card`.
    """

    name: str
    version: str
    symbols: str
    sha256: str
    temperature: float = 1.0
    recipe: dict[str, Any] = field(default_factory=dict)
    data: dict[str, str] = field(default_factory=dict)
    scores: dict[str, Any] = field(default_factory=dict)
    training: dict[str, Any] = field(default_factory=dict)
    licence: str = ""


def card_path(model_path: Path) -> Path:
    """Give the place of a model file's card: beside it, the same stem, `.json`."""
    return model_path.with_suffix(".json")


def write_card(card: Card | LineCard, path: Path) -> None:
    """Write a card as JSON that people can read.

    Raises:
        BrokenModel: a field that reading it would refuse. Nothing is written then.
    """
    text = json.dumps(asdict(card), indent=2, ensure_ascii=False) + "\n"
    _check(json.loads(text), path, type(card))
    path.write_text(text, encoding="utf-8")


def read_card(path: Path) -> Card:
    """Read the card of a model of single digits.

    Raises:
        BrokenModel: the file cannot be read, is no JSON object, lacks a field, has an
            unknown one (a misspelt threshold must not become the default) or a wrong value.
    """
    values = _read(path, Card)
    return Card(**{**values, "input_shape": tuple(values["input_shape"])})


def read_line_card(path: Path) -> LineCard:
    """Read the card of a line reader; errors are those of `read_card`."""
    return LineCard(**_read(path, LineCard))


def read_licence(path: Path) -> str:
    """Read the terms that weights are under, from a card of either kind; errors as `read_card`."""
    return str(_read(path, None).get("licence", ""))


def _read(path: Path, kind: type | None) -> Any:
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise BrokenModel(str(path), f"no readable card ({error})", "a JSON object") from None
    is_line = isinstance(values, dict) and "symbols" in values
    _check(values, path, kind or (LineCard if is_line else Card))
    return values


def _check(values: Any, path: Path, kind: type) -> None:
    """Make sure that a card has the fields it needs, no others, and of the values allowed."""
    known = fields(kind)
    if not isinstance(values, dict):
        raise BrokenModel(str(path), f"a JSON {type(values).__name__}", "a JSON object")
    for item in sorted(known, key=lambda item: item.name):
        if item.name not in values and item.default is item.default_factory is MISSING:
            needed = f"{item.name}: {_RULES[item.name][1]}"
            raise BrokenModel(str(path), f"no field {item.name!r}", needed)
    names = [item.name for item in known]
    for name, value in values.items():
        if name not in names:
            raise BrokenModel(str(path), f"unknown field {name!r}", f"only {', '.join(names)}")
        holds, needed = _RULES[name]
        if not holds(value):
            found = repr(value) if len(repr(value)) <= 80 else repr(value)[:77] + "..."
            raise BrokenModel(str(path), f"field {name!r} is {found}", f"{name}: {needed}")


_Rule = tuple[Callable[[Any], bool], str]
"""Whether a field's value is allowed, and what is, in words."""


def _one_of(*allowed: Any) -> _Rule:
    """Allow these values alone."""
    return lambda value: type(value) in (int, str, list) and value in allowed, (
        " or ".join(json.dumps(value) for value in allowed)
    )


def _is_number(value: Any) -> bool:
    # A bool is an int for Python, but `"temperature": true` is a mistake.
    return type(value) in (int, float) and math.isfinite(value)


_FILLED: _Rule = (lambda value: isinstance(value, str) and bool(value), "a non-empty string")
_SHARE: _Rule = (lambda value: _is_number(value) and 0 <= value <= 1, "a number from 0 to 1")
_SHARE_OR_NONE: _Rule = (lambda value: value is None or _SHARE[0](value), f"{_SHARE[1]}, or null")
_TEXT: _Rule = (lambda value: isinstance(value, str), "a string")
_OBJECT: _Rule = (lambda value: isinstance(value, dict), "a JSON object")
_RULES: dict[str, _Rule] = {
    "name": _FILLED,
    "version": _FILLED,
    "sha256": (
        lambda value: isinstance(value, str) and bool(re.fullmatch("[0-9a-f]{64}", value)),
        "64 lower-case hex digits",
    ),
    "temperature": (lambda value: _is_number(value) and value > 0, "a positive number"),
    "recipe": _OBJECT,
    "data": (
        lambda value: isinstance(value, dict) and all(isinstance(v, str) for v in value.values()),
        "a JSON object of name → sha256",
    ),
    "scores": _OBJECT,
    "training": _OBJECT,
    "licence": _TEXT,
    "symbols": _one_of("".join(SYMBOLS)),
    "classes": _one_of(10, 11),
    "input_shape": _one_of(*(list(layout) for layout in LAYOUTS)),
    "output": _one_of(*get_args(Output)),
    "preprocessing": _one_of("line", "classic"),
    "input_scale": _one_of(1, 255),
    "polarity": _one_of(*get_args(Polarity)),
    "input_found": _TEXT,
    "min_confidence": _SHARE_OR_NONE,
    "max_not_a_digit": _SHARE_OR_NONE,
    "target_error": _SHARE,
}
