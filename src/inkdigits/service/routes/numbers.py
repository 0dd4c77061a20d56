"""`POST /numbers`: a picture in, all of its digits out."""

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import JSONResponse

from inkdigits.decision.expected import MAX_LENGTH, expect
from inkdigits.service.answers import number_fields
from inkdigits.service.routes.predict import BODY, ModelName
from inkdigits.service.schemas import PROBLEMS
from inkdigits.service.schemas_numbers import NumberAnswer
from inkdigits.service.uploads import read_upload

if TYPE_CHECKING:
    from inkdigits.engine.engine import Engine

_Digits = Annotated[int | None, Query(ge=1, le=MAX_LENGTH, description="Digits, separators aside.")]

router = APIRouter(tags=["predict"])


@router.post("/numbers", response_model=NumberAnswer, responses=PROBLEMS, openapi_extra=BODY)
async def numbers(  # noqa: PLR0913, PLR0917  # FastAPI reads the query from the signature
    request: Request,
    length: _Digits = None,
    min_length: _Digits = None,
    max_length: _Digits = None,
    pattern: Annotated[
        str | None,
        Query(
            description="What is written: 9 for each digit, `. , - / : $` for themselves. "
            "Not together with a length.",
            examples=["99-99-9999"],
            max_length=2 * MAX_LENGTH,
        ),
    ] = None,
    model: ModelName = None,
) -> JSONResponse:
    """Read the handwritten number in a picture, or the numbers in its lines.

    What is expected of each line narrows the search: nothing else is answered.
    """
    engine: Engine = request.app.state.engine
    expected = expect(length, min_length, max_length, pattern)
    reader = engine.choose(model)
    prediction = await engine.predict_number(await read_upload(request), expected, model)
    return JSONResponse(number_fields(prediction, reader.model.card))
