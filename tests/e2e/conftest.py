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

from tests.tiny import write_model

PATIENCE_S = 60


@dataclass
class Server:
    """A running server: where it answers, and what it has written."""

    port: int
    process: subprocess.Popen[bytes]
    output: IO[bytes]

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

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
    environ |= settings
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
        with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
            try:
                connection.sendall(request)
                connection.shutdown(socket.SHUT_WR)
                return b"".join(iter(lambda: connection.recv(65_536), b""))
            except TimeoutError:
                raise
            except OSError:
                return b""  # hung up on us, as it may

    return send
