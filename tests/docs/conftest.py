"""A live server, and a folder with the pictures that the README speaks of."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from tests.patience import PATIENCE_S
from tests.written import number_png

from .blocks import find_pictures

REPO = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent


@pytest.fixture(scope="session")
def readme() -> str:
    return (REPO / "README.md").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def folder(readme: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every picture the README names, each with a 7 on it, or a number where that is its name."""
    place = tmp_path_factory.mktemp("readme")
    for name in find_pictures(readme):
        picture = Image.new("RGB", (200, 200), "white")
        corners = [(60, 40), (140, 40), (90, 160)]
        ImageDraw.Draw(picture).line(corners, "black", 10, joint="curve")
        picture.save(place / name)
        if name.startswith("number"):
            (place / name).write_bytes(number_png("2858"))
    return place


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where a server of this checkout listens: `127.0.0.1:PORT`."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = tmp_path_factory.mktemp("server") / "log"
    with log.open("w") as stream:
        server = subprocess.Popen(
            [BIN / "inkdigits", "serve", "--port", str(port)], stdout=stream, stderr=stream
        )
    try:
        _wait(server, f"http://127.0.0.1:{port}/health/ready", log)
        yield f"127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(timeout=PATIENCE_S)


@pytest.fixture
def environment() -> dict[str, str]:
    """The environment of a reader who has activated .venv."""
    return os.environ | {"PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}", "COLUMNS": "200"}


def _wait(server: subprocess.Popen[bytes], url: str, log: Path) -> None:
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end and server.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=1):  # noqa: S310 (http, built above)
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    pytest.fail(f"the server did not become ready:\n{log.read_text()}")
