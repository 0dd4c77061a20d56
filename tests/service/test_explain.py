"""`POST /explain`, with the tiny model and beside it a second one that stands for the classic."""

import asyncio
import json
from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from httpx2 import ASGITransport, AsyncClient, Response
from PIL import Image
from starlette.testclient import TestClient

from inkdigits.files.decode import decode
from inkdigits.image.stages import walk_line
from inkdigits.model.loading import load_model
from inkdigits.reader import Reader
from inkdigits.service.app import create_app
from inkdigits.service.schemas_explain import ExplanationBody
from inkdigits.service.settings import Settings
from tests.tiny import blank_png, encoded, picture, png, write_model


@pytest.fixture(scope="module")
def both(tiny_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    classic = write_model(tmp_path_factory.mktemp("models") / "classic.onnx", "mlp")
    app = create_app(Settings(models=(str(tiny_model), str(classic)), request_s=600))
    with TestClient(app, raise_server_exceptions=False) as started:
        yield started


def _pixels(stage: dict[str, str]) -> np.ndarray:
    return decode(b64decode(stage["png"].removeprefix("data:image/png;base64,")))


@pytest.mark.parametrize("send", ["form", "classic form", "body"])
def test_it_takes_what_predict_takes_and_says_the_same(both: TestClient, send: str) -> None:
    def ask(path: str) -> Response:
        if send == "body":
            return both.post(path, content=png("4"))
        field = "file" if send == "form" else "uploaded_image"
        return both.post(path, files={field: ("four.png", png("4"), "image/png")})

    found = ask("/explain").json()
    ExplanationBody.model_validate_json(json.dumps(found), strict=True)
    assert found["prediction"] == ask("/predict").json()


def test_each_picture_is_of_the_array_that_the_reader_used(
    both: TestClient, tiny_model: Path
) -> None:
    data = encoded(picture("6", side=150))  # small enough to be shown as it is
    found = both.post("/explain", content=data).json()
    stages = walk_line(decode(data))
    arrays = {
        "ink": stages.ink,
        "glyph": stages.glyph.ink,
        "matched": stages.matched,
        "sample": Reader(load_model(tiny_model)).find_sample(data)[0],
    }
    for name, array in arrays.items():
        assert _pixels(found[name]).tolist() == np.rint(255 - 255 * array).tolist(), name
        assert (found[name]["height"], found[name]["width"]) == array.shape
    assert np.array_equal(_pixels(found["image"]), stages.image)
    assert np.allclose(found["sample"]["values"], arrays["sample"], atol=5e-5)
    box = found["glyph"]["box"]
    assert (box["height"], box["width"]) == stages.glyph.ink.shape


def test_large_pictures_are_shown_small_and_say_how_large_they_were(both: TestClient) -> None:
    found = both.post("/explain", content=encoded(Image.new("RGB", (40, 30)))).json()
    assert found["code"] == "blank-image"
    wide = Image.new("L", (900, 300), 255)
    wide.paste(picture("2", side=280), (300, 10))
    found = both.post("/explain", content=encoded(wide)).json()
    assert (found["image"]["width"], found["image"]["height"]) == (900, 300)
    assert _pixels(found["image"]).shape == (53, 160)


def test_the_classic_reading_stands_beside_it(both: TestClient, client: TestClient) -> None:
    found = both.post("/explain", content=png("4")).json()["classic"]
    assert found["prediction"]["model"]["name"] == "mlp"
    assert found["prediction"]["box"] is None
    # Resized as a whole: the paper is white, which the classic system takes for ink.
    assert found["sample"]["values"][0] == [1.0] * 28
    assert client.post("/explain", content=png("4")).json()["classic"] is None


def test_a_model_can_be_named(both: TestClient) -> None:
    found = both.post("/explain?model=mlp", content=png("1")).json()
    assert found["prediction"]["model"]["name"] == "mlp"
    assert both.post("/explain?model=none", content=png("1")).json()["code"] == "model-not-found"


@pytest.mark.parametrize(
    ("data", "code"),
    [(blank_png(), "blank-image"), (b"GIF89a", "unsupported-image"), (b"", "broken-image")],
)
def test_what_cannot_be_read_is_a_problem_as_ever(
    client: TestClient, data: bytes, code: str
) -> None:
    explained, predicted = (client.post(path, content=data) for path in ("/explain", "/predict"))
    assert explained.json() == predicted.json()
    assert (explained.status_code, explained.json()["code"]) == (predicted.status_code, code)


def test_many_at_once_are_bounded(tiny_model: Path) -> None:
    app = create_app(Settings(models=(str(tiny_model),), max_waiting=4, threads=1, request_s=60))

    async def ask() -> list[int]:
        transport = ASGITransport(app=app)
        async with (
            app.router.lifespan_context(app),
            AsyncClient(transport=transport, base_url="http://test") as client,
        ):
            asked = [client.post("/explain", content=png("7")) for _ in range(12)]
            return [response.status_code for response in await asyncio.gather(*asked)]

    statuses = asyncio.run(ask())
    assert set(statuses) == {200, 503}
    assert statuses.count(200) >= 2


def test_it_is_described(client: TestClient) -> None:
    description = client.get("/openapi.json").json()
    operation = description["paths"]["/explain"]["post"]
    answer = operation["responses"]["200"]["content"]["application/json"]["schema"]
    assert answer["$ref"].endswith("/ExplanationBody")
    assert operation["requestBody"] == description["paths"]["/predict"]["post"]["requestBody"]
    properties = description["components"]["schemas"]["ExplanationBody"]["properties"]
    assert "Zeiler" in properties["occlusion"]["description"]
