"""`/v2`: the Open Inference Protocol, for clients that exist already, such as tritonclient."""

import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import version
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

from fastapi import APIRouter, Depends, FastAPI, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from inkdigits.engine.engine import QUICK_SAMPLES
from inkdigits.errors import InkdigitsError, ModelNotFound
from inkdigits.model.card import Card
from inkdigits.service.infer_answer import Read, write_answer
from inkdigits.service.infer_models import (
    ALIAS,
    EXTENSIONS,
    LENGTH_HEADER,
    NUMBERS,
    IndexEntry,
    ModelMetadata,
    model_config,
    model_metadata,
)
from inkdigits.service.infer_request import InferRequest, json_bytes, read_request
from inkdigits.service.inflate import inflate
from inkdigits.service.leaving import unless_left
from inkdigits.service.limits import FORM_OVERHEAD_BYTES
from inkdigits.service.problems import problem_of
from inkdigits.service.schemas import REFUSED
from inkdigits.service.schemas_inference import (
    FIXED,
    INFER,
    INFER_BODY,
    UNKNOWN,
    UNREADY,
    VERSIONED,
    ModelHealth,
    Name,
    ServerBody,
    ServerHealth,
)
from inkdigits.service.statistics import Tally, model_stats
from inkdigits.service.uploads import QUICK_BYTES, read_body

if TYPE_CHECKING:
    from inkdigits.engine.engine import Engine

router = APIRouter(
    prefix="/v2",
    tags=["open inference protocol"],
    responses=REFUSED,
    generate_unique_id_function=lambda at: f"v2_{at.name}" + "_version" * ("{version}" in at.path),
)
health = APIRouter(prefix="/v2/health", tags=router.tags)
"""Asked by probes, which may ask for anything."""


def prepare(app: FastAPI) -> None:
    """Give an application what these addresses keep: their counts."""
    app.state.tallies = defaultdict[str, Tally](Tally)  # by the name on a model's card


@router.get("")
async def server() -> ServerBody:
    """Say which server this is."""
    return ServerBody(name="inkdigits", version=version("inkdigits"), extensions=[*EXTENSIONS])


@health.get("/live", operation_id="v2_live")
async def server_live(request: Request) -> ServerHealth:
    """Answer as long as the process does."""
    return ServerHealth(live=True, ready=_is_ready(request))


@health.get("/ready", operation_id="v2_ready", responses=UNREADY)
async def server_ready(request: Request) -> ServerHealth:
    """Answer 200 when `/health/ready` does."""
    _require_ready(request)
    return ServerHealth(live=True, ready=True)


@router.get("/models/stats")
async def all_stats(request: Request) -> dict[str, Any]:
    """Count what was inferred by this protocol, of each model."""
    return _stats(request, _cards(request))


async def find_model(request: Request, name: Name) -> tuple[str, Card]:
    """Find the model that an address names, by the name that it is called there."""
    wanted, cards = request.path_params.get("version"), _cards(request)
    if name not in cards:
        raise ModelNotFound(name, "this server has no such model", f"one of {', '.join(cards)}")
    if wanted not in (None, cards[name].version):
        found = f"this server has no version {wanted!r} of it"
        raise ModelNotFound(name, found, f"version {cards[name].version}")
    return name, cards[name]


Found = Annotated[tuple[str, Card], Depends(find_model)]
Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])


def _of_one_model(path: str, **described: Any) -> Callable[[Endpoint], Endpoint]:
    """Add what is asked of one model. Whole paths: metrics and the log tell routes by them."""

    def add(endpoint: Endpoint) -> Endpoint:
        for prefix, more in (("", []), ("/versions/{version}", VERSIONED)):
            whole = f"/models/{{name}}{prefix}{path}"
            router.add_api_route(whole, endpoint, dependencies=more, **described)
        return endpoint

    return add


@_of_one_model("", responses=UNKNOWN)
async def metadata(found: Found) -> ModelMetadata:
    """Say what a model takes and gives."""
    return model_metadata(*found)


@_of_one_model("/ready", responses={**UNKNOWN, **UNREADY})
async def model_ready(request: Request, found: Found) -> ModelHealth:
    """Answer 200 when the model can be used."""
    _require_ready(request)
    return ModelHealth(name=found[0], ready=True)


@_of_one_model("/config", responses=UNKNOWN)
async def config(found: Found) -> dict[str, Any]:
    """Describe a model as Triton would configure it."""
    return model_config(*found)


@_of_one_model("/stats", responses=UNKNOWN)
async def stats(request: Request, found: Found) -> dict[str, Any]:
    """Count what was inferred by this protocol."""
    return _stats(request, dict([found]))


@_of_one_model("/infer", methods=["POST"], responses=INFER, openapi_extra=INFER_BODY)
async def infer(request: Request, found: Found) -> Response:
    """Read the digits of pictures or samples, one each."""
    name, card = found
    tally: Tally = request.app.state.tallies[card.name]
    body = await read_body(request)
    start_ns = time.perf_counter_ns()
    try:
        asked = await _take_apart(request, body, name)
        reading = _read(request.app.state.engine, asked, (name, card))
        quick = asked.samples is not None and len(asked.samples) <= QUICK_SAMPLES
        results = await (reading if quick else unless_left(request, reading))
    except InkdigitsError:
        tally.count(0, time.perf_counter_ns() - start_ns)
        raise
    read = [result for result in results if not isinstance(result, InkdigitsError)]
    whole = len(read) == len(results)
    tally.count(len(read) if whole else 0, time.perf_counter_ns() - start_ns)
    if not whole:
        return _first_problem(results)
    return write_answer(asked, read, (name, card.version))


@router.post("/repository/index")
async def index(request: Request) -> list[IndexEntry]:
    """List the models."""
    state = "READY" if _is_ready(request) else "UNAVAILABLE"
    return [
        IndexEntry(name=name, version=card.version, state=state, reason="")
        for name, card in _cards(request).items()
    ]


@router.post("/repository/models/{name}/load", responses=FIXED, status_code=403, name="load")
@router.post("/repository/models/{name}/unload", responses=FIXED, status_code=403, name="unload")
async def change(name: Name) -> None:
    """Refuse: the models of a server are chosen when it starts."""
    raise HTTPException(403, f"{name}: models are chosen when the server starts, not by clients")


async def _take_apart(request: Request, body: bytes, model: str) -> InferRequest:
    coding = request.headers.get("content-encoding", "")
    length = request.headers.get(LENGTH_HEADER)
    state = request.app.state
    most = state.settings.max_bytes + FORM_OVERHEAD_BYTES

    def work() -> InferRequest:
        return read_request(inflate(body, coding, most), length, model)

    if not coding and json_bytes(body, length) <= QUICK_BYTES:
        return work()
    engine: Engine = state.engine
    return await engine.unpack(work)


async def _read(
    engine: "Engine", asked: InferRequest, model: tuple[str, Card]
) -> Sequence[Read | InkdigitsError]:
    name, card = model
    if name == NUMBERS:
        return await engine.predict_numbers(asked.pictures, model=card.name)
    if asked.samples is not None:
        return await engine.predict_samples(asked.samples, card.name)
    if len(asked.pictures) == 1:
        return [await engine.predict_digit(asked.pictures[0], card.name)]
    return await engine.predict_batch(asked.pictures, card.name)


def _first_problem(results: Sequence[Read | InkdigitsError]) -> Response:
    faults = ((at, one) for at, one in enumerate(results) if isinstance(one, InkdigitsError))
    at, error = next(faults)
    return problem_of(error, at)


def _cards(request: Request) -> dict[str, Card]:
    """Name each model; the default one has two more names: for digits, and for numbers."""
    engine: Engine = request.app.state.engine
    cards = {reader.model.card.name: reader.model.card for reader in engine.readers.values()}
    return dict.fromkeys((ALIAS, NUMBERS), next(iter(cards.values()))) | cards if cards else {}


def _stats(request: Request, cards: Mapping[str, Card]) -> dict[str, Any]:
    tallies = request.app.state.tallies
    each = [model_stats(name, card, tallies[card.name]) for name, card in cards.items()]
    return {"model_stats": each}


def _is_ready(request: Request) -> bool:
    state = request.app.state
    return state.engine.state == "ready" and not state.faults


def _require_ready(request: Request) -> None:
    if not _is_ready(request):
        raise HTTPException(503, "not ready: starting, draining, or a model is at fault")
