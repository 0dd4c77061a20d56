import asyncio
import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.responses import StreamingResponse
from starlette.testclient import TestClient

from inkdigits.service.app import create_app
from inkdigits.service.logs import JsonLines
from inkdigits.service.metrics import Metrics
from inkdigits.service.problems import install_problems
from inkdigits.service.request_id import current_id
from inkdigits.service.settings import Settings
from inkdigits.service.watch import Watch
from tests.tiny import png

from .test_metrics import values


class Lines(logging.Handler):
    """Keeps what is logged, as JSON."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[dict[str, Any]] = []
        self.setFormatter(JsonLines())

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(json.loads(self.format(record)))

    def answered(self) -> list[dict[str, Any]]:
        return [line for line in self.lines if line["logger"] == "inkdigits.access"]


@pytest.fixture
def log() -> Iterator[Lines]:
    logger, lines = logging.getLogger("inkdigits"), Lines()
    before = logger.level
    logger.setLevel(logging.DEBUG)
    logger.addHandler(lines)
    yield lines
    logger.removeHandler(lines)
    logger.setLevel(before)


@pytest.fixture
def app() -> FastAPI:
    app = FastAPI()
    app.state.metrics = Metrics()
    install_problems(app)
    app.add_middleware(Watch, metrics=app.state.metrics)

    @app.get("/items/{name}")
    async def items(name: str) -> str:
        if name == "broken":
            raise ZeroDivisionError(name)
        if name == "short":
            raise MemoryError
        return current_id.get()

    @app.get("/half")
    async def half() -> StreamingResponse:
        def parts() -> Iterator[bytes]:
            yield b"one"
            raise ZeroDivisionError

        return StreamingResponse(parts())

    return app


@pytest.fixture
def asked(app: FastAPI) -> TestClient:
    return TestClient(app, raise_server_exceptions=False)


def _requests(app: FastAPI) -> set[str]:
    text = app.state.metrics.write("")[0].decode()
    return {name for name in values(text) if name.startswith("requests_total")}


def test_the_id_that_came_in_goes_out_and_is_known_inside(asked: TestClient) -> None:
    answer = asked.get("/items/x", headers={"x-request-id": "mine-1"})
    assert (answer.headers["x-request-id"], answer.json()) == ("mine-1", "mine-1")
    assert len(asked.get("/items/x", headers={"x-request-id": "a b"}).headers["x-request-id"]) == 32


def test_routes_are_counted_by_their_template(app: FastAPI, asked: TestClient) -> None:
    for name in ("x", "y", "z"):
        asked.get(f"/items/{name}")
        asked.request("BREW", f"/{name}")
    assert _requests(app) == {
        "requests_total code= method=GET route=/items/{name} status=200",
        "requests_total code=not-found method=other route=unknown status=404",
    }


def test_a_failure_is_a_problem_with_an_id_and_the_log_knows_more(
    app: FastAPI, asked: TestClient, log: Lines
) -> None:
    answer = asked.get("/items/broken", headers={"x-request-id": "mine-2"})
    assert (answer.status_code, answer.json()["code"]) == (500, "inkdigits-error")
    assert answer.headers["x-request-id"] == "mine-2"
    assert "ZeroDivision" not in answer.text
    failed, answered = log.lines
    assert (failed["request_id"], answered["request_id"]) == ("mine-2", "mine-2")
    assert "ZeroDivisionError: broken" in failed["trace"]
    assert (answered["level"], answered["code"]) == ("warning", "inkdigits-error")
    code = "inkdigits-error"
    assert _requests(app) == {
        f"requests_total code={code} method=GET route=/items/{{name}} status=500"
    }


def test_a_machine_that_is_short_is_no_failure_but_overloaded(
    asked: TestClient, log: Lines
) -> None:
    answer = asked.get("/items/short")
    assert (answer.status_code, answer.json()["code"]) == (503, "overloaded")
    assert answer.headers["retry-after"] == "1"
    assert [line["code"] for line in log.lines] == ["overloaded"]  # and no trace


def test_what_is_refused_before_the_router_has_its_route_too(tiny_model: Path, log: Lines) -> None:
    settings = Settings(models=(str(tiny_model),), max_bytes=1024, api_keys=("k" * 16,))
    key = {"x-api-key": "k" * 16}
    with TestClient(create_app(settings)) as client:
        client.post("/predict", content=bytes(100_000), headers=key)
        client.post("/predict?model=cnn")
        client.get("/predict", headers=key)
        client.get("/v2/models/some-name", headers={})
        client.get("/nowhere", headers=key)
    assert [(line["route"], line["status"]) for line in log.answered()] == [
        ("/predict", 413),
        ("/predict", 401),
        ("/predict", 405),
        ("/v2/models/{name}", 401),
        ("unknown", 404),
    ]


def test_an_answer_that_breaks_off_is_not_made_whole(asked: TestClient, log: Lines) -> None:
    assert asked.get("/half").content != b""
    assert log.answered()[0]["status"] == 200


def test_a_request_is_one_line_without_what_the_client_made_up(
    asked: TestClient, log: Lines
) -> None:
    asked.get("/items/jane.doe@example.org?secret=1", headers={"x-request-id": "mine-3"})
    asked.get("/people/jane.doe@example.org")
    assert "example" not in json.dumps(log.lines)
    assert "secret" not in json.dumps(log.lines)
    first, second = log.answered()
    assert first.items() >= {"request_id": "mine-3", "status": 200, "method": "GET"}.items()
    assert (first["route"], second["route"]) == ("/items/{name}", "unknown")
    assert first["ms"] >= 0


@pytest.mark.parametrize(
    ("path", "route", "level"),
    [
        ("/", "/", "info"),
        ("/models", "/models", "info"),
        ("/openapi.json", "/openapi.json", "info"),
        ("/health/live", "/health/live", "debug"),
        ("/metrics", "/metrics", "debug"),
        ("/static/page.js", "/static", "debug"),
        ("/static/swagger/nothing", "/static/swagger", "debug"),
    ],
)
def test_every_address_of_the_service_has_its_route(
    client: TestClient, log: Lines, path: str, route: str, level: str
) -> None:
    client.get(path)
    [line] = log.answered()
    assert (line["route"], line["level"]) == (route, level)


def test_the_log_says_which_key_asked_but_no_key_and_no_content(
    tiny_model: Path, log: Lines
) -> None:
    keys = ("the-first-key-of-all", "the-second-key-of-all")
    app = create_app(Settings(models=(str(tiny_model),), api_keys=keys))
    with TestClient(app) as client:
        client.post("/predict", content=png("7"), headers={"x-api-key": keys[1]})
        client.post("/predict", content=b"GIF89a-private", headers={"x-api-key": keys[1]})
        client.post("/predict", content=png("7"), headers={"x-api-key": "no-key-of-this-server"})
    assert [line.get("key") for line in log.answered()] == [2, 2, None]
    assert [line["status"] for line in log.answered()] == [200, 415, 401]
    text = json.dumps(log.lines)
    assert not any(word in text for word in ("private", "key-of", "GIF", "PNG"))


def test_those_answered_together_are_each_counted_and_logged_with_their_own_id(
    app: FastAPI, log: Lines
) -> None:
    count, both = 20, asyncio.Event()

    @app.get("/wait")
    async def wait() -> None:
        await both.wait()

    async def ask(number: int) -> None:
        scope = {"type": "http", "method": "GET", "path": "/wait", "headers": []}
        scope |= {"query_string": b"", "root_path": "", "scheme": "http", "server": ("a", 1)}
        scope["headers"] = [(b"x-request-id", b"number-%d" % number)]

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(_: Any) -> None:
            pass

        await app(scope, receive, send)

    async def main() -> None:
        asked = [asyncio.create_task(ask(number)) for number in range(count)]
        await asyncio.sleep(0.05)
        assert not log.answered()
        both.set()
        await asyncio.gather(*asked[:-1])
        await asked[-1]

    asyncio.run(main())
    assert {line["request_id"] for line in log.answered()} == {
        f"number-{number}" for number in range(count)
    }
    assert len(log.answered()) == count
    counted = values(app.state.metrics.write("")[0].decode())
    waited = [value for name, value in counted.items() if name.startswith("requests_total")]
    assert waited == [count]
