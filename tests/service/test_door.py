from pathlib import Path

import pytest
from starlette.testclient import TestClient

from inkdigits.service.app import create_app
from inkdigits.service.door import host_of
from inkdigits.service.settings import Settings
from tests.tiny import png


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (b"Example.org:8000", "example.org"),
        (b"[::1]:8000", "::1"),
        (b"[::1", "::1"),
        (b"", ""),
        (b"\xff", "ÿ"),
    ],
)
def test_the_name_is_without_port_and_brackets(value: bytes, name: str) -> None:
    assert host_of({"headers": [(b"accept", b"x"), (b"host", value)]}) == name
    assert host_of({"headers": []}) == ""
    assert host_of({"headers": [(b"host", value), (b"host", b"other")]}) == ""


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("one.example", 200),
        ("ONE.example:8000", 200),
        ("a.two.example", 200),
        ("a.b.two.example", 200),
        ("two.example", 421),
        ("one.example.evil", 421),
        ("evil", 421),
        ("", 421),
    ],
)
def test_only_our_names_are_answered(tiny_model: Path, host: str, status: int) -> None:
    hosts = ("one.example", "*.two.example")
    app = create_app(Settings(models=(str(tiny_model),), allowed_hosts=hosts))
    client = TestClient(app)
    response = client.get("/models" if status == 421 else "/static/page.js", headers={"host": host})
    assert response.status_code == status
    assert client.get("/health/live", headers={"host": host}).status_code == 200


def test_any_name_will_do_without_a_list(client: TestClient) -> None:
    assert client.get("/models", headers={"host": "whatever"}).status_code == 200


def test_while_it_stops_nobody_comes_in_but_it_can_be_watched(tiny_model: Path) -> None:
    app = create_app(Settings(models=(str(tiny_model),)))
    with TestClient(app) as client:
        app.state.engine.drain()
        for response in (client.post("/predict", content=png("7")), client.get("/models")):
            assert (response.status_code, response.json()["code"]) == (503, "draining")
            assert response.headers["retry-after"] == "1"
            assert response.headers["connection"] == "close"
        assert client.get("/health/live").status_code == 200
        assert client.get("/health/ready").status_code == 503
        assert client.get("/metrics").status_code == 200


def test_pages_of_other_sites_are_let_in_when_named(tiny_model: Path, client: TestClient) -> None:
    origin = {"origin": "https://one.example"}
    assert "access-control-allow-origin" not in client.get("/models", headers=origin).headers
    chosen = Settings(models=(str(tiny_model),), allowed_origins=("https://one.example",))
    with TestClient(create_app(chosen)) as opened:
        allowed = opened.get("/models", headers=origin).headers["access-control-allow-origin"]
        assert allowed == "https://one.example"
        other = opened.get("/models", headers={"origin": "https://two.example"}).headers
        assert "access-control-allow-origin" not in other
