import importlib.util
import os
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import uvicorn

from inkdigits.cli.serve import check_address, require_serve_extra
from inkdigits.errors import MissingExtra, SettingError
from inkdigits.service.settings import Settings, read_settings

from .conftest import Run


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, dict[str, Any]]]:
    """What uvicorn was asked to run; a real one is run by tests/e2e."""
    calls: list[tuple[Any, dict[str, Any]]] = []
    monkeypatch.setattr(uvicorn, "run", lambda app, **options: calls.append((app, options)))
    monkeypatch.setattr(os, "environ", dict(os.environ))
    return calls


def test_options_go_before_the_environment(
    inkdigits: Callable[..., Run],
    started: list[tuple[Any, dict[str, Any]]],
    tiny_model: Path,
) -> None:
    os.environ.update({"INKDIGITS_PORT": "1", "INKDIGITS_MAX_BYTES": "4096"})
    assert inkdigits("serve", "--port", 0, "--model", tiny_model).status == 0
    [(app, options)] = started
    assert app.state.settings == Settings(models=(str(tiny_model),), port=0, max_bytes=4096)
    assert (options["host"], options["port"], options["server_header"]) == ("127.0.0.1", 0, False)


def test_workers_get_their_settings_through_the_environment(
    inkdigits: Callable[..., Run],
    started: list[tuple[Any, dict[str, Any]]],
    tiny_model: Path,
) -> None:
    assert inkdigits("serve", "--port", 0, "--workers", 2, "--model", tiny_model).status == 0
    [(app, options)] = started
    assert (app, options["factory"], options["workers"]) == (
        "inkdigits.service.app:create_app",
        True,
        2,
    )
    expected = Settings(models=(str(tiny_model),), port=0, workers=2)
    assert read_settings(os.environ) == expected


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("--model", "nowhere.onnx"), "nowhere.onnx: neither a file nor a shipped model"),
        (("--port", "70000"), "INKDIGITS_PORT: 70000; needed: from 0 to 65,535"),
        (("--workers", "0"), "INKDIGITS_WORKERS: 0"),
        (("--host", "no.such.host.invalid"), "address no.such.host.invalid:"),
        (("--host", "x" * 70), "address xxx"),
    ],
)
def test_what_cannot_work_is_one_line(
    inkdigits: Callable[..., Run],
    started: list[tuple[Any, dict[str, Any]]],
    words: tuple[str, ...],
    complaint: str,
) -> None:
    run = inkdigits("serve", "--port", 0, *words)
    assert (run.status, run.out, started) == (1, "", [])
    assert complaint in run.err
    assert run.err.count("\n") == 1


def test_a_port_in_use_is_said() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(SettingError, match=rf"127\.0\.0\.1:{port}: .*in use.*--port"):
            check_address("127.0.0.1", port)
    check_address("127.0.0.1", port)


def test_a_missing_library_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    require_serve_extra()
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "uvicorn" else 1)
    with pytest.raises(MissingExtra, match=r"pip install 'inkdigits\[serve\]'"):
        require_serve_extra()
