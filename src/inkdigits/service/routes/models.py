"""`GET /models`: the cards of the models that answer here, and what the server can do."""

from fastapi import APIRouter, Request

from inkdigits.decision.prediction import ModelName
from inkdigits.service.schemas import REFUSED, ModelsBody

router = APIRouter(tags=["models"])


@router.get("/models", responses=REFUSED)
async def list_models(request: Request) -> ModelsBody:
    """List the models, the default one first, with what is known of each."""
    readers = list(request.app.state.engine.readers.values())
    cards, line = [reader.model.card for reader in readers], readers[0].numbers.line.card
    return ModelsBody(
        default=cards[0].name,
        features=request.app.state.features,
        models=cards,
        line_reader=ModelName(line.name, line.version),
    )
