"""`GET /health/live` and `/health/ready`: for whatever watches over the server."""

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException

from inkdigits.service.schemas import HealthBody
from inkdigits.service.schemas_inference import UNREADY

router = APIRouter(prefix="/health", tags=["health"])


@router.get("/live")
async def live() -> HealthBody:
    """Answer as long as the process does."""
    return HealthBody(status="live")


@router.get("/ready", responses=UNREADY)
async def ready(request: Request) -> HealthBody:
    """Answer 200 while the models are loaded, warm, right on the golden picture, and served."""
    state = request.app.state
    if state.engine.state == "starting":
        raise HTTPException(503, "the models are not loaded yet")
    if state.engine.state == "draining":
        raise HTTPException(503, "this server is about to stop")
    if state.faults:
        raise HTTPException(503, "; ".join(state.faults))
    return HealthBody(status="ready")
