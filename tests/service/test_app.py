from pathlib import Path

import pytest
from starlette.testclient import TestClient

from inkdigits.decision.expected import SEPARATORS
from inkdigits.errors import ModelNotFound, SettingError
from inkdigits.service.app import create_app
from inkdigits.service.problems import MEDIA_TYPE
from inkdigits.service.readers import load_readers
from inkdigits.service.schemas import Problem
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
    kinds |= {"application/json", "text/plain"}
    assert set(operation["requestBody"]["content"]) == kinds
    statuses = {"200", "404", "413", "415", "422", "503", "504"}
    assert statuses <= set(operation["responses"])
    schemas = description["components"]["schemas"]
    assert schemas["Prediction"]["examples"][0]["digit"] == "7"
    assert schemas["Problem"]["properties"]["allowed"]["items"] == {"type": "string"}


def test_operations_have_plain_names(client: TestClient) -> None:
    paths = client.get("/openapi.json").json()["paths"]
    named = {path: one["operationId"] for path, ones in paths.items() for one in ones.values()}
    assert len(set(named.values())) == len(named)
    assert named["/predict"] == "predict"
    assert named["/predict/batch"] == "predict_batch"
    assert named["/numbers"] == "read_numbers"
    assert named["/numbers/batch"] == "read_numbers_batch"
    assert named["/explain"] == "explain"
    assert named["/models"] == "list_models"
    assert named["/v2/models/{name}/infer"] == "v2_infer"
    assert all(name.isidentifier() for name in named.values())


def test_every_example_of_a_problem_belongs_to_its_status(client: TestClient) -> None:
    paths = client.get("/openapi.json").json()["paths"]
    answers = paths["/predict"]["post"]["responses"]
    shown: set[str] = set()
    for ones in paths.values():
        for one in ones.values():
            for status, answer in one["responses"].items():
                content = answer.get("content", {}).get(MEDIA_TYPE, {})
                for code, example in content.get("examples", {}).items():
                    assert str(example["value"]["status"]) == status
                    assert example["value"]["code"] == code
                    Problem.model_validate(example["value"], strict=True)
                    shown.add(code)
    assert {"blank-image", "bad-parameter"} <= set(
        answers["422"]["content"][MEDIA_TYPE]["examples"]
    )
    assert {"image-too-large", "overloaded", "bad-inference", "slow-upload"} <= shown


def test_the_description_says_all_of_a_pattern(client: TestClient) -> None:
    parameters = client.get("/openapi.json").json()["paths"]["/numbers"]["post"]["parameters"]
    [pattern] = [one["description"] for one in parameters if one["name"] == "pattern"]
    assert all(separator in pattern for separator in SEPARATORS)
    assert "space" in pattern
    assert "9" in pattern


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


@pytest.mark.parametrize(
    ("method", "address", "known"),
    [
        ("POST", "/predict?modell=mlp", "model"),
        ("POST", "/predict/batch?length=3", "model"),
        ("POST", "/numbers?lenght=9", "length"),
        ("POST", "/numbers?length=3&length=4", "length"),
        ("POST", "/numbers/batch?whitelist=01", "allowed"),
        ("POST", "/explain?Box=1,2,3,4", "box"),
        ("GET", "/models?name=cnn", None),
        ("GET", "/v2?x=1", None),
        ("GET", "/v2/models/digits?x=1", None),
        ("POST", "/v2/models/digits/infer?allowed=01", None),
        ("POST", "/v2/models/digits/versions/1/infer?allowed=01", None),
        ("POST", "/v2/repository/index?x", None),
    ],
)
def test_what_would_be_ignored_is_refused_everywhere(
    client: TestClient, method: str, address: str, known: str | None
) -> None:
    answer = client.request(method, address, content=b"{}" if method == "POST" else None)
    assert (answer.status_code, answer.json()["code"]) == (422, "bad-parameter")
    assert answer.json()["allowed"] == [] if known is None else known in answer.json()["allowed"]


@pytest.mark.parametrize(
    "address",
    ["/?utm_source=x", "/docs?x", "/health/live?t=1", "/v2/health/ready?t=1", "/metrics?x"],
)
def test_pages_and_probes_may_be_asked_with_anything(client: TestClient, address: str) -> None:
    assert client.get(address).status_code == 200


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/docs",
        "/openapi.json",
        "/models",
        "/health/live",
        "/health/ready",
        "/v2",
        "/v2/models/digits",
        "/v2/health/ready",
        "/static/page.js",
        "/nowhere",
        "/models?x=1",
    ],
)
def test_head_is_get_without_its_body(client: TestClient, address: str) -> None:
    got, asked = client.get(address), client.head(address)
    assert asked.content == b""
    assert asked.status_code == got.status_code
    one, other = ({**answer.headers, "x-request-id": ""} for answer in (got, asked))
    assert one == other


def test_head_is_not_for_what_is_only_posted(client: TestClient) -> None:
    answer = client.head("/predict")
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")
    assert client.head("/metrics").status_code == 200
