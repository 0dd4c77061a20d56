import asyncio
import json
import struct
import threading
import time
import zlib
from dataclasses import replace
from pathlib import Path

import pytest
from httpx2 import ASGITransport, AsyncClient, Response
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from pydantic import TypeAdapter
from starlette.testclient import TestClient

from inkdigits.decision.prediction import Prediction
from inkdigits.engine.cost import is_quick
from inkdigits.model.loading import load_model
from inkdigits.reader import Reader
from inkdigits.service.app import create_app
from inkdigits.service.problems import MEDIA_TYPE
from inkdigits.service.settings import Settings
from tests.tiny import blank_png, encoded, picture, png

FIELDS = (
    "digit accepted reason confidence probabilities not_a_digit alternatives box hint page model"
)


def _post(client: TestClient, body: bytes, query: str = "") -> Response:
    return client.post(f"/predict{query}", content=body, headers={"content-type": "image/png"})


def _zeros_png(side: int) -> bytes:
    """A PNG of zeros, made by hand: Pillow would need its pixels first."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    packer = zlib.compressobj(9)
    row = bytes(1 + side)
    data = b"".join(packer.compress(row) for _ in range(side)) + packer.flush()
    header = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    parts = (chunk(b"IHDR", header), chunk(b"IDAT", data), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


@pytest.mark.parametrize("digit", "0123456789")
def test_every_digit_is_read(client: TestClient, digit: str) -> None:
    body = _post(client, png(digit)).json()
    assert (body["digit"], body["accepted"], body["reason"]) == (digit, True, None)


def test_the_answer_is_the_readers_in_the_order_of_the_contract(
    client: TestClient, tiny_model: Path
) -> None:
    response = _post(client, png("7"))
    expected = Reader(load_model(tiny_model)).predict_digit(png("7"))
    assert response.json() == expected.to_dict()
    assert list(json.loads(response.text)) == FIELDS.split()
    read = TypeAdapter(Prediction).validate_json(response.content, strict=True)
    assert read.to_dict() == expected.to_dict()


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_large_picture_is_read_the_same_in_its_thread(client: TestClient, kind: str) -> None:
    data = encoded(picture("3", side=2500), kind)
    assert not is_quick(data)
    assert _post(client, data).json()["digit"] == "3"


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"", 422, "broken-image"),
        (b"just text", 415, "unsupported-image"),
        (b"<!doctype html><html>.png</html>", 415, "unsupported-image"),
        (b"GIF89a" + bytes(100), 415, "unsupported-image"),
        (b"\x89PNG\r\n\x1a\n", 422, "broken-image"),
        (png("7")[:-100], 422, "broken-image"),
        (encoded(picture("7"), "JPEG")[:300], 422, "broken-image"),
        (b"\xff\xd8\xff\xd9", 422, "broken-image"),
        (bytes(9 * 1024 * 1024), 413, "image-too-large"),
        (_zeros_png(13_000), 413, "image-too-large"),
        (encoded(Image.new("L", (2000, 20))), 413, "image-too-large"),
        (blank_png(), 422, "blank-image"),
        (encoded(Image.new("L", (64, 64), 0)), 422, "blank-image"),
        (encoded(Image.new("RGBA", (64, 64), (0, 0, 0, 0))), 422, "blank-image"),
    ],
    ids=lambda value: value[:12] if isinstance(value, bytes) else value,
)
def test_what_is_no_digit_has_its_problem(
    client: TestClient, body: bytes, status: int, code: str
) -> None:
    start = time.process_time()
    response = _post(client, body)
    assert time.process_time() - start < 1
    assert (response.status_code, response.headers["content-type"]) == (status, MEDIA_TYPE)
    assert response.json()["code"] == code


def test_an_unsupported_picture_says_what_is_allowed(client: TestClient) -> None:
    body = _post(client, b"GIF89a" + bytes(100)).json()
    assert "GIF" in body["found"]
    assert body["allowed"] == ["PNG", "JPEG"]


def test_a_model_is_chosen_by_its_name(client: TestClient) -> None:
    assert _post(client, png("7"), "?model=tiny").json()["model"] == {
        "name": "tiny",
        "version": "1",
    }


@pytest.mark.parametrize("name", ["resnet", "", "%00", "%ff", "../tiny", "x" * 5000, "tiny "])
def test_an_unknown_model_is_a_problem_that_lists_the_known(client: TestClient, name: str) -> None:
    response = _post(client, png("7"), f"?model={name}")
    assert response.status_code == 404
    assert response.json()["code"] == "model-not-found"
    assert "one of tiny" in response.json()["detail"]


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_other_methods_are_refused(client: TestClient, method: str) -> None:
    response = client.request(method, "/predict")
    assert (response.status_code, response.headers["allow"]) == (405, "POST")
    assert response.json()["code"] == "method-not-allowed"


def test_a_full_server_refuses_and_says_when_to_come_again(tiny_model: Path) -> None:
    app = create_app(Settings(models=(str(tiny_model),), max_waiting=1, threads=1))

    async def main() -> list[Response]:
        transport = ASGITransport(app)
        async with AsyncClient(transport=transport, base_url="http://x") as client:
            asked = [client.post("/predict", content=png("7")) for _ in range(10)]
            return await asyncio.gather(*asked)

    with TestClient(app):
        answers = asyncio.run(main())
    statuses = [answer.status_code for answer in answers]
    assert set(statuses) == {200, 503}
    refused = answers[statuses.index(503)]
    assert (refused.json()["code"], refused.headers["retry-after"]) == ("overloaded", "1")
    assert refused.headers["content-type"] == MEDIA_TYPE


def test_what_takes_too_long_is_given_up(tiny_model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = create_app(Settings(models=(str(tiny_model),)))
    with TestClient(app) as client:
        engine = app.state.engine
        monkeypatch.setattr(engine, "limits", replace(engine.limits, request_s=1e-6))
        response = client.post("/predict", content=encoded(picture("3", side=2500)))
    assert (response.status_code, response.json()["code"]) == (504, "deadline-exceeded")


def test_a_server_about_to_stop_refuses_and_hangs_up(tiny_model: Path) -> None:
    app = create_app(Settings(models=(str(tiny_model),)))
    with TestClient(app) as client:
        app.state.engine.drain()
        response = _post(client, png("7"))
        assert (response.status_code, response.json()["code"]) == (503, "draining")
        assert response.headers["retry-after"] == "1"
        assert client.get("/health/live").status_code == 200
        assert client.get("/health/ready").json()["detail"] == "this server is about to stop"


def test_many_at_once_get_their_own_answers(client: TestClient) -> None:
    answers: dict[int, str] = {}

    def ask(number: int) -> None:
        side = 2500 if number % 3 == 0 else 160
        data = encoded(picture(str(number % 10), side=side))
        answers[number] = _post(client, data).json()["digit"]

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == {number: str(number % 10) for number in range(20)}


kinds = st.sampled_from(["image/png", "multipart/form-data; boundary=b", "text/plain", ""])
forms = st.lists(
    st.sampled_from(
        [
            *(b"--b", b"--b--", b"\r\n", b"\n", b"\r\n\r\n", b": ", b'"', b";", b"\0", png("7")),
            b'Content-Disposition: form-data; name="file"; filename="a"',
            b'Content-Disposition: form-data; name="file"',
            b"Content-Transfer-Encoding: base64",
        ]
    ),
    max_size=12,
).map(b"".join)


@settings(max_examples=150)
@given(body=st.one_of(forms, st.binary(max_size=300)), kind=kinds, model=st.text(max_size=5))
def test_nothing_that_is_sent_makes_the_server_fail(
    client: TestClient, body: bytes, kind: str, model: str
) -> None:
    params = {"model": model} if model else {}
    headers = {"content-type": kind}
    response = client.post("/predict", content=body, headers=headers, params=params)
    assert response.status_code in {200, 404, 413, 415, 422}
    if response.status_code != 200:
        assert response.headers["content-type"] == MEDIA_TYPE
        assert response.json()["status"] == response.status_code
