"""What goes wrong around a server: full queues, clients that leave, clocks, disks, logs."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.fuzz.seeds import large_seeds
from tests.patience import PATIENCE_S
from tests.tiny import png

from .conftest import Server, free_port, serving, wait_until_ready

MIB = 1024 * 1024
SEVEN = png("7")
HEAD = b"POST /predict HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n"


def _large() -> bytes:
    """25 million px in 110 kB, with nothing drawn."""
    return large_seeds()["zeros.png"]


def _measured(server: Server, name: str, **labels: str) -> float:
    text = httpx.get(f"{server.address}/metrics", timeout=PATIENCE_S).text
    families = text_string_to_metric_families(text)
    samples = [one for family in families for one in family.samples if one.name == name]
    return sum(one.value for one in samples if labels.items() <= one.labels.items())


def _wait_for(server: Server, name: str, value: float, **labels: str) -> None:
    end_s = time.monotonic() + PATIENCE_S
    while (found := _measured(server, name, **labels)) != value:
        assert time.monotonic() < end_s, f"{name} is {found}, not {value}"
        time.sleep(0.1)


def _reads(server: Server) -> bool:
    answer = httpx.post(f"{server.address}/predict", content=SEVEN, timeout=PATIENCE_S)
    return bool(answer.json().get("digit") == "7")


def _half_a_request(server: Server, data: bytes, size: int) -> socket.socket:
    one = socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE_S)
    one.sendall(HEAD % size + data)
    return one


def test_when_all_is_full_the_rest_is_refused_at_once(tiny_model: Path) -> None:
    few = {"INKDIGITS_MAX_WAITING": "4", "INKDIGITS_THREADS": "1"}  # of large ones one waits
    with (
        serving("--model", str(tiny_model), **few) as server,
        httpx.Client(base_url=server.address, timeout=PATIENCE_S) as client,
    ):
        data = _large()

        def ask(_: int) -> httpx.Response:
            return client.post("/predict", content=data)

        with ThreadPoolExecutor(24) as pool:
            answers = [*pool.map(ask, range(48))]
            assert _reads(server)
        counts = Counter((one.status_code, one.json()["code"]) for one in answers)
        assert set(counts) == {(422, "blank-image"), (503, "overloaded")}, counts
        refused = [one for one in answers if one.status_code == 503]
        assert {one.headers["retry-after"] for one in refused} == {"1"}
        served_s = max(one.elapsed for one in answers if one.status_code == 422)
        assert min(one.elapsed for one in refused) < served_s
        _wait_for(server, "inkdigits_refused_total", len(refused))
        _wait_for(server, "inkdigits_in_flight", 0)


def test_clients_that_leave_while_they_send_free_what_they_held(server: Server) -> None:
    """128 MiB of bodies are held at a time: 31 clients hold 124 of them, then they leave."""
    whole = bytes(8 * MIB)
    for _ in range(2):
        halves = [_half_a_request(server, whole[: 4 * MIB], 8 * MIB) for _ in range(31)]
        end_s = time.monotonic() + PATIENCE_S
        while httpx.post(f"{server.address}/predict", content=whole).status_code != 503:
            assert time.monotonic() < end_s  # until all of it has arrived
        assert _reads(server)
        for one in halves:
            one.close()
        while httpx.post(f"{server.address}/predict", content=whole).status_code == 503:
            assert time.monotonic() < end_s
            time.sleep(0.05)
    assert "Traceback" not in server.written()


def test_clients_that_leave_before_the_answer_free_their_places(tiny_model: Path) -> None:
    few = {"INKDIGITS_MAX_WAITING": "16", "INKDIGITS_THREADS": "1"}
    with serving("--model", str(tiny_model), **few) as server:
        data = _large()
        for _ in range(10):
            for one in [_half_a_request(server, data, len(data)) for _ in range(3)]:
                one.close()
        assert _reads(server)
        # On a busy machine some have left and not yet arrived.
        _wait_for(server, "inkdigits_requests_total", 31, route="/predict")
        _wait_for(server, "inkdigits_in_flight", 0)
        _wait_for(server, "inkdigits_waiting", 0)
        answer = httpx.post(f"{server.address}/predict", content=data, timeout=PATIENCE_S)
        assert answer.json()["code"] == "blank-image"
        assert "Traceback" not in server.written()


def test_heads_that_trickle_are_cut_off_and_harm_nobody(server: Server) -> None:
    alive = {socket.create_connection(("127.0.0.1", server.port)) for _ in range(40)}
    end_s, sent = time.monotonic() + PATIENCE_S, False
    while alive and time.monotonic() < end_s:
        for one in list(alive):
            try:
                one.sendall(b"X-A: b\r\n" if sent else b"GET / HTTP/1.1\r\n")
                one.settimeout(0.001)
                one.recv(1)
            except TimeoutError:
                continue
            except OSError:
                pass  # hung up on us
            one.close()
            alive.remove(one)
        sent = True
        assert _reads(server)
        time.sleep(0.5)
    assert not alive
    assert "Traceback" not in server.written()


def test_a_clock_that_jumps_changes_nothing(tiny_model: Path, tmp_path: Path) -> None:
    """A day forth or back with every look at it; deadlines and beats go by another clock.

    By chance, and not in turn: a server looks at it once a second for the date, and may have
    looked an even number of times between.
    """
    (tmp_path / "sitecustomize.py").write_text(
        "import random, time\n"
        "real, coin = time.time, random.Random(0)\n"
        "time.time = lambda: real() + coin.choice((-86_400, 86_400))\n",
        encoding="utf-8",
    )
    settings = {
        "PYTHONPATH": str(tmp_path),
        "INKDIGITS_API_KEYS": "the-key-of-these-tests",
        "INKDIGITS_KEY_REQUESTS_PER_S": "1000",
        "INKDIGITS_KEY_BURST": "1000",
    }
    with serving("--workers", "2", "--model", str(tiny_model), **settings) as server:
        start_s = time.monotonic()
        dates: set[str] = set()
        while time.monotonic() - start_s < (4 if len(dates) > 1 else PATIENCE_S):
            answer = httpx.post(
                f"{server.address}/predict",
                content=SEVEN,
                headers={"x-api-key": settings["INKDIGITS_API_KEYS"]},
            )
            assert answer.json()["digit"] == "7"
            dates.add(answer.headers["date"][:16])
        assert len(dates) > 1  # it does jump
        assert "starting another" not in server.written()
        assert "Traceback" not in server.written()


def _serve_by_shell(shell: str, *words: str) -> tuple[list[str], int]:
    port = free_port()
    serve = [sys.executable, "-m", "inkdigits", "serve", "--port", str(port), *words]
    return ["sh", "-c", shell, "sh", *serve], port


def test_no_room_for_metrics_is_one_line_before_anything_is_served(tiny_model: Path) -> None:
    words = ("--workers", "2", "--model", str(tiny_model))
    command, _ = _serve_by_shell('ulimit -f 200; exec "$@"', *words)
    run = subprocess.run(command, capture_output=True, text=True, check=False, timeout=PATIENCE_S)
    assert run.returncode == 1
    assert run.stderr.splitlines()[-1].startswith("inkdigits: PROMETHEUS_MULTIPROC_DIR: ")
    assert "Traceback" not in run.stderr


def test_no_upload_is_ever_written_to_a_disk(tiny_model: Path) -> None:
    """By a server that may not write one byte into any file."""
    command, port = _serve_by_shell('ulimit -f 0; exec "$@"', "--model", str(tiny_model))
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, stdout=quiet, stderr=quiet, start_new_session=True) as process:
        try:
            server = Server(port, process, quiet)  # type: ignore[arg-type]  # no log
            wait_until_ready(server)
            for size in (2 * MIB, 7 * MIB):
                files = {"file": ("seven.png", SEVEN + bytes(size))}
                answer = httpx.post(f"{server.address}/predict", files=files, timeout=PATIENCE_S)
                assert answer.json()["digit"] == "7"
                both = [("file", ("a", SEVEN + bytes(size)))] * 2
                answer = httpx.post(
                    f"{server.address}/predict/batch", files=both, timeout=PATIENCE_S
                )
                assert [one["digit"] for one in answer.json()["results"]] == ["7", "7"]
        finally:
            stop_group(process)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a full disk is a device of Linux")
@pytest.mark.parametrize("workers", ["1", "2"])
@pytest.mark.parametrize("log", ["2>/dev/full", "2>&-", "2>&1 | true"])
def test_a_log_that_takes_nothing_stops_nothing(tiny_model: Path, workers: str, log: str) -> None:
    words = ("--workers", workers, "--model", str(tiny_model))
    shell = f'echo $$; exec "$@" {log}' if "|" not in log else f'"$@" {log}; sleep 60'
    command, port = _serve_by_shell(shell, *words)
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, start_new_session=True) as process:
        server = Server(port, process, subprocess.DEVNULL)  # type: ignore[arg-type]  # no log
        try:
            wait_until_ready(server)
            assert all(_reads(server) for _ in range(20))
            bad = httpx.post(f"{server.address}/predict", content=b"no picture")
            assert bad.status_code == 415
        finally:
            stop_group(process)


def stop_group(process: "subprocess.Popen[bytes]") -> None:
    """End a shell and all that it has started."""
    os.killpg(process.pid, signal.SIGTERM)
    process.wait(PATIENCE_S)
