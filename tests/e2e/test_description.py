"""The server does what its own OpenAPI description says: schemathesis asks all of it, and more.

Lies about types, fields that are missing, unknown methods, addresses one after another: no
status that is not described, no body that is not as described, never a 5xx. Whether bytes are
a picture of a digit no schema can say, so valid requests may be refused for that.
"""

import subprocess
import sys
from pathlib import Path

import httpx

from tests.patience import PATIENCE_S

from .conftest import Server, serving

KEY = "the-key-of-these-tests"
EXAMPLES = 25


def _ask_everything(server: Server, folder: Path, *words: str) -> str:
    command = [sys.executable, "-m", "schemathesis.cli", "run", f"{server.address}/openapi.json"]
    command += ["--checks", "all", "--exclude-checks", "positive_data_acceptance"]
    command += ["--generation-deterministic", "--max-examples", str(EXAMPLES), "--no-color"]
    command += ["--suppress-health-check", "all", "--request-timeout", str(PATIENCE_S)]
    run = subprocess.run(
        [*command, *words], cwd=folder, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stdout[-20_000:] + run.stderr
    assert "Traceback" not in server.written()
    return run.stdout


def _described(server: Server, **headers: str) -> int:
    paths = httpx.get(f"{server.address}/openapi.json", headers=headers).json()["paths"]
    return sum(len(operations) for operations in paths.values())


def test_nothing_but_what_is_described(server: Server, tmp_path: Path) -> None:
    told = _ask_everything(server, tmp_path)
    count = _described(server)
    assert count >= 22
    assert f"Operations:       {count} selected / {count} total" in told


def test_nothing_but_what_is_described_where_keys_are_needed(
    tiny_model: Path, tmp_path: Path
) -> None:
    words = ("--model", str(tiny_model))
    with serving(*words, INKDIGITS_API_KEYS=KEY, INKDIGITS_ALLOWED_HOSTS="127.0.0.1") as server:
        _ask_everything(server, tmp_path, "-H", f"Authorization: Bearer {KEY}")


def test_what_is_not_as_described_is_found(server: Server, tmp_path: Path) -> None:
    """Of a description that leaves a status out, which comes whatever is drawn."""
    description = httpx.get(f"{server.address}/openapi.json").text
    (tmp_path / "lie.json").write_text(description.replace('"200"', '"201"'), encoding="utf-8")
    command = [sys.executable, "-m", "schemathesis.cli", "run", str(tmp_path / "lie.json")]
    command += ["--url", server.address, "--include-path", "/models", "--no-color"]
    command += ["--checks", "status_code_conformance", "--generation-deterministic"]
    command += ["--max-examples", str(EXAMPLES), "--request-timeout", str(PATIENCE_S)]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert run.returncode == 1
    assert "200" in run.stdout
