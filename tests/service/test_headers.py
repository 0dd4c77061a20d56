from pathlib import Path

import pytest
from starlette.testclient import TestClient

from inkdigits.service.app import create_app
from inkdigits.service.headers import DOCS_POLICY, NOT_KEPT, OVER_TLS, PAGE_POLICY, SAFE, make_safe
from inkdigits.service.settings import Settings


@pytest.mark.parametrize(
    ("method", "address"),
    [
        ("GET", "/"),
        ("GET", "/models"),
        ("GET", "/metrics"),
        ("GET", "/nowhere"),
        ("GET", "/static/page.js"),
        ("DELETE", "/predict"),
        ("POST", "/predict"),
        ("OPTIONS", "/models"),
    ],
)
def test_every_response_is_safe(client: TestClient, method: str, address: str) -> None:
    headers = client.request(method, address).headers
    assert {name: headers[name] for name in SAFE} == SAFE


def test_a_failure_that_nobody_foresaw_is_safe_too(tiny_model: Path) -> None:
    app = create_app(Settings(models=(str(tiny_model),)))

    @app.get("/broken")
    async def broken() -> int:
        return 1 // 0

    with TestClient(app, raise_server_exceptions=False) as client:
        answer = client.get("/broken")
    assert answer.status_code == 500
    assert {name: answer.headers[name] for name in SAFE} == SAFE
    assert answer.headers["x-request-id"]


def test_a_policy_of_its_own_stays(client: TestClient) -> None:
    policy = client.get("/docs").headers.get_list("content-security-policy")
    assert policy == [DOCS_POLICY]


@pytest.mark.parametrize("policy", [PAGE_POLICY, DOCS_POLICY])
def test_no_policy_lets_scripts_or_requests_out(policy: str) -> None:
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == "'none'"
    assert rules["script-src"] == rules["connect-src"] == "'self'"
    assert "http" not in policy


def test_answers_are_not_kept_but_files_may_be(client: TestClient) -> None:
    name, value = NOT_KEPT
    assert client.get("/models").headers[name] == value
    assert client.post("/predict", content=b"").headers[name] == value
    assert name not in client.get("/static/page.js").headers


def test_over_tls_browsers_are_told_to_stay_there() -> None:
    secure = dict(make_safe([], "https"))
    assert secure[OVER_TLS[0].encode()] == OVER_TLS[1].encode()
    assert OVER_TLS[0].encode() not in dict(make_safe([], "http"))


def test_what_is_set_already_stays_as_it_is() -> None:
    own = [(b"x-frame-options", b"SAMEORIGIN"), (b"cache-control", b"max-age=5")]
    found = make_safe(own, "http")
    assert [pair for pair in found if pair[0] in dict(own)] == own
