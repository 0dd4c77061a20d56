"""`GET /metrics`: for Prometheus, and whatever else reads its format."""

from functools import partial

from anyio import to_thread
from fastapi import APIRouter, Request
from starlette.responses import Response

router = APIRouter(include_in_schema=False)


@router.get("/metrics")
async def metrics(request: Request) -> Response:
    """Write the metrics of all workers; in a thread, for it may read the files of many."""
    write = partial(request.app.state.metrics.write, request.headers.get("accept", ""))
    text, content_type = await to_thread.run_sync(write)
    return Response(text, media_type=content_type)
