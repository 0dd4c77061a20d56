from starlette.testclient import TestClient

from inkdigits.service.infer_docs import INFER, INFER_BODY


def test_the_request_is_described(client: TestClient) -> None:
    described = INFER_BODY["requestBody"]["content"]
    assert set(described) == {"application/json", "application/octet-stream"}
    name = described["application/json"]["schema"]["$ref"].rpartition("/")[2]
    assert "inputs" in client.get("/openapi.json").json()["components"]["schemas"][name]["required"]


def test_every_status_says_what_it_means() -> None:
    assert {200, 400, 404, 413, 415, 422, 503, 504} == set(INFER)
    assert all(answer["description"] for answer in INFER.values())
