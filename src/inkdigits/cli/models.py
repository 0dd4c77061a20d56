"""`inkdigits models`: the cards of models in, a table or JSON out."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from inkdigits.cli.output import print_json, print_table

if TYPE_CHECKING:
    from inkdigits.model.card import Card, LineCard


def models(
    names: Annotated[
        list[str] | None,
        typer.Argument(help="Shipped names, or model files of your own. [all that are shipped]"),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Everything known, as JSON.")] = False,
) -> None:
    """List the models that come with inkdigits, or say what is known of others.

    \b
      inkdigits models
      inkdigits models mine.onnx
      inkdigits models --json | jq '.models[0].scores'
    """
    from inkdigits.model.line_model import load_line_reader  # noqa: PLC0415  # ONNX Runtime
    from inkdigits.model.loading import load_model  # noqa: PLC0415
    from inkdigits.service.readers import shipped_names  # noqa: PLC0415

    cards = [load_model(name).card for name in names or shipped_names()]
    line = load_line_reader().card
    if as_json:
        print_json({
            "default": cards[0].name if cards else None,
            "models": [asdict(card) for card in cards],
            "line_reader": {"name": line.name, "version": line.version},
        })  # fmt: skip
    else:
        heads = ("Name", "Version", "Reads", "Scores", "Licence")
        kinds = {"line": "any picture", "classic": "as the classic system"}
        rows = [_row(one, kinds[one.preprocessing] + describe_input(one)) for one in cards]
        print_table(heads, [*rows, _row(line, "lines of numbers")])


def _row(card: "Card | LineCard", reads: str) -> tuple[str, ...]:
    scores = "\n".join(
        f"{name} {value:.4g}" if isinstance(value, float) else f"{name} {value}"
        for name, value in card.scores.items()
    )
    return card.name, card.version, reads, scores, card.licence


def describe_input(card: "Card") -> str:
    """Say what a strange file was found to want, and what is not known of it; "" of others."""
    ink = f"{card.polarity.replace('_', ' ')}, 0 to {card.input_scale}"
    found = f"; {ink} ({card.input_found})" if card.input_found else ""
    return found + ("; not calibrated" if card.min_confidence is None else "")
