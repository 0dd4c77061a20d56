"""Requests as clients send them, and as attackers do: each is a digit or a problem of the table."""

import base64
import json
from typing import Any

import numpy as np
import pytest
from httpx2 import Response
from PIL import Image
from starlette.testclient import TestClient

from inkdigits.service.problems import MEDIA_TYPE
from inkdigits.service.uploads import QUICK_BYTES
from tests.tiny import encoded, picture, png

SEVEN = png("7")
GRAIN = np.random.default_rng(0).integers(0, 40, (240, 240), np.uint8)
LARGE = encoded(Image.fromarray(np.minimum(np.asarray(picture("7", side=240)), 255 - GRAIN)))
FORM = "multipart/form-data; boundary=cut"
DISPOSITION = b'Content-Disposition: form-data; name="file"; filename="a.png"'


def _part(headers: bytes, body: bytes) -> bytes:
    return b"--cut\r\n" + headers + b"\r\n\r\n" + body + b"\r\n"


def _send(client: TestClient, body: bytes | str, kind: str | None) -> Response:
    return client.post("/predict", content=body, headers={"content-type": kind} if kind else {})


def _assert_problem(response: Response, status: int, code: str) -> dict[str, Any]:
    assert (response.status_code, response.headers["content-type"]) == (status, MEDIA_TYPE)
    body: dict[str, Any] = response.json()
    assert (body["code"], body["status"]) == (code, status)
    return body


@pytest.mark.parametrize("field", ["file", "uploaded_image"])
def test_a_form_is_read_whatever_its_file_is_called(client: TestClient, field: str) -> None:
    for name, kind in (("a.png", "image/png"), ("a.html", "text/html"), ("", "x")):
        response = client.post("/predict", files={field: (name or "-", SEVEN, kind)})
        assert response.json()["digit"] == "7"


@pytest.mark.parametrize(
    "kind",
    [
        "image/png",
        "image/jpeg",
        "IMAGE/PNG; q=1",
        "application/octet-stream",
        "application/x-www-form-urlencoded",
        "application/json",
        "multipart/mixed; boundary=x",
        ";;;",
        "é",
        None,
    ],
)
def test_a_raw_body_is_read_whatever_it_says_it_is(client: TestClient, kind: str | None) -> None:
    headers = {"content-type": kind.encode("latin-1")} if kind else {}
    response = client.post("/predict", content=SEVEN, headers=headers)  # type: ignore[arg-type]
    assert (response.status_code, response.json()["digit"]) == (200, "7")


def test_other_fields_beside_the_file_do_no_harm(client: TestClient) -> None:
    response = client.post("/predict", files={"file": SEVEN}, data={"note": "x", "more": "y"})
    assert response.json()["digit"] == "7"


def test_a_form_without_our_field_says_which_are_ours(client: TestClient) -> None:
    response = client.post("/predict", files={"image": SEVEN})
    body = _assert_problem(response, 422, "bad-upload")
    assert "'image'" in body["found"]
    assert body["allowed"][:2] == ["the form field 'file'", "the form field 'uploaded_image'"]


@pytest.mark.parametrize("count", [2, 3, 9])
def test_several_files_are_refused(client: TestClient, count: int) -> None:
    response = client.post("/predict", files=[("file", SEVEN)] * count)
    assert "files" in _assert_problem(response, 422, "bad-upload")["found"]


def test_one_file_in_each_of_our_fields_is_refused(client: TestClient) -> None:
    response = client.post("/predict", files={"file": SEVEN, "uploaded_image": SEVEN})
    assert "2 files" in _assert_problem(response, 422, "bad-upload")["found"]


def test_a_field_of_text_is_no_file(client: TestClient) -> None:
    body = _part(b'Content-Disposition: form-data; name="file"', b"seven") + b"--cut--\r\n"
    assert "text" in _assert_problem(_send(client, body, FORM), 422, "bad-upload")["found"]


@pytest.mark.parametrize("count", [17, 5000])
def test_many_fields_are_refused(client: TestClient, count: int) -> None:
    parts = [_part(b'Content-Disposition: form-data; name="f"', b"") for _ in range(count)]
    _assert_problem(_send(client, b"".join(parts) + b"--cut--\r\n", FORM), 422, "bad-upload")


def test_a_huge_field_of_text_is_refused(client: TestClient) -> None:
    body = _part(b'Content-Disposition: form-data; name="note"', bytes(100_000)) + b"--cut--\r\n"
    _assert_problem(_send(client, body, FORM), 422, "bad-upload")


@pytest.mark.parametrize("kind", ["image/png", None])
def test_an_empty_body_is_a_broken_picture(client: TestClient, kind: str | None) -> None:
    _assert_problem(_send(client, b"", kind), 422, "broken-image")


@pytest.mark.parametrize("name", ["a.png", ""])
def test_an_empty_file_is_a_broken_picture(client: TestClient, name: str) -> None:
    disposition = f'Content-Disposition: form-data; name="file"; filename="{name}"'.encode()
    body = _part(disposition, b"") + b"--cut--\r\n"
    _assert_problem(_send(client, body, FORM), 422, "broken-image")


WHOLE = _part(DISPOSITION, SEVEN) + b"--cut--\r\n"
DAMAGED = {
    "no boundary": (WHOLE, "multipart/form-data"),
    "empty boundary": (WHOLE, "multipart/form-data; boundary="),
    "another boundary": (WHOLE, "multipart/form-data; boundary=other"),
    "very long boundary": (WHOLE, "multipart/form-data; boundary=" + "x" * 5000),
    "empty form": (b"", FORM),
    "only the end": (b"--cut--\r\n", FORM),
    "cut in the file": (WHOLE[:200], FORM),
    "cut in the headers": (WHOLE[:20], FORM),
    "no disposition": (_part(b"Content-Type: image/png", SEVEN) + b"--cut--\r\n", FORM),
    "no name": (_part(b"Content-Disposition: form-data", SEVEN) + b"--cut--\r\n", FORM),
    "bad header": (_part(b"\0\xff: \0", SEVEN) + b"--cut--\r\n", FORM),
    "huge header": (_part(b"X: " + b"y" * 200_000, SEVEN) + b"--cut--\r\n", FORM),
    "many headers": (_part(b"\r\n".join([b"X: y"] * 5000), SEVEN) + b"--cut--\r\n", FORM),
    "not a form": (b"{}", FORM),
    "line feeds only": (WHOLE.replace(b"\r\n", b"\n"), FORM),
    "zeros": (bytes(10_000), FORM),
}


@pytest.mark.parametrize("name", DAMAGED)
def test_a_damaged_form_is_a_problem(client: TestClient, name: str) -> None:
    _assert_problem(_send(client, *DAMAGED[name]), 422, "bad-upload")


@pytest.mark.parametrize(
    "charset", ["idna", "undefined", "punycode", "unicode_escape", "zlib", "rot13", "utf-16", "?"]
)
def test_a_charset_of_the_clients_choice_does_no_harm(client: TestClient, charset: str) -> None:
    name = rb'Content-Disposition: form-data; name="xn--\\ud800"; filename="\\ud800.\xff"'
    body = _part(name, SEVEN) + b"--cut--\r\n"
    _assert_problem(_send(client, body, f"{FORM}; charset={charset}"), 422, "bad-upload")


def test_a_transfer_that_lies_about_its_coding_is_a_problem(client: TestClient) -> None:
    headers = {"content-encoding": "gzip"}
    response = client.post("/predict", content=b"\x1f\x8b\x08junk", headers=headers)
    _assert_problem(response, 415, "unsupported-image")


@pytest.mark.parametrize("kind", ["application/json", "text/plain", "image/png", ""])
@pytest.mark.parametrize("data", [SEVEN, LARGE], ids=["quick", "in a thread"])
def test_a_picture_may_come_as_text(client: TestClient, data: bytes, kind: str) -> None:
    url = "data:image/png;base64," + base64.b64encode(data).decode()
    alone = client.post("/predict", content=data).json()
    assert alone["digit"] == "7"
    for body in (url, base64.b64encode(data), json.dumps({"image": url})):
        assert _send(client, body, kind).json() == alone


def test_json_without_a_picture_says_what_to_send(client: TestClient) -> None:
    body = _assert_problem(_send(client, b'{"img": "x"}', "application/json"), 422, "bad-upload")
    assert 'JSON, {"image": "data:image/png;base64,..."}' in body["allowed"]


def test_the_large_one_is_large() -> None:
    assert len(SEVEN) < QUICK_BYTES < len(base64.b64encode(LARGE))


@pytest.mark.parametrize("address", ["/predict", "/predict/batch", "/numbers", "/explain"])
@pytest.mark.parametrize("name", ["length", "allowed", "model"])
def test_what_is_asked_in_a_form_is_not_ignored(
    client: TestClient, address: str, name: str
) -> None:
    response = client.post(address, files={"file": ("a.png", SEVEN)}, data={name: "5"})
    assert f"?{name}=" in _assert_problem(response, 422, "bad-upload")["found"]
