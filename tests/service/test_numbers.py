"""`POST /numbers` with the shipped model: the contract, what is expected, what is wrong."""

import base64
import json
from collections.abc import Iterator
from typing import Any

import pytest
from httpx2 import Response
from pydantic import TypeAdapter
from starlette.testclient import TestClient

from inkdigits.decision.expected import expect
from inkdigits.decision.number import NumberPrediction
from inkdigits.model.loading import load_model
from inkdigits.reader import Reader
from inkdigits.service.app import create_app
from inkdigits.service.problems import MEDIA_TYPE
from inkdigits.service.settings import Settings
from tests.tiny import blank_png
from tests.written import number_png

FIELDS = "number text accepted reason confidence digits alternatives lines page model line_reader"


@pytest.fixture(scope="module")
def shipped() -> Iterator[TestClient]:
    with TestClient(create_app(Settings(models=("cnn",), request_s=600))) as started:
        yield started


def ask(client: TestClient, data: bytes, **query: Any) -> Response:
    return client.post("/numbers", content=data, params=query)


def test_the_answer_is_the_readers_in_the_order_of_the_contract(shipped: TestClient) -> None:
    response = ask(shipped, number_png("2858"))
    expected = Reader(load_model("cnn")).predict_number(number_png("2858"))
    assert response.json() == expected.to_dict()
    assert list(json.loads(response.text)) == FIELDS.split()
    assert response.json()["number"] == "2858"
    read = TypeAdapter(NumberPrediction).validate_json(response.content, strict=True)
    assert read.to_dict() == expected.to_dict()


def test_a_form_is_read_as_well(shipped: TestClient) -> None:
    response = shipped.post("/numbers", files={"file": ("n.png", number_png("58\n907"))})
    body = response.json()
    assert [line["number"] for line in body["lines"]] == ["58", "907"]
    assert (body["number"], body["text"]) == ("58907", "58\n907")


@pytest.mark.parametrize(
    "query",
    [{"length": 4}, {"min_length": 3, "max_length": 5}, {"pattern": "9999"}, {"pattern": "99 99"}],
)
def test_what_is_expected_is_answered(shipped: TestClient, query: dict[str, Any]) -> None:
    assert ask(shipped, number_png("2858"), **query).json()["number"] == "2858"


def test_nothing_else_than_expected_is_answered(shipped: TestClient) -> None:
    body = ask(shipped, number_png("2858"), length=3).json()
    assert body["number"] is None or len(body["number"]) == 3
    assert expect(3).allows(body["text"] or "000")
    assert not body["accepted"]
    none = ask(shipped, number_png("7"), length=40).json()
    assert (none["number"], none["reason"]) == (None, "not_as_expected")


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"length": 0}, "bad-request"),
        ({"length": 65}, "bad-request"),
        ({"length": "many"}, "bad-request"),
        ({"min_length": 5, "max_length": 4}, "mismatch"),
        ({"length": 5, "max_length": 6}, "mismatch"),
        ({"length": 5, "pattern": "99"}, "mismatch"),
        ({"pattern": "abc"}, "mismatch"),
        ({"pattern": ""}, "mismatch"),
        ({"model": "nobody"}, "model-not-found"),
    ],
)
def test_bad_expectations_are_problems(
    shipped: TestClient, query: dict[str, Any], code: str
) -> None:
    response = ask(shipped, number_png("7"), **query)
    assert response.status_code in (404, 422)
    assert response.headers["content-type"] == MEDIA_TYPE
    assert response.json()["code"] == code


@pytest.mark.parametrize(
    ("data", "status", "code"),
    [
        (blank_png(), 422, "blank-image"),
        (b"", 422, "broken-image"),
        (b"text", 415, "unsupported-image"),
    ],
)
def test_bad_pictures_are_problems(
    shipped: TestClient, data: bytes, status: int, code: str
) -> None:
    response = ask(shipped, data)
    assert (response.status_code, response.json()["code"]) == (status, code)


def test_a_number_through_predict_is_no_digit_but_several(shipped: TestClient) -> None:
    body = shipped.post("/predict", content=number_png("2858")).json()
    assert (body["digit"], body["reason"], body["hint"]) == (None, "not_a_digit", "several_digits")
    one = shipped.post("/predict", content=number_png("7")).json()
    assert (one["digit"], one["hint"]) == ("7", None)


def test_the_protocol_has_a_model_of_numbers(shipped: TestClient) -> None:
    data = [base64.b64encode(number_png(text)).decode() for text in ("2858", "58\n907")]
    tensor = {"name": "image", "shape": [2], "datatype": "BYTES", "data": data}
    response = shipped.post("/v2/models/numbers/infer", json={"inputs": [tensor]})
    outputs = {one["name"]: one["data"] for one in response.json()["outputs"]}
    assert outputs["number"] == ["2858", "58907"]
    assert outputs["text"] == ["2858", "58\n907"]
    assert set(outputs) == {"number", "text", "confidence", "accepted"}
    described = shipped.get("/v2/models/numbers").json()
    assert [one["name"] for one in described["outputs"]] == list(outputs)
    assert [one["name"] for one in described["inputs"]] == ["image"]


def test_of_several_pictures_the_bad_one_is_named(shipped: TestClient) -> None:
    data = [base64.b64encode(one).decode() for one in (number_png("7"), blank_png())]
    tensor = {"name": "image", "shape": [2], "datatype": "BYTES", "data": data}
    response = shipped.post("/v2/models/numbers/infer", json={"inputs": [tensor]})
    assert response.status_code == 422
    assert (response.json()["code"], response.json()["index"]) == ("blank-image", 1)
