"""The wire of numbers, described: pydantic models of the answer, with an example, for OpenAPI."""

from pydantic import ConfigDict, Field
from pydantic.config import JsonDict

from inkdigits.decision.prediction import Reason
from inkdigits.service.schemas import ACCEPTED, AlternativeBody, BoxBody, ModelName, Wire

_LINE: JsonDict = {
    "number": "47",
    "text": "4,7",
    "accepted": True,
    "reason": None,
    "confidence": 0.9952,
    "digits": [
        {
            "digit": "4",
            "confidence": 0.9971,
            "box": {"left": 12, "top": 9, "width": 30, "height": 48},
            "alternatives": [{"digit": "4", "probability": 0.9971}],
        },
        {
            "digit": "7",
            "confidence": 0.9981,
            "box": {"left": 58, "top": 10, "width": 26, "height": 46},
            "alternatives": [
                {"digit": "7", "probability": 0.9981},
                {"digit": "1", "probability": 0.0012},
            ],
        },
    ],
    "alternatives": [
        {"number": "47", "probability": 0.9952},
        {"number": "41", "probability": 0.0012},
    ],
}
_ANSWER: JsonDict = {
    **_LINE,
    "lines": [{**_LINE, "box": {"left": 12, "top": 9, "width": 72, "height": 52}}],
    "model": {"name": "cnn", "version": "2"},
    "line_reader": {"name": "line", "version": "8"},
}


class DigitBody(Wire):
    """One digit of a number."""

    digit: str = Field(pattern="^[0-9]$")
    confidence: float = Field(ge=0, le=1, description="That this digit stands here.")
    box: BoxBody | None = Field(description="Null where its place could not be told.")
    alternatives: list[AlternativeBody] = Field(description="Likely digits, best first.")


class NumberAlternativeBody(Wire):
    """One number that the picture may show."""

    number: str = Field(pattern="^[0-9]+$")
    probability: float = Field(ge=0, le=1)


class _Said(Wire):
    number: str | None = Field(description="Its digits alone; null where there is no number.")
    text: str | None = Field(
        description="The same with what stands between and beside them, `. , - / : % ( )`; "
        "`$` stands for any currency, a line break for the next line of writing."
    )
    accepted: bool | None = Field(description=ACCEPTED)
    reason: Reason | None = Field(description="Why it is not accepted.")
    confidence: float = Field(ge=0, le=1, description="Calibrated probability of the number.")
    digits: list[DigitBody] = Field(description="Left to right.")
    alternatives: list[NumberAlternativeBody] = Field(description="Likely numbers, best first.")


class LineBody(_Said):
    """What one line of writing shows."""

    box: BoxBody | None


class NumberAnswer(_Said):
    """What one picture shows: the number of its line, or those of its lines joined."""

    model_config = ConfigDict(json_schema_extra={"examples": [_ANSWER]})

    lines: list[LineBody] = Field(description="Each line of writing, top to bottom.")
    model: ModelName
    line_reader: ModelName = Field(description="What reads a line as a whole, beside `model`.")
