import base64

import pytest
from pydantic import ValidationError
from starlette.testclient import TestClient

from inkdigits import load_model, predict_image
from inkdigits.service.schemas_inference import INFER, INFER_BODY, AnswerBody, RequestBody


def test_the_examples_are_what_they_are_examples_of() -> None:
    for body in (RequestBody, AnswerBody):
        example = body.model_json_schema()["examples"][0]
        body.model_validate(example, strict=True)


def test_requests_may_say_more_than_we_read_and_answers_may_not() -> None:
    tensor = {"name": "image", "shape": [1], "datatype": "BYTES", "data": [""]}
    RequestBody.model_validate({"model_name": "digits", "inputs": [tensor]})
    with pytest.raises(ValidationError):
        AnswerBody.model_validate({"model_name": "x", "model_version": "1", "outputs": [], "y": 1})


def test_the_examples_picture_shows_a_seven() -> None:
    [data] = RequestBody.model_json_schema()["examples"][0]["inputs"][0]["data"]
    assert predict_image(load_model("mlp"), base64.b64decode(data, validate=True)) == "7"


def test_the_request_is_described(client: TestClient) -> None:
    described = INFER_BODY["requestBody"]["content"]
    assert set(described) == {"application/json", "application/octet-stream"}
    name = described["application/json"]["schema"]["$ref"].rpartition("/")[2]
    assert "inputs" in client.get("/openapi.json").json()["components"]["schemas"][name]["required"]


def test_every_status_says_what_it_means() -> None:
    assert {200, 400, 404, 413, 415, 422, 503, 504} == set(INFER)
    assert all(answer["description"] for answer in INFER.values())
