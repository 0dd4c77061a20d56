"""`GET /models`: the cards of the models that answer here, and what the server can do."""

from typing import Any

from fastapi import APIRouter, Request

from inkdigits.service.answers import card_fields, name_fields
from inkdigits.service.schemas import REFUSED, ModelsBody

router = APIRouter(tags=["models"])


@router.get("/models", response_model=ModelsBody, responses=REFUSED)
async def list_models(request: Request) -> dict[str, Any]:
    """List the models, the default one first, with what is known of each."""
    readers = request.app.state.engine.readers
    cards = [card_fields(reader.model.card) for reader in readers.values()]
    return {
        "default": cards[0]["name"],
        "features": request.app.state.features,
        "models": cards,
        "line_reader": name_fields(next(iter(readers.values())).numbers.line.card),
    }
