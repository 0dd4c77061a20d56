from dataclasses import asdict
from pathlib import Path

from starlette.testclient import TestClient

from inkdigits.model.line_model import load_line_reader
from inkdigits.model.loading import load_model
from inkdigits.service.app import create_app
from inkdigits.service.schemas import ModelsBody
from inkdigits.service.settings import Settings
from tests.tiny import write_model


def test_the_cards_are_listed(client: TestClient, tiny_model: Path) -> None:
    response = client.get("/models")
    body = response.json()
    card = asdict(load_model(tiny_model).card)
    assert body == {
        "default": "tiny",
        "features": body["features"],
        "models": [{**card, "input_shape": list(card["input_shape"])}],
        "line_reader": {"name": "line", "version": load_line_reader().card.version},
    }
    ModelsBody.model_validate_json(response.content, strict=True)


def test_the_default_is_the_first(tiny_model: Path, tmp_path: Path) -> None:
    first = write_model(tmp_path / "first.onnx", "zzz")
    app = create_app(Settings(models=(str(first), str(tiny_model))))
    with TestClient(app) as client:
        body = client.get("/models").json()
    assert body["default"] == "zzz"
    assert [card["name"] for card in body["models"]] == ["zzz", "tiny"]


def test_what_it_says_it_can_do_it_can(client: TestClient) -> None:
    features = client.get("/models").json()["features"]
    assert "explain" in features
    assert {f"/{name}" for name in features} <= set(client.get("/openapi.json").json()["paths"])
