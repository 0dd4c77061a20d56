"""`inkdigits models`: the cards of the shipped models in, a table or JSON out."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from inkdigits.cli.output import print_json, print_table

if TYPE_CHECKING:
    from inkdigits.model.card import Card


def models(
    as_json: Annotated[bool, typer.Option("--json", help="Everything known, as JSON.")] = False,
) -> None:
    """List the models that come with inkdigits.

    \b
      inkdigits models
      inkdigits models --json | jq '.models[0].scores'
    """
    from inkdigits.model.loading import load_model  # noqa: PLC0415  # ONNX Runtime
    from inkdigits.service.answers import card_fields  # noqa: PLC0415
    from inkdigits.service.readers import shipped_names  # noqa: PLC0415

    cards = [load_model(name).card for name in shipped_names()]
    if as_json:
        default = cards[0].name if cards else None
        print_json({"default": default, "models": [card_fields(card) for card in cards]})
    else:
        heads = ("Name", "Version", "Reads", "Scores", "Licence")
        print_table(heads, [_row(card) for card in cards])


def _row(card: "Card") -> tuple[str, ...]:
    scores = "\n".join(f"{name} {_short(value)}" for name, value in card.scores.items())
    kind = {"line": "any picture", "classic": "as the classic system"}[card.preprocessing]
    return card.name, card.version, kind, scores, card.licence


def _short(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)
