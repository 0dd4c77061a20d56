"""What docs/fine-tuning.md says to type works. Training itself: tests/cli/test_train.py."""

import re
import shutil
import subprocess
from importlib import resources
from pathlib import Path

import pytest

from inkdigits.model.card import card_path
from tests.tiny import encoded, picture

from .blocks import SHELLS, find_blocks, find_commands

# These run until stopped, for minutes, or read data that may not be here.
ONLY_OPTIONS = ("serve", "train", "--suite")
MODEL = "runs/mine/finetune.onnx"


@pytest.fixture
def page(repo: Path) -> str:
    return (repo / "docs" / "fine-tuning.md").read_text(encoding="utf-8")


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Somebody's folder after the first command: the new model, and pictures held back."""
    model = tmp_path / MODEL
    model.parent.mkdir(parents=True)
    shipped = Path(str(resources.files("inkdigits.model") / "builtin" / "cnn.onnx"))
    shutil.copy(shipped, model)
    shutil.copy(card_path(shipped), card_path(model))
    for digit in "37":
        (tmp_path / "my_other_digits" / digit).mkdir(parents=True)
        (tmp_path / "my_other_digits" / digit / "a.png").write_bytes(encoded(picture(digit)))
    (tmp_path / "seven.png").write_bytes(encoded(picture("7")))
    return tmp_path


def _commands(page: str) -> list[str]:
    shells = [block for block in find_blocks(page) if block.language in SHELLS]
    return [command for block in shells for command in find_commands(block)]


def _run(command: str, place: Path, environment: dict[str, str]) -> str:
    words = ["bash", "-c", f"set -euo pipefail; {command}"]
    run = subprocess.run(
        words, cwd=place, env=environment, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, f"{command}\n{run.stdout}{run.stderr}"
    return run.stdout


def test_the_page_shows_all_three_steps(page: str) -> None:
    verbs = [command.split()[1] for command in _commands(page)]
    assert {"train", "evaluate", "predict", "serve"} <= set(verbs)
    assert all(command.startswith("inkdigits ") for command in _commands(page))


def test_short_commands_work(page: str, place: Path, environment: dict[str, str]) -> None:
    pytest.importorskip("matplotlib")
    for command in _commands(page):
        if not set(ONLY_OPTIONS) & set(command.split()):
            assert _run(command, place, environment).strip()
    assert (place / "report" / "report.html").is_file()


def test_options_of_the_others_exist(page: str, place: Path, environment: dict[str, str]) -> None:
    for command in _commands(page):
        words = command.split()
        text = _run(f"inkdigits {words[1]} --help", place, environment)
        named = {word for word in words if word.startswith("--")}
        assert named <= set(re.findall(r"--[a-z][a-z-]*", text)), command


def test_the_files_and_fields_it_names_are_those_that_training_writes(page: str) -> None:
    from inkdigits.training.folder import RunFolder  # noqa: PLC0415

    folder = RunFolder(Path("runs/mine"), "finetune")
    named = set(re.findall(r"runs/mine/[\w.]+\w", page))
    written = {folder.onnx, folder.pool, folder.keras, card_path(folder.onnx)}
    assert named <= {str(path) for path in written}
