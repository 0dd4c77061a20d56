"""`POST /explain`: a picture in, the digit and everything that led to it out."""

from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse

from inkdigits import explanation
from inkdigits.decision.expected import expect
from inkdigits.service.explain_answer import explanation_fields
from inkdigits.service.leaving import unless_left
from inkdigits.service.query import Allowed, KnownModel, PageNumber, Part, name_page
from inkdigits.service.routes.predict import BODY
from inkdigits.service.schemas import PROBLEMS
from inkdigits.service.schemas_explain import ExplanationBody
from inkdigits.service.uploads import read_upload

if TYPE_CHECKING:
    from inkdigits.budget import Budget
    from inkdigits.engine.engine import Engine
    from inkdigits.reader import Reader

router = APIRouter(tags=["predict"])


@router.post("/explain", response_model=ExplanationBody, responses=PROBLEMS, openapi_extra=BODY)
async def explain(
    request: Request,
    model: KnownModel,
    allowed: Allowed = None,
    box: Part = None,
    page: PageNumber = None,
) -> JSONResponse:
    """Read the one handwritten digit in a picture, and show why.

    The same prediction as `POST /predict`, and how it came about: what was taken for ink, the
    glyph that was cut out, the sample that the model read, which ink carried the decision, and
    how the classic system reads the same picture. Costs as much as a hundred predictions.
    """
    engine: Engine = request.app.state.engine
    expected = expect(allowed=allowed, box=box)
    picture, classic = (
        name_page(await read_upload(request), page),
        engine.readers.get(explanation.CLASSIC),
    )

    def work(reader: "Reader", budget: "Budget") -> dict[str, Any]:
        explained = explanation.explain(picture, reader, classic, budget, expected)
        return explanation_fields(explained)

    return JSONResponse(await unless_left(request, engine.run(work, model)))
