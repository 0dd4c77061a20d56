"""The wire of batches, described: an answer or a problem each picture, and its file's name."""

from pydantic import Field

from inkdigits.service.schemas import Answer, Problem, Wire
from inkdigits.service.schemas_numbers import NumberAnswer

_FILE = Field(None, description="The file name that was sent with it; null where none was.")
_RESULTS = Field(description="In the order they were sent: answers, and problems with a `code`.")


class NamedAnswer(Answer):
    """What one picture of several shows."""

    file: str | None = _FILE


class NamedNumber(NumberAnswer):
    """What number one picture of several shows."""

    file: str | None = _FILE


class NamedProblem(Problem):
    """What is wrong with one picture of several."""

    file: str | None = _FILE


class BatchBody(Wire):
    """The digits of several pictures."""

    results: list[NamedAnswer | NamedProblem] = _RESULTS


class NumberBatchBody(Wire):
    """The numbers of several pictures."""

    results: list[NamedNumber | NamedProblem] = _RESULTS
