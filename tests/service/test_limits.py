from collections.abc import Iterator

import pytest
from fastapi import FastAPI, Request
from starlette.testclient import TestClient

from inkdigits.service.limits import FORM_OVERHEAD_BYTES, BodyLimit
from inkdigits.service.problems import install_problems

MAX = 1000
MAX_BODY = MAX + FORM_OVERHEAD_BYTES


@pytest.fixture
def counted() -> list[int]:
    """How many bytes the application has seen."""
    return [0]


@pytest.fixture
def client(counted: list[int]) -> TestClient:
    app = FastAPI()
    install_problems(app)
    app.add_middleware(BodyLimit, max_bytes=MAX)

    @app.post("/")
    async def take(request: Request) -> int:
        async for chunk in request.stream():
            counted[0] += len(chunk)
        return counted[0]

    return TestClient(app, raise_server_exceptions=False)


def _chunks(count: int, size: int) -> Iterator[bytes]:
    for _ in range(count):
        yield bytes(size)


def test_a_body_at_the_limit_passes(client: TestClient) -> None:
    assert client.post("/", content=bytes(MAX_BODY)).json() == MAX_BODY


def test_an_announced_size_is_refused_before_a_byte_is_read(
    client: TestClient, counted: list[int]
) -> None:
    response = client.post("/", content=bytes(MAX_BODY + 1))
    assert response.status_code == 413
    assert response.json()["code"] == "image-too-large"
    assert (response.json()["found"], response.json()["allowed"]) == (MAX_BODY + 1, MAX)
    assert counted == [0]


def test_a_streamed_body_is_cut_off_when_it_grows_too_large(
    client: TestClient, counted: list[int]
) -> None:
    response = client.post("/", content=_chunks(200, 1000))
    assert response.status_code == 413
    assert response.json()["code"] == "image-too-large"
    assert counted[0] <= MAX_BODY


@pytest.mark.parametrize("announced", ["-5", "many", "", "٣", "1e3"])
def test_a_senseless_announcement_does_not_switch_counting_off(
    client: TestClient, announced: str
) -> None:
    headers = {"content-length": announced.encode()}
    response = client.post("/", content=_chunks(200, 1000), headers=headers)  # type: ignore[arg-type]
    assert response.status_code == 413
