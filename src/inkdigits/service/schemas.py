"""The wire, described: pydantic models of every answer, with examples, for OpenAPI and clients."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from inkdigits.decision.prediction import Hint, Reason
from inkdigits.service.problems import describe_problems

ACCEPTED = "Whether it is sure enough to be relied on; null where nobody has fitted when it is."
_ANSWER: JsonDict = {
    "digit": "7",
    "accepted": True,
    "reason": None,
    "confidence": 0.9988,
    "probabilities": [1e-6, 0.0006, 2e-6, 1e-6, 3e-6, 1e-6, 1e-6, 0.9988, 1e-6, 0.0005],
    "not_a_digit": 0.00009,
    "alternatives": [
        {"digit": "7", "probability": 0.9988},
        {"digit": "1", "probability": 0.0006},
    ],
    "box": {"left": 12, "top": 9, "width": 80, "height": 130},
    "hint": None,
    "model": {"name": "cnn", "version": "1"},
}


class Wire(BaseModel):
    """What goes over the wire: nothing but the fields it has."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class AlternativeBody(Wire):
    """One digit that the picture may show."""

    digit: str = Field(pattern="^[0-9]$")
    probability: float = Field(ge=0, le=1)


class BoxBody(Wire):
    """Where the digit lies in the upright picture, px."""

    left: int
    top: int
    width: int
    height: int


class ModelName(Wire):
    """Which model answered."""

    name: str
    version: str


class Answer(Wire):
    """What one picture shows."""

    model_config = ConfigDict(json_schema_extra={"examples": [_ANSWER]})

    digit: str | None = Field(description="The best digit; null when the drawing is no digit.")
    accepted: bool | None = Field(description=ACCEPTED)
    reason: Reason | None = Field(description="Why it is not accepted.")
    confidence: float = Field(
        ge=0, le=1, description="Calibrated probability of what is answered: the digit, or none."
    )
    probabilities: list[float] = Field(
        min_length=10, max_length=10, description="Of 0 to 9; with `not_a_digit` they sum to 1."
    )
    not_a_digit: float = Field(ge=0, le=1, description="Probability that this is no digit.")
    alternatives: list[AlternativeBody] = Field(description="Likely digits, best first.")
    box: BoxBody | None = Field(description="Null for models with the classic preprocessing.")
    hint: Hint | None = Field(
        description="What is drawn instead, if it was told: several digits go to `POST /numbers`."
    )
    model: ModelName


class ModelBody(Wire):
    """The card of one model."""

    name: str
    version: str
    classes: int = Field(description="10, or 11: the last is not a digit.")
    preprocessing: Literal["line", "classic"]
    temperature: float
    min_confidence: float | None = Field(description="Null where it was never fitted.")
    max_not_a_digit: float | None
    input_scale: int = Field(description="What full ink is to the file: 1 or 255.")
    polarity: Literal["light_ink", "dark_ink"]
    input_found: str = Field(description="How these two were found out; empty where it was known.")
    sha256: str
    licence: str
    scores: dict[str, Any]
    data: dict[str, Any]
    recipe: dict[str, Any]
    training: dict[str, Any]


class ModelsBody(Wire):
    """The models that this server answers with."""

    default: str
    features: list[str] = Field(
        description="What else can be asked for: `explain` at `/explain`, and so on.",
        examples=[["explain"]],
    )
    models: list[ModelBody]
    line_reader: ModelName = Field(description="What reads whole lines, for numbers.")


class HealthBody(Wire):
    """How the server is."""

    status: Literal["live", "ready"]


class Problem(BaseModel):
    """What went wrong (RFC 9457). `code` is stable; `detail` is for people."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    found: str = Field("", description="What was found, if it can be named; numbers as text.")
    allowed: list[str] = Field([], description="What is allowed instead; numbers as text.")


PROBLEMS = describe_problems(
    {
        404: "`model-not-found`: no such model; the detail lists the known ones.",
        413: "`image-too-large`, `batch-too-large`: bytes, pixels, a side, the proportions.",
        415: "`unsupported-image`: neither PNG nor JPEG, going by the content.",
        422: "`broken-image`, `blank-image`, `too-complex`; `bad-upload`: no file, or several, or "
        "damaged text; `bad-parameter`: unknown, or given twice; `mismatch`, `bad-request`: a "
        "wrong value.",
        503: "`overloaded`, `draining`: come again after the seconds of `Retry-After`.",
        504: "`deadline-exceeded`: it took too long.",
    }
)
"""What a request with pictures may be answered instead of an answer, for OpenAPI."""
REFUSED = describe_problems({422: "`bad-parameter`: the query holds what is not known here."})
"""The same for a request that asks for nothing but what there is."""
