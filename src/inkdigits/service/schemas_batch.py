"""The wire of batches, described: an answer or a problem each picture, and its file's name."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from inkdigits.decision.number import NumberPrediction
from inkdigits.decision.prediction import Prediction
from inkdigits.service.schemas import Problem, Wire

_FILE = Field(description="The file name that was sent with it; null where none was.")
_RESULTS = Field(description="In the order they were sent: answers, and problems with a `code`.")


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedPrediction(Prediction):  # noqa: D101
    __doc__ = Prediction.__doc__

    file: Annotated[str | None, _FILE] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedNumberPrediction(NumberPrediction):  # noqa: D101
    __doc__ = NumberPrediction.__doc__

    file: Annotated[str | None, _FILE] = None


class NamedProblem(Problem):
    """What is wrong with one picture of several."""

    file: Annotated[str | None, _FILE] = None


class BatchBody(Wire):
    """The digits of several pictures."""

    results: list[NamedPrediction | NamedProblem] = _RESULTS


class NumberBatchBody(Wire):
    """The numbers of several pictures."""

    results: list[NamedNumberPrediction | NamedProblem] = _RESULTS
