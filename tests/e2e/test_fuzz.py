"""Hostile files, sent to a running server: refused for a reason that is documented, or read."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import httpx

from tests.fuzz.__main__ import ANSWERS, hostile_file
from tests.fuzz.seeds import small_seeds
from tests.patience import PATIENCE_S
from tests.tiny import png

from .conftest import Server

CODES = {"broken-image", "unsupported-image", "image-too-large", "blank-image"}
FILES = 480


def test_hostile_files_are_read_or_refused_for_a_known_reason(server: Server) -> None:
    with httpx.Client(base_url=server.address, timeout=PATIENCE_S) as client:

        def send(number: int) -> tuple[int, str]:
            data = hostile_file(number + number // 49, seed=7)  # leaves the large ones out
            files = {"file": ("x.png", data)} if number % 2 else None
            answer = client.post("/predict", content=None if files else data, files=files)
            return answer.status_code, answer.json().get("code", "")

        with ThreadPoolExecutor(8) as pool:
            found = Counter(pool.map(send, range(FILES)))
    assert {status for status, _ in found} <= ANSWERS, found
    assert {code for _, code in found} == {*CODES, ""}, found
    assert found[200, ""] > FILES / 20
    assert "Traceback" not in server.written()


def test_a_batch_of_hostile_files_has_a_result_for_each(server: Server) -> None:
    sent = [png("7"), *(hostile_file(number, seed=5) for number in range(40))]
    for some in (sent, [png("7"), *small_seeds().values()]):
        files = [("file", ("x", data)) for data in some]
        answer = httpx.post(f"{server.address}/predict/batch", files=files, timeout=PATIENCE_S)
        results = answer.json()["results"]
        assert len(results) == len(some)
        assert results[0]["digit"] == "7"
        assert {one.get("code", "") for one in results} <= {*CODES, ""}
    assert "Traceback" not in server.written()
