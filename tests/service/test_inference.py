import base64
import gzip
import json
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from httpx2 import Response
from starlette.routing import Route
from starlette.testclient import TestClient

from inkdigits.engine.gate import Gate
from inkdigits.errors import ImageTooLarge
from inkdigits.model.loading import load_model
from inkdigits.reader import Reader
from inkdigits.service.app import create_app
from inkdigits.service.infer_models import LENGTH_HEADER
from inkdigits.service.problems import MEDIA_TYPE
from inkdigits.service.routes.inference import router
from inkdigits.service.settings import Settings
from inkdigits.service.tensors import to_binary
from tests.tiny import blank_png, encoded, picture, png, write_model

INFER = "/v2/models/digits/infer"


def _images(*pictures: bytes) -> dict[str, Any]:
    data = [base64.b64encode(one).decode() for one in pictures]
    tensor = {"name": "image", "shape": [len(data)], "datatype": "BYTES", "data": data}
    return {"inputs": [tensor]}


def _outputs(response: Response) -> dict[str, Any]:
    assert response.status_code == 200, response.text
    return {tensor["name"]: tensor for tensor in response.json()["outputs"]}


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A server with two models, of which `second` has eleven classes."""
    folder = tmp_path_factory.mktemp("pair")
    models = (write_model(folder / "a.onnx", "first"), write_model(folder / "b.onnx", "second", 11))
    with TestClient(create_app(Settings(models=tuple(map(str, models))))) as started:
        yield started


def test_a_picture_in_json_is_read(client: TestClient) -> None:
    response = client.post(INFER, json={**_images(png("7")), "id": "42"})
    answer = client.post("/predict", content=png("7")).json()
    outputs = _outputs(response)
    assert (response.json()["id"], response.json()["model_name"]) == ("42", "digits")
    assert response.json()["model_version"] == answer["model"]["version"]
    assert outputs["digit"]["data"] == ["7"]
    assert outputs["accepted"]["data"] == [True]
    np.testing.assert_allclose(outputs["probabilities"]["data"], answer["probabilities"], atol=2e-6)


def test_many_pictures_are_read_in_their_order(client: TestClient) -> None:
    outputs = _outputs(client.post(INFER, json=_images(*map(png, "314"))))
    assert outputs["digit"]["data"] == ["3", "1", "4"]
    assert outputs["probabilities"]["shape"] == [3, 10]


def test_a_body_may_be_one_picture(client: TestClient) -> None:
    response = client.post(INFER, content=png("5"), headers={LENGTH_HEADER: "0"})
    assert _outputs(response)["digit"]["data"] == ["5"]


def test_samples_are_read_as_the_reader_does(client: TestClient, tiny_model: Path) -> None:
    reader = Reader(load_model(tiny_model))
    samples = np.stack([reader.find_sample(png(digit))[0] for digit in "271"])
    tensor = {"name": "sample", "shape": [3, 28, 28], "datatype": "FP32"}
    response = client.post(INFER, json={"inputs": [{**tensor, "data": samples.ravel().tolist()}]})
    assert _outputs(response)["digit"]["data"] == ["2", "7", "1"]
    data = np.round(samples * 255).astype(np.uint8).tobytes()
    tensor = {**tensor, "datatype": "UINT8", "parameters": {"binary_data_size": len(data)}}
    head = json.dumps({"inputs": [tensor], "outputs": [{"name": "digit"}]}).encode()
    headers = {LENGTH_HEADER: str(len(head))}
    response = client.post(INFER, content=head + data, headers=headers)
    assert _outputs(response)["digit"]["data"] == ["2", "7", "1"]


@pytest.mark.parametrize(("coding", "pack"), [("gzip", gzip.compress), ("deflate", zlib.compress)])
def test_compressed_bodies_are_unpacked(client: TestClient, coding: str, pack: Any) -> None:
    data = to_binary([png("8")])
    tensor = {"name": "image", "shape": [1], "datatype": "BYTES"}
    tensor["parameters"] = {"binary_data_size": len(data)}  # type: ignore[assignment]
    head = json.dumps({"inputs": [tensor]}).encode()
    headers = {LENGTH_HEADER: str(len(head)), "Content-Encoding": coding}
    response = client.post(INFER, content=pack(head + data), headers=headers)
    assert _outputs(response)["digit"]["data"] == ["8"]
    bomb = client.post(INFER, content=pack(bytes(50 * 1024 * 1024)), headers=headers)
    assert (bomb.status_code, bomb.json()["code"]) == (413, ImageTooLarge.code)


@pytest.mark.parametrize(
    ("pictures", "status", "code"),
    [
        ([b"just text"], 415, "unsupported-image"),
        ([blank_png()], 422, "blank-image"),
        ([png("7"), png("1")[:-100], b""], 422, "broken-image"),
    ],
)
def test_what_is_no_picture_is_a_problem_and_an_error(
    client: TestClient, pictures: list[bytes], status: int, code: str
) -> None:
    response = client.post(INFER, json=_images(*pictures))
    assert (response.status_code, response.headers["content-type"]) == (status, MEDIA_TYPE)
    body = response.json()
    assert (body["code"], body["error"]) == (code, body["detail"])
    if len(pictures) > 1:
        assert body["index"] == 1
        assert body["error"].startswith("picture 1: ")


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b"\xff\xfe", b'{"inputs": 3}'])
def test_what_is_no_request_is_refused(client: TestClient, content: bytes) -> None:
    response = client.post(INFER, content=content)
    assert (response.status_code, response.json()["code"]) == (400, "bad-inference")
    assert response.json()["error"]


def test_a_large_request_is_taken_apart_in_its_thread(client: TestClient) -> None:
    data = encoded(picture("3").convert("RGB"), "BMP")
    assert len(_images(data)["inputs"][0]["data"][0]) > 65_536
    assert client.post(INFER, json=_images(data)).json()["code"] == "unsupported-image"


def test_who_waits_too_long_in_line_is_refused(tiny_model: Path) -> None:
    app = create_app(Settings(models=(str(tiny_model),)))
    with TestClient(app) as client:
        app.state.engine._unpacking.gate = Gate(0, 0)  # noqa: SLF001  # full, without a crowd
        body = gzip.compress(json.dumps(_images(png("1"))).encode())
        response = client.post(INFER, content=body, headers={"Content-Encoding": "gzip"})
        assert (response.status_code, response.json()["code"]) == (503, "overloaded")
        assert int(response.headers["retry-after"]) >= 1
        assert client.post(INFER, json=_images(png("1"))).status_code == 200


def test_a_server_that_is_draining_takes_nothing(tiny_model: Path) -> None:
    app = create_app(Settings(models=(str(tiny_model),)))
    with TestClient(app) as client:
        app.state.engine.drain()
        response = client.post(INFER, json=_images(png("1")))
        assert (response.status_code, response.json()["code"]) == (503, "draining")
        assert client.get("/v2/health/ready").status_code == 503


def test_before_the_models_are_loaded_there_are_none() -> None:
    client = TestClient(create_app(Settings(models=("nowhere.onnx",))))
    assert client.get("/v2/models/digits").status_code == 404
    assert client.get("/v2/models/stats").json() == {"model_stats": []}
    assert client.get("/v2/health/live").json() == {"live": True, "ready": False}


def test_every_model_answers_to_its_name_and_version(pair: TestClient) -> None:
    for name, calls in (("digits", "first"), ("first", "first"), ("second", "second")):
        for address in (f"/v2/models/{name}", f"/v2/models/{name}/versions/1"):
            assert pair.get(address).json()["name"] == name
            assert pair.get(f"{address}/ready").json() == {"name": name, "ready": True}
            assert pair.get(f"{address}/config").json()["name"] == name
            before = pair.get(f"/v2/models/{calls}/stats").json()["model_stats"][0]
            answer = pair.post(f"{address}/infer", json=_images(png("1"))).json()
            assert (answer["model_name"], answer["model_version"]) == (name, "1")
            after = pair.get(f"{address}/stats").json()["model_stats"][0]
            assert after["inference_count"] == before["inference_count"] + 1


@pytest.mark.parametrize("name", ["third", "first/versions/2", "digits/versions/x", "%2E%2E"])
@pytest.mark.parametrize("end", ["", "/ready", "/config", "/stats"])
def test_another_model_or_version_is_not_found(pair: TestClient, name: str, end: str) -> None:
    response = pair.get(f"/v2/models/{name}{end}")
    assert response.status_code == 404
    assert response.json()["error"]
    if "." not in name and "%" not in name:
        assert response.json()["code"] == "model-not-found"


def test_the_server_says_what_it_is_and_how(client: TestClient) -> None:
    server = client.get("/v2").json()
    assert server["name"] == "inkdigits"
    assert "binary_tensor_data" in server["extensions"]
    for address in ("/v2/health/live", "/v2/health/ready"):
        assert client.get(address).json() == {"live": True, "ready": True}


def test_every_address_is_described_and_known_by_its_whole_template(client: TestClient) -> None:
    """Metrics and the log tell routes apart by their templates."""
    paths = client.get("/openapi.json").json()["paths"]
    ends = ("", "/ready", "/config", "/stats", "/infer")
    models = ("/v2/models/{name}", "/v2/models/{name}/versions/{version}")
    known = {f"{model}{end}" for model in models for end in ends}
    assert known <= set(paths)
    assert known <= {route.path for route in router.routes if isinstance(route, Route)}


def test_a_model_at_fault_is_not_ready(tiny_model: Path) -> None:
    app = create_app(Settings(models=(str(tiny_model),)))
    with TestClient(app) as client:
        app.state.faults = ["tiny is at fault"]
        assert client.get("/v2/health/live").json() == {"live": True, "ready": False}
        for address in ("/v2/health/ready", "/v2/models/digits/ready"):
            assert client.get(address).status_code == 503
            assert "not ready" in client.get(address).json()["error"]
        assert client.post("/v2/repository/index").json()[0]["state"] == "UNAVAILABLE"


def test_the_repository_is_listed_and_fixed(pair: TestClient) -> None:
    index = pair.post("/v2/repository/index", json={"ready": True}).json()
    assert [entry["name"] for entry in index] == ["digits", "numbers", "first", "second"]
    assert {entry["state"] for entry in index} == {"READY"}
    for verb in ("load", "unload"):
        response = pair.post(f"/v2/repository/models/first/{verb}")
        assert response.status_code == 403
        assert "when the server starts" in response.json()["error"]


def test_requests_that_fail_are_counted(client: TestClient) -> None:
    def failed() -> int:
        stats = client.get("/v2/models/stats").json()["model_stats"]
        return int(stats[0]["inference_stats"]["fail"]["count"])

    before = failed()
    for body in (_images(blank_png()), _images(png("1"), b""), {"inputs": []}):
        assert client.post(INFER, json=body).status_code >= 400
    assert failed() == before + 3


def test_the_readers_own_failure_says_nothing_of_it(
    tiny_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> None:
        raise ZeroDivisionError("secret")

    app = create_app(Settings(models=(str(tiny_model),)))
    with TestClient(app, raise_server_exceptions=False) as client:
        monkeypatch.setattr(Reader, "predict_samples", fail)
        tensor = {"name": "sample", "shape": [1, 784], "datatype": "FP32", "data": [0.0] * 784}
        response = client.post(INFER, json={"inputs": [tensor]})
    assert response.status_code == 500
    assert response.json()["error"]
    assert "secret" not in response.text
