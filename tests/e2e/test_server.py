"""A real server and real clients, over a real socket."""

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from tests.patience import PATIENCE_S
from tests.tiny import encoded, picture, png

from .conftest import Server, serving

MIB = 1024 * 1024


def test_a_form_and_a_body_get_the_same_answer(server: Server) -> None:
    form = httpx.post(f"{server.address}/predict", files={"file": ("x", png("7"))})
    body = httpx.post(f"{server.address}/predict", content=png("7"))
    assert form.json() == body.json()
    assert (form.json()["digit"], form.headers["content-type"]) == ("7", "application/json")


def test_curls_own_way_of_sending_works(server: Server, tmp_path: Path) -> None:
    (tmp_path / "seven.png").write_bytes(png("7"))
    command = ["curl", "-sS", "-F", "file=@seven.png", f"{server.address}/predict"]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert '"digit":"7"' in run.stdout


def test_the_server_does_not_say_what_it_is_made_of(server: Server) -> None:
    headers = httpx.get(server.address).headers
    assert "server" not in headers
    assert "x-powered-by" not in headers


def test_many_clients_get_their_own_answers(server: Server) -> None:
    def ask(number: int) -> str:
        data = encoded(picture(str(number % 10), side=160 + 40 * number))
        return str(httpx.post(f"{server.address}/predict", content=data).json()["digit"])

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(ask, range(40))) == [str(number % 10) for number in range(40)]


@pytest.mark.parametrize("streamed", [False, True])
def test_a_body_of_9_mib_is_refused_and_the_connection_stays_good(
    server: Server, *, streamed: bool
) -> None:
    body = bytes(9 * MIB)
    with httpx.Client(base_url=server.address) as client:
        content = (body[at : at + MIB] for at in range(0, len(body), MIB)) if streamed else body
        response = client.post("/predict", content=content)
        assert response.status_code == 413
        assert response.json()["code"] == "image-too-large"
        assert client.post("/predict", content=png("7")).json()["digit"] == "7"


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="counts memory as Linux does")
def test_memory_stays_bounded(server: Server) -> None:
    """Forty uploads of 8 MiB, eight at a time, cost far less than what was sent."""

    def peak_kib() -> int:
        lines = Path(f"/proc/{server.process.pid}/status").read_text(encoding="ascii").splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))

    before = peak_kib()
    body = b"\x89PNG\r\n\x1a\n" + bytes(8 * MIB - 100)

    def send(_: int) -> int:
        return httpx.post(f"{server.address}/predict", files={"file": body}).status_code

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(send, range(40))) == {422}
    assert peak_kib() - before < 8 * 4 * 8 * 1024


def test_two_workers_serve_the_model_they_were_given(tiny_model: Path) -> None:
    with serving("--workers", "2", "--model", str(tiny_model)) as server:
        answers = [httpx.post(f"{server.address}/predict", content=png("3")) for _ in range(20)]
    assert {answer.json()["model"]["name"] for answer in answers} == {"tiny"}
    assert {answer.json()["digit"] for answer in answers} == {"3"}


def test_it_stops_when_told_to(tiny_model: Path) -> None:
    with serving("--model", str(tiny_model)) as server:
        server.process.send_signal(signal.SIGINT)
        server.process.wait(PATIENCE_S)
        assert "Traceback" not in server.written()
        assert "Finished server process" in server.written()


def test_a_port_in_use_is_one_line_and_status_1(server: Server, tiny_model: Path) -> None:
    words = ["serve", "--port", str(server.port), "--model", str(tiny_model)]
    command = [sys.executable, "-m", "inkdigits", *words]
    run = subprocess.run(command, capture_output=True, text=True, check=False, env=os.environ)
    assert (run.returncode, run.stdout) == (1, "")
    assert run.stderr.startswith(f"inkdigits: address 127.0.0.1:{server.port}: ")
    assert run.stderr.count("\n") == 1
