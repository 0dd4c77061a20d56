"""`GET /` and `/docs`: the page with its upload form, and the API's description.

Nothing on either is fetched from elsewhere: Swagger UI comes from `fastapi-offline`.
"""

from importlib.resources import files
from pathlib import Path

from fastapi import APIRouter, FastAPI
from starlette.responses import FileResponse
from starlette.staticfiles import StaticFiles

from inkdigits.service.headers import DOCS_POLICY

STATIC = Path(str(files("inkdigits.service"))) / "static"

router = APIRouter(include_in_schema=False)


@router.get("/")
async def page() -> FileResponse:
    """Show the page."""
    return FileResponse(STATIC / "index.html")


@router.get("/docs")
async def docs() -> FileResponse:
    """Show the API, to be tried out."""
    return FileResponse(STATIC / "docs.html", headers={"Content-Security-Policy": DOCS_POLICY})


def mount_static(app: FastAPI) -> None:
    """Serve the page's own files and Swagger UI's."""
    swagger = Path(str(files("fastapi_offline"))) / "static"
    app.mount("/static/swagger", StaticFiles(directory=swagger), name="swagger")
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
