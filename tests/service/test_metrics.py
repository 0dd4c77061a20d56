import os
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families
from starlette.testclient import TestClient

from inkdigits.engine.observation import Observation
from inkdigits.service.metrics import PREFIX, Metrics, Served
from inkdigits.service.shared import VARIABLE
from tests.patience import PATIENCE_S
from tests.tiny import png

SERVED = Served("POST", "/predict", 200, "", 0.004)


SEVEN = Observation("cnn", "7", True, None, 0.97, 0.0002, 0.0003, 0.002)  # noqa: FBT003


@dataclass
class Gate:
    in_flight: int = 2
    waiting: int = 3
    refused: int = 5


def values(text: str) -> dict[str, float]:
    """Every sample of a text of metrics, by its name and labels as they are written."""
    return {
        sample.name.removeprefix(PREFIX)
        + "".join(f" {name}={value}" for name, value in sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def written(metrics: Metrics) -> dict[str, float]:
    return values(metrics.write("")[0].decode())


def test_requests_are_counted_by_route_status_and_code() -> None:
    metrics = Metrics()
    metrics.count_request(SERVED)
    metrics.count_request(SERVED)
    metrics.count_request(replace(SERVED, status=422, code="blank-image", seconds=0.2))
    found = written(metrics)
    assert found["requests_total code= method=POST route=/predict status=200"] == 2
    assert found["requests_total code=blank-image method=POST route=/predict status=422"] == 1
    assert found["request_seconds_count route=/predict"] == 3
    assert found["request_seconds_bucket le=0.005 route=/predict"] == 2


def test_readings_are_counted_by_what_was_read_or_why_not() -> None:
    metrics = Metrics()
    metrics.count_reading(SEVEN)
    metrics.count_reading(
        replace(SEVEN, digit=None, accepted=False, reason="not_a_digit", confidence=0.3)
    )
    metrics.count_reading(replace(SEVEN, digit=None, accepted=False, code="blank-image", model_s=0))
    found = written(metrics)
    assert found["predictions_total accepted=true digit=7 model=cnn reason="] == 1
    assert found["predictions_total accepted=false digit= model=cnn reason=not_a_digit"] == 1
    assert found["unread_pictures_total code=blank-image model=cnn"] == 1
    assert found["confidence_bucket le=0.3 model=cnn"] == 1
    assert found["confidence_count model=cnn"] == 2
    stages = {stage: found[f"stage_seconds_count stage={stage}"] for stage in ("decode", "model")}
    assert stages == {"decode": 3, "model": 2}


def test_the_queue_is_sampled_and_refusals_add_up() -> None:
    metrics, gate = Metrics(), Gate()
    metrics.sample(gate)
    gate.in_flight, gate.waiting, gate.refused = 1, 0, 6
    metrics.sample(gate)
    metrics.sample(None)
    found = written(metrics)
    assert [found[name] for name in ("in_flight", "waiting", "refused_total")] == [1, 0, 6]
    assert found["cpu_seconds_total"] > 0
    assert found["memory_bytes"] > 10e6 or not Path("/proc").exists()


def test_open_metrics_is_written_to_who_asks() -> None:
    text, content_type = Metrics().write("application/openmetrics-text; version=1.0.0")
    assert content_type.startswith("application/openmetrics-text")
    assert text.endswith(b"# EOF\n")


WORKER = """
import sys
from inkdigits.engine.observation import Observation
from inkdigits.service.metrics import Metrics, Served
from tests.service.test_metrics import SEVEN, Gate
metrics = Metrics()
metrics.count_request(Served("POST", "/predict", 200, "", 0.004))
metrics.count_reading(SEVEN)
metrics.sample(Gate())
print(metrics.write("")[0].decode(), flush=True)
sys.stdin.readline()
"""


def test_several_workers_tell_of_each_other(tmp_path: Path, repo: Path) -> None:
    environ = {**os.environ, VARIABLE: str(tmp_path), "PYTHONPATH": str(repo)}
    words = [sys.executable, "-c", WORKER]
    workers, found = [], {}
    try:
        for _ in range(2):
            pipe = subprocess.PIPE
            worker = subprocess.Popen(words, stdin=pipe, stdout=pipe, env=environ, text=True)
            workers.append(worker)
            assert worker.stdout
            lines = iter(worker.stdout.readline, "\n")
            found = values("".join(lines))
    finally:
        for worker in workers:
            worker.communicate("\n", timeout=PATIENCE_S)
    assert found["requests_total code= method=POST route=/predict status=200"] == 2
    assert found["predictions_total accepted=true digit=7 model=cnn reason="] == 2
    assert found["request_seconds_count route=/predict"] == 2
    assert [found[name] for name in ("in_flight", "waiting", "refused_total")] == [4, 6, 10]


@pytest.mark.parametrize("version", ["x", "", "1.x", "é", "99", "-1.0.0", "1.0.0.0.0"])
@pytest.mark.parametrize("kind", ["application/openmetrics-text", "text/plain"])
def test_who_asks_for_a_version_that_is_none_is_answered(
    client: TestClient, kind: str, version: str
) -> None:
    accept = f"{kind}; version={version}".encode("latin-1")
    answer = client.get("/metrics", headers={b"accept": accept})
    assert answer.status_code == 200
    assert "inkdigits_workers" in answer.text


@pytest.mark.parametrize("accept", ["", "application/openmetrics-text; version=1.0.0"])
def test_the_service_tells_what_it_did(client: TestClient, accept: str) -> None:
    before = values(client.get("/metrics").text)
    assert client.post("/predict", content=png("7")).status_code == 200
    assert client.post("/predict", content=b"no picture").status_code == 415
    answer = client.get("/metrics", headers={"accept": accept})
    found = values(client.get("/metrics").text)
    assert answer.headers["content-type"].startswith(accept[:27] or "text/plain")

    def more(name: str) -> float:
        return found[name] - before.get(name, 0)

    assert more("requests_total code= method=POST route=/predict status=200") == 1
    code = "unsupported-image"
    assert more(f"requests_total code={code} method=POST route=/predict status=415") == 1
    assert found["workers"] == 1
    assert any(name.startswith("model_info name=tiny") for name in found)
