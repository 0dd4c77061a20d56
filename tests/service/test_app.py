from pathlib import Path

import pytest
from starlette.testclient import TestClient

from inkdigits.errors import ModelNotFound, SettingError
from inkdigits.service.app import create_app
from inkdigits.service.readers import load_readers
from inkdigits.service.settings import Settings


def test_the_environment_is_read_when_no_settings_are_given(
    monkeypatch: pytest.MonkeyPatch, tiny_model: Path
) -> None:
    monkeypatch.setenv("INKDIGITS_MODELS", str(tiny_model))
    assert create_app().state.settings == Settings(models=(str(tiny_model),))


def test_a_wrong_environment_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INKDIGITS_MODEL", "cnn")
    with pytest.raises(SettingError, match="did you mean INKDIGITS_MODELS"):
        create_app()


def test_readers_that_are_there_are_not_loaded_again(tiny_model: Path) -> None:
    readers = load_readers(Settings(models=(str(tiny_model),)))
    app = create_app(Settings(models=("nowhere.onnx",)), readers)
    with TestClient(app) as client:
        assert client.get("/models").json()["default"] == "tiny"
        assert app.state.engine.choose(None) is readers["tiny"]


def test_settings_bound_the_engine(tiny_model: Path) -> None:
    chosen = Settings(models=(str(tiny_model),), threads=3, max_waiting=160, request_s=7)
    limits = create_app(chosen).state.engine.limits
    found = (limits.threads, limits.waiting, limits.waiting_large, limits.request_s)
    assert found == (3, 160, 10, 7)


def test_a_model_that_is_missing_stops_the_start() -> None:
    app = create_app(Settings(models=("nowhere.onnx",)))
    with pytest.raises(ModelNotFound), TestClient(app):
        pass


def test_two_applications_do_not_share_anything(tiny_model: Path) -> None:
    small = create_app(Settings(models=(str(tiny_model),), max_bytes=1024))
    large = create_app(Settings(models=(str(tiny_model),)))
    with TestClient(small) as one, TestClient(large) as two:
        body = bytes(100_000)
        assert one.post("/predict", content=body).status_code == 413
        assert two.post("/predict", content=body).status_code == 415


def test_the_description_has_every_address_and_examples(client: TestClient) -> None:
    description = client.get("/openapi.json").json()
    paths = {"/predict", "/predict/batch", "/models", "/health/live", "/health/ready"}
    assert paths <= set(description["paths"])
    operation = description["paths"]["/predict"]["post"]
    kinds = {"multipart/form-data", "image/png", "image/jpeg", "application/octet-stream"}
    assert set(operation["requestBody"]["content"]) == kinds
    statuses = {"200", "404", "413", "415", "422", "503", "504"}
    assert statuses <= set(operation["responses"])
    schemas = description["components"]["schemas"]
    assert schemas["Answer"]["examples"][0]["digit"] == "7"
    assert schemas["Problem"]["examples"]


def test_every_reference_of_the_description_leads_somewhere(client: TestClient) -> None:
    description = client.get("/openapi.json").json()
    known = {f"#/components/schemas/{name}" for name in description["components"]["schemas"]}
    found: set[str] = set()
    waiting = [description]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            found |= {node["$ref"]} if isinstance(node.get("$ref"), str) else set()
            waiting += node.values()
        elif isinstance(node, list):
            waiting += node
    assert found
    assert found <= known


@pytest.mark.parametrize("address", ["/models/", "/predict/", "/static", "/docs/"])
def test_no_client_is_led_anywhere(client: TestClient, address: str) -> None:
    """A redirect would lead to the host that the request names, whatever that is."""
    answer = client.get(address, headers={"host": "evil.example"}, follow_redirects=False)
    assert answer.status_code in (404, 405)
    assert "location" not in answer.headers
