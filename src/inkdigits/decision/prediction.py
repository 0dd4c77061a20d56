"""What the reader says of one glyph: the digit, how sure it is, whether to believe it."""

from dataclasses import dataclass, field
from typing import Any, Literal

from inkdigits.decision.fields import SHARE, WIRE, fields_of, row_fields, short
from inkdigits.sample import Box

Reason = Literal["unsure", "not_a_digit", "not_as_expected", "not_calibrated"]
Hint = Literal["several_digits"]


@dataclass(frozen=True, slots=True)
class ModelName:
    """Which model answered."""

    name: str
    version: str


@dataclass(frozen=True, slots=True)
class Alternative:
    """A digit that it may be, and its calibrated probability (0 to 1)."""

    digit: str = field(metadata={"pattern": "^[0-9]$"})
    probability: float = field(metadata=SHARE)


@dataclass(frozen=True, slots=True)
class Prediction:
    """The answer for one glyph.

    There are eleven outcomes, the ten digits and "not a digit"; their probabilities sum to 1.

    Attributes:
        digit: "0" to "9", the best even when unsure; None for something drawn that is no digit,
            or none of those that may be there.
        accepted: whether the answer is sure enough to be used unseen; None where nobody has
            fitted how sure that is.
        reason: why it was not accepted; None when it was.
        confidence: calibrated probability of what is answered, 0 to 1: of the digit, or that there
            is none.
        probabilities: of "0" to "9", ten values.
        not_a_digit: probability that this is no digit, 0 to 1; 0.0 from a ten-class model.
        alternatives: best first, one to five; after the first, of a probability of at least 0.0005.
        box: where the glyph lies in the picture; None of models with the classic preprocessing,
            which look for none.
        hint: what the picture shows instead, where it was not accepted and that could be told:
            several digits, which `Reader.predict_number` and `POST /numbers` read.
        page: of the file, from 1, where a page was asked for.
        model: which one read it.
    """

    __pydantic_config__ = WIRE

    digit: str | None
    accepted: bool | None
    reason: Reason | None
    confidence: float = field(metadata=SHARE)
    probabilities: tuple[float, ...] = field(metadata={"min_length": 10, "max_length": 10})
    not_a_digit: float = field(metadata=SHARE)
    alternatives: tuple[Alternative, ...]
    box: Box | None = None
    hint: Hint | None = None
    page: int | None = field(default=None, metadata={"ge": 1})
    model: ModelName | None = field(default=None, compare=False)  # where no `Reader` did it

    def to_dict(self) -> dict[str, Any]:
        """Give the fields of `POST /predict`, ready for JSON."""
        return fields_of(self)

    def to_row(self) -> dict[str, Any]:
        """Give what a table has of it, one value a column, as for `pandas.DataFrame`."""
        return row_fields(self, digit=self.digit)

    def __repr__(self) -> str:
        return f"<Prediction {short(self, self.digit)}>"
