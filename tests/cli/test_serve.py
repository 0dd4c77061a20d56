import importlib.util
import logging.config
import os
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from inkdigits.service import server
from inkdigits.service.settings import Settings
from inkdigits.service.supervisor import Supervisor

from .conftest import Run


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """What was to be served; a real server is run by tests/e2e."""
    calls: list[tuple[Any, ...]] = []

    def serve(settings: Settings, sockets: list[socket.socket], readers: Any) -> None:
        assert sockets[0].getsockname()[1] > 0
        calls.append((settings, readers))

    def run(supervisor: Supervisor) -> None:
        assert supervisor.sockets[0].getsockname()[1] > 0
        calls.append((supervisor.settings, None))

    monkeypatch.setattr(server, "serve", serve)
    monkeypatch.setattr(Supervisor, "run", run)
    monkeypatch.setattr(logging.config, "dictConfig", lambda _: None)
    monkeypatch.setattr(os, "environ", dict(os.environ))
    return calls


def test_options_go_before_the_environment(
    inkdigits: Callable[..., Run], started: list[tuple[Any, ...]], tiny_model: Path
) -> None:
    os.environ.update({"INKDIGITS_PORT": "1", "INKDIGITS_MAX_BYTES": "4096"})
    assert inkdigits("serve", "--port", 0, "--model", tiny_model).status == 0
    [(settings, readers)] = started
    assert settings == Settings(models=(str(tiny_model),), port=0, max_bytes=4096)
    assert list(readers) == ["tiny"]


@pytest.mark.parametrize(("words", "count"), [("2", 2), ("auto", 6)])
def test_several_workers_are_watched_over(
    inkdigits: Callable[..., Run],
    started: list[tuple[Any, ...]],
    monkeypatch: pytest.MonkeyPatch,
    words: str,
    count: int,
) -> None:
    monkeypatch.setattr("inkdigits.service.settings.count_cores", lambda: 6)
    assert inkdigits("serve", "--port", 0, "--workers", words, "--model", "x").status == 0
    assert started == [(Settings(models=("x",), port=0, workers=count), None)]


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("--model", "nowhere.onnx"), "nowhere.onnx: neither a file nor a shipped model"),
        (("--port", "70000"), "INKDIGITS_PORT: 70000; needed: from 0 to 65,535"),
        (("--workers", "0"), "INKDIGITS_WORKERS: 0"),
        (("--workers", "many"), "INKDIGITS_WORKERS: 'many'"),
        (("--host", "no.such.host.invalid"), "address no.such.host.invalid:"),
        (("--host", "x" * 70), "address xxx"),
    ],
)
def test_what_cannot_work_is_one_line(
    inkdigits: Callable[..., Run],
    started: list[tuple[Any, ...]],
    words: tuple[str, ...],
    complaint: str,
) -> None:
    run = inkdigits("serve", "--port", 0, *words)
    assert (run.status, run.out, started) == (1, "", [])
    assert complaint in run.err
    assert run.err.count("\n") == 1


def test_a_missing_library_says_what_to_install(
    inkdigits: Callable[..., Run], started: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "uvicorn" else 1)
    run = inkdigits("serve", "--port", 0)
    assert (run.status, started) == (1, [])
    assert "serving needs the library 'uvicorn'" in run.err
    assert "pip install 'inkdigits[serve]'" in run.err
