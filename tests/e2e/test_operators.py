"""What those who run a server see of it: metrics of all workers, a log, who may ask."""

import json
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.patience import PATIENCE_S
from tests.tiny import png

from .conftest import Server, serving


@pytest.fixture
def client() -> Iterator[httpx.Client]:
    """Patient, and with a new connection each time, so that all workers get asked."""
    with httpx.Client(timeout=PATIENCE_S, headers={"connection": "close"}) as started:
        yield started


def _ask(client: httpx.Client, server: Server, **headers: str) -> httpx.Response:
    return client.post(f"{server.address}/predict", content=png("3"), headers=headers)


def _metrics(client: httpx.Client, server: Server) -> dict[tuple[str, ...], float]:
    text = client.get(f"{server.address}/metrics").text
    return {
        (sample.name.removeprefix("inkdigits_"), *sorted(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def _children(pid: int) -> list[int]:
    """Worker processes of a supervisor."""
    found = []
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            words = status.read_text(encoding="ascii", errors="replace").split()
            line = status.with_name("cmdline").read_bytes()
        except OSError:
            continue  # gone meanwhile
        if words[words.index("PPid:") + 1] == str(pid) and line and b"resource_tracker" not in line:
            found.append(int(status.parent.name))
    return found


def test_any_of_two_workers_tells_of_both(client: httpx.Client, tiny_model: Path) -> None:
    with serving("--workers", "2", "--model", str(tiny_model)) as server:
        before = _metrics(client, server)
        for _ in range(20):
            assert _ask(client, server).status_code == 200
        for _ in range(6):
            found = _metrics(client, server)
            name = ("requests_total", "", "/predict", "200", "POST")
            assert found[name] == before.get(name, 0) + 20
            assert found["predictions_total", "", "3", "tiny", "true"] == 20
            assert found["stage_seconds_count", "model"] == 20


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="finds workers as on Linux")
def test_a_worker_that_died_is_no_longer_told_of_but_its_counts_stay(
    client: httpx.Client, tiny_model: Path
) -> None:
    with serving("--workers", "2", "--model", str(tiny_model)) as server:
        end_s = time.monotonic() + PATIENCE_S
        while _metrics(client, server)["workers",] < 2 and time.monotonic() < end_s:
            time.sleep(0.1)
        for _ in range(10):
            assert _ask(client, server).status_code == 200
        killed = _children(server.process.pid)[0]
        os.kill(killed, signal.SIGKILL)
        while killed in (alive := _children(server.process.pid)) or len(alive) < 2:
            assert time.monotonic() < end_s
            time.sleep(0.05)
        seen = 0.0
        while seen < 2 and time.monotonic() < end_s:
            found = _metrics(client, server)
            seen = found["workers",]
            assert found["predictions_total", "", "3", "tiny", "true"] == 10
    assert seen == 2


def test_the_log_is_json_with_the_id_of_each_request(
    client: httpx.Client, tiny_model: Path
) -> None:
    with serving("--model", str(tiny_model), INKDIGITS_LOG_FORMAT="json") as server:
        answer = _ask(client, server, **{"x-request-id": "asked-by-test"})
        assert answer.headers["x-request-id"] == "asked-by-test"
        server.process.send_signal(signal.SIGTERM)
        server.process.wait(PATIENCE_S)
        lines = [json.loads(line) for line in server.written().splitlines()]
    [line] = [line for line in lines if line.get("request_id") == "asked-by-test"]
    assert line.items() >= {"route": "/predict", "status": 200, "level": "info"}.items()
    assert {"uvicorn.error", "inkdigits.access"} <= {line["logger"] for line in lines}


def test_keys_are_asked_for_and_counted_by_all_workers(
    client: httpx.Client, tiny_model: Path
) -> None:
    key = "the-first-key-of-all"
    environ = {
        "INKDIGITS_API_KEYS": key,
        "INKDIGITS_KEY_REQUESTS_PER_S": "1",
        "INKDIGITS_KEY_BURST": "30",
    }
    with serving("--workers", "2", "--model", str(tiny_model), **environ) as server:
        assert _ask(client, server).status_code == 401
        start_s = time.monotonic()
        answers = [_ask(client, server, **{"x-api-key": key}).status_code for _ in range(50)]
        passed = answers.count(200)
        assert 30 <= passed <= 31 + time.monotonic() - start_s
        assert key not in server.written()
