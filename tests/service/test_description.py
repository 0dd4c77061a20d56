from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from inkdigits.service.access import is_open
from inkdigits.service.app import create_app
from inkdigits.service.settings import Settings

KEY = "a-key-of-the-tests"


@pytest.fixture
def locked(tiny_model: Path) -> TestClient:
    settings = Settings(models=(str(tiny_model),), api_keys=(KEY,), allowed_hosts=("testserver",))
    return TestClient(create_app(settings))


def _operations(client: TestClient) -> list[tuple[str, str, dict[str, Any]]]:
    paths = client.get("/openapi.json").json()["paths"]
    return [(path, method, one) for path, found in paths.items() for method, one in found.items()]


def test_where_a_key_is_needed_the_description_says_so(locked: TestClient) -> None:
    description = locked.get("/openapi.json").json()
    schemes = description["components"]["securitySchemes"]
    for path, _, operation in _operations(locked):
        named = {name for one in operation.get("security", ()) for name in one}
        assert named == (set() if is_open(path) else set(schemes)), path
        assert ({"401", "429"} <= set(operation["responses"])) is not is_open(path)
    assert "/predict" in description["paths"]
    assert locked.get("/openapi.json").json() == description


def test_without_keys_and_hosts_nothing_is_said_of_them(client: TestClient) -> None:
    assert "securitySchemes" not in client.get("/openapi.json").json()["components"]
    for path, _, operation in _operations(client):
        assert not {"401", "421", "429"} & set(operation["responses"]), path


def test_what_stops_a_request_before_its_route_is_described(locked: TestClient) -> None:
    for path, method, operation in _operations(locked):
        described = set(operation["responses"])
        assert ("421" in described) is ("health" not in path), path
        assert ({"408", "413"} <= described) is (method == "post"), path
        assert "503" in described or path in ("/health/live", "/v2/health/live"), path


def test_a_route_says_more_than_that(client: TestClient) -> None:
    responses = client.get("/openapi.json").json()["paths"]["/predict"]["post"]["responses"]
    assert "overloaded" in responses["503"]["description"]
    assert "proportions" in responses["413"]["description"]


def test_fields_are_described_as_their_dataclass_does(client: TestClient) -> None:
    schemas = client.get("/openapi.json").json()["components"]["schemas"]
    for kind in ("Prediction", "NumberPrediction", "NumberLine", "DigitReading"):
        assert all(one["description"] for one in schemas[kind]["properties"].values()), kind
        assert "Attributes" not in schemas[kind]["description"]
        assert set(schemas[kind]["required"]) == set(schemas[kind]["properties"])
    properties = schemas["Prediction"]["properties"]
    assert properties["digit"]["description"].startswith('"0" to "9", the best even when unsure')
    assert "null for something drawn" in properties["digit"]["description"]
    assert properties["model"]["$ref"].endswith("/ModelName")


def test_batches_are_described_as_single_answers_are(client: TestClient) -> None:
    schemas = client.get("/openapi.json").json()["components"]["schemas"]
    for kind in ("Prediction", "NumberPrediction"):
        named, single = (schemas[name]["properties"] for name in (f"Named{kind}", kind))
        file = named.pop("file")
        assert named == single
        assert "file name" in file["description"]
        [example] = schemas[f"Named{kind}"]["examples"]
        assert set(example) == {"file", *single}
