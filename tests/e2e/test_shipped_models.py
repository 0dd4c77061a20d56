"""What only the shipped models can show. All else is tested with a tiny one."""

import json
import subprocess
import sys

import httpx
import pytest

from inkdigits.service.readers import golden_picture

from .conftest import serving


def test_the_server_answers_with_the_shipped_cnn_and_offers_the_mlp() -> None:
    with serving() as server:
        listed = httpx.get(f"{server.address}/models").json()
        first = httpx.post(f"{server.address}/predict", content=golden_picture()).json()
        other = httpx.post(f"{server.address}/predict?model=mlp", content=golden_picture()).json()
    assert listed["default"] == "cnn"
    assert {card["name"] for card in listed["models"]} >= {"cnn", "mlp"}
    assert (first["digit"], first["accepted"], first["model"]["name"]) == ("7", True, "cnn")
    assert other["model"]["name"] == "mlp"


@pytest.mark.parametrize("words", [["models", "--json"], ["doctor", "--port", "0"]])
def test_the_shipped_models_are_sound(words: list[str]) -> None:
    command = [sys.executable, "-m", "inkdigits", *words]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout
    assert "cnn" in run.stdout
    if "--json" in words:
        assert json.loads(run.stdout)["default"] == "cnn"
