from pathlib import Path

import pytest
from starlette.testclient import TestClient

from inkdigits.service.access import is_open
from inkdigits.service.app import create_app
from inkdigits.service.description import describe_keys
from inkdigits.service.settings import Settings


@pytest.fixture
def locked(tiny_model: Path) -> TestClient:
    app = create_app(Settings(models=(str(tiny_model),)))
    describe_keys(app)
    return TestClient(app)


def test_where_a_key_is_needed_the_description_says_so(locked: TestClient) -> None:
    description = locked.get("/openapi.json").json()
    schemes = description["components"]["securitySchemes"]
    for path, operations in description["paths"].items():
        for operation in operations.values():
            named = {name for one in operation.get("security", ()) for name in one}
            assert named == (set() if is_open(path) else set(schemes)), path
            assert ({"401", "429"} <= set(operation["responses"])) is not is_open(path)
    assert "/predict" in description["paths"]
    assert locked.get("/openapi.json").json() == description


def test_without_keys_nothing_is_said_of_them(client: TestClient) -> None:
    description = client.get("/openapi.json").json()
    assert "securitySchemes" not in description["components"]
    assert "401" not in description["paths"]["/predict"]["post"]["responses"]
