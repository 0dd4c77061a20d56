from pathlib import Path

import pytest
from starlette.testclient import TestClient

from inkdigits.service import readers
from inkdigits.service.app import create_app
from inkdigits.service.settings import Settings


def test_a_started_server_is_live_and_ready(client: TestClient) -> None:
    assert client.get("/health/live").json() == {"status": "live"}
    assert client.get("/health/ready").json() == {"status": "ready"}


def test_a_server_without_its_models_is_live_but_not_ready(tiny_model: Path) -> None:
    client = TestClient(create_app(Settings(models=(str(tiny_model),))))  # never started
    assert client.get("/health/live").status_code == 200
    response = client.get("/health/ready")
    assert response.status_code == 503
    assert response.json()["code"] == "service-unavailable"
    assert "not loaded" in response.json()["detail"]


def test_a_server_that_misreads_is_not_ready(
    tiny_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readers, "builtin_names", lambda: ["tiny"])
    monkeypatch.setattr(readers, "GOLDEN_DIGIT", "3")
    with TestClient(create_app(Settings(models=(str(tiny_model),)))) as client:
        response = client.get("/health/ready")
    assert response.status_code == 503
    assert response.json()["detail"] == "tiny reads the golden 3 as 7"
