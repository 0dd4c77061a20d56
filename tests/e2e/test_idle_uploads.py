"""Uploads that send all but one byte and wait: they must not shut anybody else out."""

import io
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import numpy as np
import pytest
from PIL import Image as Pillow

from inkdigits.service.limits import STALLED_S
from tests.patience import PATIENCE_S
from tests.tiny import png

from .conftest import Server, serving

MIB = 1024 * 1024
HOLDERS = 12
"""Four bodies of the largest kind fit."""


@contextmanager
def _holding(server: Server) -> Iterator[list[socket.socket]]:
    head = f"POST /predict HTTP/1.1\r\nHost: x\r\nContent-Length: {MIB}\r\n\r\n".encode()
    with ExitStack() as stack:
        held = []
        for _ in range(HOLDERS):
            where = ("127.0.0.1", server.port)
            one = stack.enter_context(socket.create_connection(where, timeout=PATIENCE_S))
            try:
                one.sendall(head + bytes(MIB - 1))
            except OSError:  # refused already: all is full
                continue
            held.append(one)
        yield held


def _large_png() -> bytes:
    noise = np.random.default_rng(1).integers(0, 256, (900, 1000), np.uint8)
    file = io.BytesIO()
    Pillow.fromarray(noise).save(file, "png")
    return file.getvalue()


@pytest.mark.parametrize("workers", ["1", "2"])
def test_bodies_that_are_held_back_shut_nobody_out(tiny_model: Path, workers: str) -> None:
    words = ("--model", str(tiny_model), "--workers", workers)
    sizes = {"INKDIGITS_MAX_BYTES": str(MIB), "INKDIGITS_MAX_BATCH_BYTES": str(MIB)}
    large = _large_png()
    assert len(large) > 3 * MIB // 4
    with (
        serving(*words, INKDIGITS_BODY_S="600", **sizes) as server,
        _holding(server) as held,
        httpx.Client(base_url=server.address, timeout=PATIENCE_S) as client,
    ):
        assert client.post("/predict", content=png("7")).status_code == 200
        end_s = time.monotonic() + PATIENCE_S
        while client.post("/predict", content=large).status_code == 503:
            assert time.monotonic() < end_s
            time.sleep(STALLED_S / 2)
        for _ in range(4):
            answer = client.post("/predict", content=large)
            assert answer.status_code != 503, answer.text
        if workers == "1":
            assert held[0].recv(65_536).startswith(b"HTTP/1.1 408 ")  # the oldest has given way
