"""A server whose machine gives it no more memory or files: it says so, lives, and recovers."""

import io
import resource
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from PIL import Image as Pillow

from tests.tiny import png

from .conftest import PATIENCE_S, Server, serving

MIB = 1024 * 1024
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="limits of a process that runs")


def _large(kind: str) -> bytes:
    file = io.BytesIO()
    if kind == "png":
        picture = Pillow.new("RGBA", (5_000, 5_000), (255, 255, 255, 0))
        picture.paste((0, 0, 0, 255), (2_400, 1_000, 2_600, 4_000))
        picture.save(file, "png", compress_level=1)
    else:
        grey = Pillow.new("L", (7_600, 6_400), 255)
        grey.paste(0, (3_700, 1_000, 3_900, 5_000))
        grey.convert("RGB").save(file, "jpeg", progressive=True, quality=50)
    return file.getvalue()


@contextmanager
def _limited(server: Server, what: int, most: int) -> Iterator[None]:
    before = resource.prlimit(server.process.pid, what)
    resource.prlimit(server.process.pid, what, (most, before[1]))
    try:
        yield
    finally:
        resource.prlimit(server.process.pid, what, before)


def _size_bytes(server: Server) -> int:
    pages = Path(f"/proc/{server.process.pid}/statm").read_text(encoding="ascii").split()[0]
    return int(pages) * resource.getpagesize()


@pytest.mark.parametrize("kind", ["png", "jpeg"])
@pytest.mark.parametrize("left_mib", [0, 24, 60])  # for a thread, for some of it, for most of it
def test_without_memory_it_is_overloaded(tiny_model: Path, kind: str, left_mib: int) -> None:
    large = _large(kind)
    with (
        serving("--model", str(tiny_model)) as server,
        httpx.Client(base_url=server.address, timeout=PATIENCE_S) as client,
    ):
        assert client.post("/predict", content=png("7")).status_code == 200
        with _limited(server, resource.RLIMIT_AS, _size_bytes(server) + left_mib * MIB):
            answer = client.post("/predict", content=large)
            assert (answer.status_code, answer.json()["code"]) == (503, "overloaded")
            assert client.post("/predict", content=png("7")).status_code == 200
        assert client.post("/predict", content=large).json().get("code") != "overloaded"
        assert server.process.poll() is None
        assert "Traceback" not in server.written()
