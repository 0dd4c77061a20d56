import json
from typing import Annotated

import pytest
from fastapi import FastAPI, Query, Request
from starlette.testclient import TestClient

from inkdigits.errors import ParameterError
from inkdigits.service.lean import JsonAnswer, add_lean


async def echo(
    request: Request, *, word: Annotated[str, Query(description="Any.")] = "none"
) -> JsonAnswer:
    """Say what came."""
    return JsonAnswer({"word": word, "body": (await request.body()).decode()})


@pytest.fixture
def app() -> FastAPI:
    app = FastAPI()
    add_lean(app, "/echo", echo, tags=["echo"])
    return app


def test_the_endpoint_gets_the_request_and_its_query(app: FastAPI) -> None:
    client = TestClient(app)
    assert client.post("/echo", content=b"x").json() == {"word": "none", "body": "x"}
    assert client.post("/echo?word=a%20b").json() == {"word": "a b", "body": ""}


@pytest.mark.parametrize("query", ["other=1", "word=a&word=b", "request=a", "wrod=a", "word=a&x"])
def test_what_would_be_ignored_is_refused(app: FastAPI, query: str) -> None:
    with pytest.raises(ParameterError):
        TestClient(app).post(f"/echo?{query}")


def test_it_answers_its_own_method_and_address_only(app: FastAPI) -> None:
    client = TestClient(app)
    assert client.get("/echo").status_code == 405
    assert client.post("/echo/more").status_code == 404


def test_it_is_described_like_any_other(app: FastAPI) -> None:
    told = app.openapi()["paths"]["/echo"]["post"]
    assert told["tags"] == ["echo"]
    assert told["summary"] == "Echo"
    assert [(one["name"], one["in"], one["required"]) for one in told["parameters"]] == [
        ("word", "query", False)
    ]


def test_an_answer_is_compact_json() -> None:
    answer = JsonAnswer({"a": [1, 0.25], "b": "é", "c": None})
    assert answer.body == '{"a":[1,0.25],"b":"é","c":null}'.encode()
    assert json.loads(answer.body) == {"a": [1, 0.25], "b": "é", "c": None}
    assert answer.headers["content-type"] == "application/json"
    assert JsonAnswer({"a": float("nan")}).body == b'{"a":null}'  # which JSON has no number for
