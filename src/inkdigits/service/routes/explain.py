"""`POST /explain`: a picture in, the digit and everything that led to it out."""

from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse

from inkdigits.decision.expected import expect
from inkdigits.explanation import CLASSIC, explain
from inkdigits.service.explain_answer import explanation_fields
from inkdigits.service.leaving import unless_left
from inkdigits.service.query import Allowed, ModelName, PageNumber, Part, name_page
from inkdigits.service.routes.predict import BODY
from inkdigits.service.schemas import PROBLEMS
from inkdigits.service.schemas_explain import ExplanationBody
from inkdigits.service.uploads import read_upload

if TYPE_CHECKING:
    from inkdigits.budget import Budget
    from inkdigits.engine.engine import Engine
    from inkdigits.reader import Reader

router = APIRouter(tags=["predict"])


@router.post(
    "/explain",
    response_model=ExplanationBody,
    responses=PROBLEMS,
    openapi_extra=BODY,
    operation_id="explain",
)
async def explain_prediction(
    request: Request,
    allowed: Allowed = None,
    box: Part = None,
    page: PageNumber = None,
    model: ModelName = None,
) -> JSONResponse:
    """Read the one handwritten digit in a picture, and show why.

    The same prediction as `POST /predict`, and how it came about: what was taken for ink, the
    glyph that was cut out, the sample that the model read, which ink carried the decision, and
    how the classic system reads the same picture. Costs as much as a hundred predictions.
    """
    engine: Engine = request.app.state.engine
    engine.choose(model)
    expected = expect(allowed=allowed, box=box)
    picture, classic = name_page(await read_upload(request), page), engine.readers.get(CLASSIC)

    def work(reader: "Reader", budget: "Budget") -> dict[str, Any]:
        return explanation_fields(explain(picture, reader, classic, budget, expected))

    return JSONResponse(await unless_left(request, engine.run(work, model)))
