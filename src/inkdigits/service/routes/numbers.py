"""`POST /numbers`: a picture in, all of its digits out."""

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import JSONResponse

from inkdigits.decision.expected import MAX_LENGTH, SEPARATORS, Expected, expect
from inkdigits.decision.number import NumberPrediction
from inkdigits.service.leaving import unless_left
from inkdigits.service.query import Allowed, KnownModel, PageNumber, Part, name_page
from inkdigits.service.routes.predict import BODY
from inkdigits.service.schemas import PROBLEMS
from inkdigits.service.uploads import read_upload

if TYPE_CHECKING:
    from inkdigits.engine.engine import Engine

_Digits = Annotated[int | None, Query(ge=1, le=MAX_LENGTH, description="Digits, separators aside.")]
_Pattern = Annotated[
    str | None,
    Query(
        description="What is written: 9 for any (allowed) digit, each of "
        f"`{' '.join(SEPARATORS)}` for itself, `$` for any currency sign; spaces stand for "
        "nothing. Not together with a length.",
        examples=["99-99-9999"],
        max_length=2 * MAX_LENGTH,
    ),
]

router = APIRouter(tags=["predict"])


async def expected_of(
    length: _Digits = None,
    min_length: _Digits = None,
    max_length: _Digits = None,
    pattern: _Pattern = None,
    allowed: Allowed = None,
    box: Part = None,
) -> Expected:
    """Put together what is expected of each line."""
    return expect(length, min_length, max_length, pattern, allowed=allowed, box=box)


Expectation = Annotated[Expected, Depends(expected_of)]
"""What is expected, from the query."""


@router.post("/numbers", response_model=NumberPrediction, responses=PROBLEMS, openapi_extra=BODY)
async def read_numbers(
    request: Request, model: KnownModel, expected: Expectation, page: PageNumber = None
) -> JSONResponse:
    """Read the handwritten number in a picture, or the numbers in its lines.

    What is expected of each line narrows the search: nothing else is answered.
    """
    engine: Engine = request.app.state.engine
    picture = name_page(await read_upload(request), page)
    prediction = await unless_left(request, engine.predict_number(picture, expected, model))
    return JSONResponse(prediction.to_dict())
