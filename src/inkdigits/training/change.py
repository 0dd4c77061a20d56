"""The card of a fine-tuned model in → what the fine-tuning changed out, for people to read."""

from dataclasses import dataclass

from inkdigits.data.tables import read_table
from inkdigits.model.card import Card


@dataclass(frozen=True, slots=True)
class Change:
    """One figure of both models, on the same validation samples; shares, 0 to 1.

    Attributes:
        name: as `scores.score` calls it.
        about: the same for people.
        before: of the model that was begun from.
        after: of the new one.
    """

    name: str
    about: str
    before: float
    after: float


_OWN_DIGITS = "validation/own/accuracy"
_FIGURES: dict[str, str] = read_table("training/changes.toml")
_MUST_STAY = {"mnist": 0.005, "restyled": 0.01, "strokes": 0.01}
"""As much worse is within chance: 6 to 9 digits of the 600 to 1,800 that validate in `finetune`."""


def find_changes(card: Card) -> list[Change]:
    """Put the scores before and after side by side; empty for a model without a start."""
    before = card.training.get("start", {}).get("scores", {})
    return [
        Change(name, about, before[name], card.scores[name])
        for name, about in _FIGURES.items()
        if name in before and name in card.scores
    ]


def judge_changes(changes: list[Change]) -> list[str]:
    """Say in sentences what to think of it: whether one's own digits are read better, and what
    else is read worse than before by more than chance.
    """
    by_name = {change.name: change for change in changes}
    own = by_name.get(_OWN_DIGITS)
    if own is None:
        said = ["Too few pictures to hold any back (5 of a digit): nobody knows if it is better."]
    elif own.after < own.before:
        said = ["WORSE than before on your own digits held back: keep the model it began from."]
    elif own.after == own.before:
        said = ["No better than before on your own digits held back."]
    else:
        said = ["Better than before on your own digits held back."]
    for source, tolerance in _MUST_STAY.items():
        other = by_name.get(f"validation/{source}/accuracy")
        if other is not None and other.after < other.before - tolerance:
            worse = 100 * (other.before - other.after)
            said.append(f"WORSE than before by {worse:.1f} points: {other.about}.")
    return said
