"""`Settings` in, a FastAPI application out: everything a server of digits is made of."""

import logging
import os
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from importlib.metadata import version

import anyio
from fastapi import Depends, FastAPI
from starlette.middleware.cors import CORSMiddleware

from inkdigits.engine.engine import Engine, EngineLimits
from inkdigits.reader import Reader
from inkdigits.service.access import Access
from inkdigits.service.cores import choose_threads
from inkdigits.service.description import describe_refusals
from inkdigits.service.door import Door
from inkdigits.service.headers import AnyHead
from inkdigits.service.limits import FORM_OVERHEAD_BYTES, BodyLimit, Bounds
from inkdigits.service.metrics import Metrics, keep_sampling
from inkdigits.service.problems import install_problems
from inkdigits.service.query import refuse_unknown
from inkdigits.service.readers import golden_faults, load_readers
from inkdigits.service.routes import (
    batch,
    explain,
    health,
    inference,
    metrics,
    models,
    numbers,
    page,
    predict,
)
from inkdigits.service.settings import Settings, read_settings
from inkdigits.service.watch import Watch

_log = logging.getLogger("inkdigits.service")
_HELD = 4
"""Bodies of the largest kind that a process holds at a time; of smaller ones, more."""
_FEATURES = ("explain", "numbers")
"""What can be asked for besides predictions: `GET /models` tells the page and clients."""
_ABOUT = """\
Send a picture of one handwritten digit, drawn, scanned or photographed, and get the digit
with a calibrated confidence, or an honest "not sure", "not a digit" or "nothing drawn".

    curl -F file=@seven.png http://127.0.0.1:8000/predict
"""


def create_app(
    settings: Settings | None = None, readers: Mapping[str, Reader] | None = None
) -> FastAPI:
    """Build the application. Models are loaded when it starts, not here.

    Args:
        settings: what to serve; by default what the environment says.
        readers: the settings' readers, where somebody has loaded them already.

    Returns:
        The application, ready for any ASGI server.

    Raises:
        SettingError: the environment holds a setting that cannot be used.
    """
    chosen = read_settings(os.environ) if settings is None else settings
    app = FastAPI(
        title="inkdigits",
        version=version("inkdigits"),
        description=_ABOUT,
        lifespan=_lifespan,
        generate_unique_id_function=lambda route: route.name,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,  # it would lead to whatever host the client has named
        telemetry={"metrics": False, "logs": False},  # `metrics.py` and `watch.py` do that
    )
    app.state.settings = chosen
    app.state.loaded = readers
    app.state.faults = []
    app.state.features = [*_FEATURES]
    app.state.metrics = Metrics()
    app.state.engine = _build_engine(chosen, app.state.metrics)
    install_problems(app)
    app.add_middleware(AnyHead)
    app.add_middleware(BodyLimit, bounds=_bounds(chosen))
    if chosen.api_keys:
        app.add_middleware(Access, settings=chosen)
    _open_to(app, chosen.allowed_origins)  # around Access: browsers ask first, without a key
    app.add_middleware(Door, engine=app.state.engine, hosts=chosen.allowed_hosts)
    inference.prepare(app)
    predict.install(app)
    asked = [room.router for room in (batch, numbers, explain, models, inference)]
    for router in asked:
        app.include_router(router, dependencies=[Depends(refuse_unknown)])
    free = [page.router, health.router, inference.health, metrics.router]
    for router in free:
        app.include_router(router)  # browsers and probes may ask with anything
    page.mount_static(app)
    routes = [*app.routes, *(route for router in (*asked, *free) for route in router.routes)]
    app.add_middleware(Watch, metrics=app.state.metrics, routes=routes)
    describe_refusals(app, chosen)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncGenerator[None]:
    readers = app.state.loaded or load_readers(app.state.settings)
    app.state.faults = golden_faults(readers)
    for fault in app.state.faults:
        _log.warning("%s; /health/ready will say so", fault)
    engine: Engine = app.state.engine
    engine.start()
    engine.readers = readers
    counts: Metrics = app.state.metrics
    counts.describe(app.version, [reader.model.card for reader in readers.values()])
    async with anyio.create_task_group() as beside:
        beside.start_soon(keep_sampling, counts, engine)
        yield
        beside.cancel_scope.cancel()
    engine.close()


def _build_engine(settings: Settings, counts: Metrics) -> Engine:
    limits = EngineLimits(
        threads=settings.threads or choose_threads(settings.workers),
        waiting=settings.max_waiting,
        waiting_large=max(1, settings.max_waiting // 16),
        request_s=settings.request_s,
    )
    return Engine(limits=limits, observe=counts.count_reading)


def _bounds(settings: Settings) -> Bounds:
    largest = max(settings.max_bytes + FORM_OVERHEAD_BYTES, settings.max_batch_bytes)
    return Bounds(
        max_bytes=settings.max_bytes,
        max_batch_bytes=settings.max_batch_bytes,
        max_held_bytes=_HELD * largest,
        body_s=settings.body_s,
    )


def _open_to(app: FastAPI, origins: tuple[str, ...]) -> None:
    """Let pages of other sites ask. Without this, browsers keep answers from them."""
    if origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=origins,
            allow_methods=["GET", "HEAD", "POST"],
            allow_headers=["Authorization", "Content-Type", "X-API-Key", "X-Request-ID"],
            expose_headers=["Retry-After", "X-Request-ID"],
        )
