from pathlib import Path
from typing import Any

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from inkdigits.service.app import create_app
from inkdigits.service.schemas_batch import BatchBody, NumberBatchBody
from inkdigits.service.settings import Settings
from tests.tiny import blank_png, encoded, picture, png
from tests.written import number_png

BATCH = "/predict/batch"


def _send(
    client: TestClient, *pictures: bytes, field: str = "file", query: str = "", to: str = BATCH
) -> Response:
    return client.post(to + query, files=[(field, ("a.png", one)) for one in pictures])


def _assert_problem(response: Response, status: int, code: str) -> dict[str, Any]:
    body: dict[str, Any] = response.json()
    assert (response.status_code, body["status"], body["code"]) == (status, status, code)
    return body


def test_each_picture_has_its_answer_or_its_problem_in_order(client: TestClient) -> None:
    pictures = (png("3"), b"GIF89a", blank_png(), encoded(picture("5", side=1500)), png("7"))
    response = _send(client, *pictures)
    results = response.json()["results"]
    told = [result.get("digit", result.get("code")) for result in results]
    assert told == ["3", "unsupported-image", "blank-image", "5", "7"]
    assert [result["status"] for result in results if "code" in result] == [415, 422]
    BatchBody.model_validate_json(response.content, strict=True)


def test_an_answer_is_the_one_of_a_single_request(client: TestClient) -> None:
    [result] = _send(client, png("3"), field="uploaded_image").json()["results"]
    assert result == {"file": "a.png", **client.post("/predict", content=png("3")).json()}


def test_64_pictures_are_read_and_65_are_not(client: TestClient) -> None:
    assert len(_send(client, *[png("1")] * 64).json()["results"]) == 64
    body = _assert_problem(_send(client, *[png("1")] * 65), 413, "batch-too-large")
    assert (body["found"], body["allowed"]) == ("65", ["64"])


@pytest.mark.parametrize("count", [82, 1000])
def test_far_too_many_are_a_damaged_form(client: TestClient, count: int) -> None:
    _assert_problem(_send(client, *[b""] * count), 422, "bad-upload")


def test_a_single_file_is_as_bounded_as_anywhere(tiny_model: Path) -> None:
    app = create_app(Settings(models=(str(tiny_model),), max_bytes=5000, max_batch_bytes=100_000))
    with TestClient(app) as client:
        assert "digit" in _send(client, png("7")).json()["results"][0]
        results = _send(client, png("7"), bytes(50_000)).json()["results"]
        assert results[1]["code"] == "image-too-large"
        body = _assert_problem(_send(client, *[bytes(4000)] * 30), 413, "batch-too-large")
        assert body["allowed"] == ["100000"]


def test_the_pixels_of_all_are_bounded(client: TestClient) -> None:
    large = encoded(picture("1", side=4900))
    assert len(large) < 1_000_000
    _assert_problem(_send(client, *[large] * 6), 413, "batch-too-large")


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (png("7"), "image/png"),
        (b"", "multipart/form-data; boundary=cut"),
        (b"--cut--\r\n", "multipart/form-data; boundary=cut"),
    ],
)
def test_what_is_no_form_of_files_is_a_problem(
    client: TestClient, content: bytes, kind: str
) -> None:
    response = client.post(BATCH, content=content, headers={"content-type": kind})
    assert "1 to 64 pictures" in _assert_problem(response, 422, "bad-upload")["detail"]


def test_a_model_is_chosen_by_its_name(client: TestClient) -> None:
    [result] = _send(client, png("7"), query="?model=tiny").json()["results"]
    assert result["model"]["name"] == "tiny"
    _assert_problem(_send(client, png("7"), query="?model=x"), 404, "model-not-found")


def test_numbers_have_their_answers_or_problems_in_order(client: TestClient) -> None:
    pictures = (number_png("58"), b"GIF89a", blank_png(), number_png("3"))
    response = _send(client, *pictures, to="/numbers/batch", query="?max_length=3")
    results = response.json()["results"]
    assert [one.get("code") for one in results] == [None, "unsupported-image", "blank-image", None]
    NumberBatchBody.model_validate_json(response.content, strict=True)
    alone = client.post("/numbers?max_length=3", content=number_png("58")).json()
    assert results[0] == {"file": "a.png", **alone}


def test_what_is_expected_is_expected_of_each(client: TestClient) -> None:
    pictures = (number_png("58"), number_png("3"))
    results = _send(client, *pictures, to="/numbers/batch", query="?length=2").json()["results"]
    assert len(results[0]["number"]) == 2
    assert results[1]["number"] is None or len(results[1]["number"]) == 2
    results = _send(client, png("7"), png("1"), query="?allowed=1").json()["results"]
    assert all(one["digit"] in (None, "1") for one in results)
    assert results[1]["digit"] == "1"
    query = "?length=2&pattern=99"
    _assert_problem(_send(client, *pictures, to="/numbers/batch", query=query), 422, "mismatch")


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("a.png", "a.png"),
        ("../../etc/passwd", "../../etc/passwd"),
        ("sieben \u00e4.png", "sieben \u00e4.png"),
        ("x" * 300, "x" * 200),
        ("<b>\u202e.png", "<b>?.png"),
    ],
)
def test_a_file_keeps_its_name_as_far_as_it_can_be_shown(
    client: TestClient, name: str, shown: str
) -> None:
    files = [("file", (name, png("7"))), ("file", (name, b"GIF89a"))]
    results = client.post(BATCH, files=files).json()["results"]
    assert [one["file"] for one in results] == [shown, shown]


def test_a_file_without_a_name_has_none(client: TestClient) -> None:
    head = b'--cut\r\nContent-Disposition: form-data; name="file"; filename=""\r\n\r\n'
    headers = {"content-type": "multipart/form-data; boundary=cut"}
    response = client.post(BATCH, content=head + png("7") + b"\r\n--cut--\r\n", headers=headers)
    [result] = response.json()["results"]
    assert (result["file"], result["digit"]) == (None, "7")
