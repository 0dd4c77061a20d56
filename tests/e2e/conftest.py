"""Real servers in processes of their own, and the tiny model that they serve."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

import httpx
import pytest

from tests.patience import PATIENCE_S
from tests.tiny import write_model

from .browser import Page, start_chromium

UNHURRIED = {
    "INKDIGITS_REQUEST_S": "600",
    "PYTHONPATH": str(Path(__file__).parent / "not_nice"),
}
"""Of a server, so that no test fails because the machine is busy."""


@dataclass
class Server:
    """A running server: where it answers, and what it has written."""

    port: int
    process: subprocess.Popen[bytes]
    output: IO[bytes]

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def spent_s(self) -> float:
        """Processor time that it has taken; 0 where the system does not tell, as Linux does."""
        stat = Path(f"/proc/{self.process.pid}/stat")
        words = stat.read_text(encoding="ascii").rpartition(")")[2].split() if stat.exists() else []
        return sum(map(int, words[11:13])) / os.sysconf("SC_CLK_TCK")

    def written(self) -> str:
        self.output.seek(0)
        return self.output.read().decode()


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_model(tmp_path_factory.mktemp("models") / "tiny.onnx")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


@contextmanager
def serving(*words: str, **settings: str) -> Iterator[Server]:
    """Start `inkdigits serve` with words and INKDIGITS_ settings, wait for it, stop it."""
    environ = {name: text for name, text in os.environ.items() if "INKDIGITS" not in name}
    environ |= UNHURRIED | settings
    port = free_port()
    command = [sys.executable, "-m", "inkdigits", "serve", "--port", str(port), *words]
    with (
        TemporaryFile() as output,
        subprocess.Popen(command, stdout=output, stderr=output, env=environ) as process,
    ):
        server = Server(port, process, output)
        try:
            wait_until_ready(server)
            yield server
        finally:
            process.terminate()
            process.wait(PATIENCE_S)


def wait_until_ready(server: Server) -> None:
    """Ask until it answers that it is ready; fail the test when it ends or takes too long."""
    deadline = time.monotonic() + PATIENCE_S
    while server.process.poll() is None and time.monotonic() < deadline:
        try:
            if httpx.get(f"{server.address}/health/ready").status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.05)
    pytest.fail(f"the server did not get ready:\n{server.written()}")


@pytest.fixture(scope="session")
def server(tiny_model: Path) -> Iterator[Server]:
    with serving("--model", str(tiny_model)) as started:
        yield started


@pytest.fixture
def talk(server: Server) -> Callable[[bytes], bytes]:
    """Send bytes, whatever they are, hang up this side, and take all that comes back."""

    def send(request: bytes) -> bytes:
        with socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE_S) as connection:
            try:
                connection.sendall(request)
                connection.shutdown(socket.SHUT_WR)
                return b"".join(iter(lambda: connection.recv(65_536), b""))
            except TimeoutError:
                raise
            except OSError:
                return b""  # hung up on us, as it may

    return send


@pytest.fixture(scope="session")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """One browser for all tests of the page: to start one takes a second."""
    driver = start_chromium(tmp_path_factory.mktemp("chromium"))
    try:
        yield Page(driver)
    finally:
        driver.quit()


@pytest.fixture(scope="session")
def shipped() -> Iterator[Server]:
    """A server as `make serve` starts it, with the models that are shipped."""
    with serving() as started:
        yield started


@pytest.fixture
def page(chromium: Page, shipped: Server) -> Page:
    """The page of a real server, just opened; nothing is drawn."""
    chromium.open(shipped.address)
    return chromium
