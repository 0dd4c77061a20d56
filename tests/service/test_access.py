from pathlib import Path

import pytest
from fastapi import FastAPI, Request
from starlette.testclient import TestClient

from inkdigits.service.access import KEY_NUMBER, Access, is_open
from inkdigits.service.app import create_app
from inkdigits.service.settings import Settings
from inkdigits.service.shared import VARIABLE

KEYS = ("the-first-key-of-all", "the-second-key-of-all")


def _client(settings: Settings, clock: list[float] | None = None) -> TestClient:
    app = FastAPI()
    app.add_middleware(Access, settings=settings, clock=lambda: clock[0] if clock else 0.0)

    @app.get("/models")
    async def models(request: Request) -> int:
        return int(request.scope.get(KEY_NUMBER, 0))

    @app.get("/health/live")
    async def live() -> str:
        return "live"

    return TestClient(app)


def _with(key: str) -> dict[str, str]:
    return {"x-api-key": key}


def test_without_keys_everybody_may_ask(tiny_model: Path) -> None:
    settings = Settings(models=(str(tiny_model),), key_requests_per_s=1, key_burst=1)
    with TestClient(create_app(settings)) as client:
        assert [client.get("/models").status_code for _ in range(5)] == [200] * 5


@pytest.mark.parametrize(
    "headers",
    [
        {"authorization": f"Bearer {KEYS[1]}"},
        {"authorization": f"bearer   {KEYS[1]}"},
        {"x-api-key": KEYS[1]},
        {"authorization": "Basic eDp5", "x-api-key": KEYS[1]},
        {"authorization": "Bearer of-a-proxy", "x-api-key": KEYS[1]},
    ],
)
def test_a_key_is_shown_in_either_header(headers: dict[str, str]) -> None:
    assert _client(Settings(api_keys=KEYS)).get("/models", headers=headers).json() == 2


@pytest.mark.parametrize(
    ("headers", "found"),
    [
        ({}, "shows no key"),
        ({"authorization": KEYS[0]}, "shows no key"),
        ({"x-api-key": KEYS[0][:-1]}, "none of those"),
        ({"x-api-key": ""}, "none of those"),
        ({"authorization": "Bearer"}, "shows no key"),
        ({"authorization": f"Bearer {KEYS[0]}", "x-api-key": "other"}, "none of those"),
    ],
)
def test_who_shows_no_known_key_is_told_how(headers: dict[str, str], found: str) -> None:
    answer = _client(Settings(api_keys=KEYS)).get("/models", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (401, "unauthorized")
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert answer.headers["content-type"] == "application/problem+json"
    assert found in answer.json()["found"]
    assert "X-API-Key" in answer.json()["allowed"][0]
    assert KEYS[0][:-1] not in answer.text


def test_each_key_has_its_rate_and_is_told_when_to_come_back() -> None:
    clock = [50.0]
    client = _client(Settings(api_keys=KEYS, key_requests_per_s=2, key_burst=2), clock)
    first = [client.get("/models", headers=_with(KEYS[0])) for _ in range(3)]
    assert [answer.status_code for answer in first] == [200, 200, 429]
    assert (first[2].headers["retry-after"], first[2].json()["code"]) == ("1", "too-many-requests")
    assert client.get("/models", headers=_with(KEYS[1])).status_code == 200
    clock[0] += 0.5
    assert client.get("/models", headers=_with(KEYS[0])).status_code == 200


def test_workers_count_together(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    settings = Settings(api_keys=KEYS, key_requests_per_s=1, key_burst=2)
    workers = [_client(settings, [9.0]) for _ in range(3)]
    answers = [worker.get("/models", headers=_with(KEYS[0])).status_code for worker in workers]
    assert answers == [200, 200, 429]


def test_wrong_keys_take_nothing_from_right_ones() -> None:
    client = _client(Settings(api_keys=KEYS, key_requests_per_s=1, key_burst=1))
    for _ in range(5):
        assert client.get("/models", headers=_with("no-key-that-is-known")).status_code == 401
    assert client.get("/models", headers=_with(KEYS[0])).status_code == 200


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/", True),
        ("/docs", True),
        ("/openapi.json", True),
        ("/static/page.js", True),
        ("/health/ready", True),
        ("/v2/health/live", True),
        ("/predict", False),
        ("/predict/batch", False),
        ("/models", False),
        ("/metrics", False),
        ("/v2/models/digits/infer", False),
        ("/v2", False),
        ("/static", False),
        ("//predict", False),
        ("", False),
    ],
)
def test_only_health_and_the_page_are_open(path: str, *, expected: bool) -> None:
    assert is_open(path) is expected


def test_the_whole_service_is_locked_but_for_what_is_open(tiny_model: Path) -> None:
    app = create_app(Settings(models=(str(tiny_model),), api_keys=KEYS))
    with TestClient(app, raise_server_exceptions=False) as client:
        for path in ("/predict", "/models", "/metrics", "/nowhere", "/static/../models"):
            answer = client.get(path)
            assert (answer.status_code, answer.headers["x-content-type-options"]) == (
                401,
                "nosniff",
            )
        for path in ("/", "/docs", "/health/live", "/health/ready", "/static/page.js"):
            assert client.get(path).status_code == 200
        assert client.get("/models", headers=_with(KEYS[0])).status_code == 200


def test_browsers_may_ask_first_whether_they_may_ask(tiny_model: Path) -> None:
    origin = "https://example.org"
    settings = Settings(models=(str(tiny_model),), api_keys=KEYS, allowed_origins=(origin,))
    with TestClient(create_app(settings)) as client:
        asked = {
            "origin": origin,
            "access-control-request-method": "POST",
            "access-control-request-headers": "x-api-key",
        }
        assert client.options("/predict", headers=asked).status_code == 200
        refused = client.get("/models", headers={"origin": origin})
    assert refused.status_code == 401
    assert refused.headers["access-control-allow-origin"] == origin
