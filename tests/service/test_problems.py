import json
from collections.abc import Iterator
from typing import Any

import anyio
import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from inkdigits import errors
from inkdigits.errors import InkdigitsError
from inkdigits.service.problems import (
    CODE_KEY,
    MEDIA_TYPE,
    PROBLEMS,
    install_problems,
    problem_fields,
    problem_of,
)


def _tree(root: type[InkdigitsError]) -> Iterator[type[InkdigitsError]]:
    yield root
    for child in root.__subclasses__():
        yield from _tree(child)


@pytest.mark.parametrize("error", sorted(_tree(InkdigitsError), key=str), ids=lambda e: e.__name__)
def test_every_error_of_the_tree_has_its_row(error: type[InkdigitsError]) -> None:
    assert error in PROBLEMS, f"{error.__name__} has no row in service/problems.py"


def test_a_problem_says_what_was_found_and_what_is_allowed() -> None:
    response = problem_of(errors.ImageTooLarge("size in bytes", 9, 8))
    assert response.status_code == 413
    assert response.headers["content-type"] == "application/problem+json"
    assert json.loads(bytes(response.body)) == {
        "type": "urn:inkdigits:problem:image-too-large",
        "title": "Picture too large",
        "status": 413,
        "code": "image-too-large",
        "detail": "the picture's size in bytes is 9; allowed are at most 8",
        "found": "9",
        "allowed": ["8"],
    }


def test_a_problem_without_measures_has_none() -> None:
    body = json.loads(bytes(problem_of(errors.BlankImage()).body))
    assert body.keys() == {"type", "title", "status", "code", "detail"}


def test_a_failure_of_the_server_tells_no_path() -> None:
    error = errors.BrokenModel("/srv/secret.onnx", "damaged", "a model")
    response = problem_of(error)
    assert response.status_code == 500
    assert b"broken-model" in response.body
    assert b"secret" not in response.body


def test_a_refusal_says_how_to_come_in_and_when() -> None:
    who = problem_of(errors.Unauthorized("no key", "a key"))
    assert (who.status_code, who.headers["www-authenticate"]) == (401, 'Bearer realm="inkdigits"')
    late = problem_of(errors.TooManyRequests(1.2))
    assert (late.status_code, late.headers["retry-after"]) == (429, "2")
    assert problem_of(errors.TooManyRequests(0.01)).headers["retry-after"] == "1"


def test_of_several_pictures_a_problem_says_which() -> None:
    body = json.loads(bytes(problem_of(errors.BlankImage(), index=3).body))
    assert body["index"] == 3
    assert body["detail"] == f"picture 3: {errors.BlankImage()}"
    assert json.loads(bytes(problem_of(errors.BrokenModel("", "", ""), 0).body))["index"] == 0


@pytest.mark.parametrize("address", ["/v2", "/v2/models/x", "/behind/a/proxy/v2/health"])
def test_below_v2_a_problem_is_an_error_of_the_protocol_too(
    client: TestClient, address: str
) -> None:
    response = client.get(address)
    assert (response.status_code, response.headers["content-type"]) == (404, MEDIA_TYPE)
    assert response.json()["error"] == response.json()["detail"]
    assert "error" not in client.get("/v21").json()


def test_what_a_client_sent_may_hold_lone_surrogates() -> None:
    assert rb"\ud800" in problem_of(errors.UploadError("\ud800", ("a file",))).body


@pytest.fixture
def client() -> TestClient:
    app = FastAPI()
    install_problems(app)

    @app.get("/number")
    async def number(value: int) -> int:
        return 1 // value

    return TestClient(app, raise_server_exceptions=False)


@pytest.mark.parametrize(
    ("method", "address", "status", "code"),
    [
        ("GET", "/nowhere", 404, "not-found"),
        ("DELETE", "/number", 405, "method-not-allowed"),
        ("GET", "/number?value=x", 422, "bad-request"),
        ("GET", "/number?value=0", 500, "inkdigits-error"),
    ],
)
def test_other_failures_are_problems_too(
    client: TestClient, method: str, address: str, status: int, code: str
) -> None:
    response = client.request(method, address)
    assert (response.status_code, response.headers["content-type"]) == (status, MEDIA_TYPE)
    assert response.json()["code"] == code
    assert response.json()["status"] == status
    assert "ZeroDivision" not in response.text


def test_the_code_is_left_for_the_log() -> None:
    scope: dict[str, Any] = {"type": "http"}

    async def send(_: Any) -> None:
        pass

    anyio.run(problem_of(errors.BlankImage()), scope, None, send)
    assert scope[CODE_KEY] == "blank-image"


def test_a_refused_method_says_which_are_allowed(client: TestClient) -> None:
    assert client.delete("/number").headers["allow"] == "GET, HEAD"


def test_a_fault_of_validation_names_its_place(client: TestClient) -> None:
    assert "query.value" in client.get("/number?value=x").json()["detail"]


def test_found_is_a_text_and_allowed_a_list_of_texts_whatever_they_were() -> None:
    given = [
        (errors.ImageTooLarge("proportions", 41.666666, 40.0), "41.666666", ["40"]),
        (
            errors.ImageTooLarge("number of pixels", 31_363_200, 25_000_000),
            "31363200",
            ["25000000"],
        ),
        (errors.UnsupportedImage("text", ("PNG", "JPEG")), "text", ["PNG", "JPEG"]),
        (errors.Mismatch("a", "b, c"), "a", ["b, c"]),
        (errors.ParameterError("x", ()), "x", []),
    ]
    for error, found, allowed in given:
        fields = problem_fields(error)
        assert (fields["found"], fields["allowed"]) == (found, allowed)
