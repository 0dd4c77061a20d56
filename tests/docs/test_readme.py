"""What the README says to type works, and answers as the README says."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from .blocks import SHELLS, find_blocks, find_commands, find_expected

# These run until stopped, or for hours, or load much: only their options are checked.
LONG = ("serve", "train", "evaluate", "data")
ADDRESS = re.compile(r"(?:127\.0\.0\.1|localhost):\d+")


def _commands(readme: str, *programs: str) -> list[str]:
    shells = [block for block in find_blocks(readme) if block.language in SHELLS]
    commands = [command for block in shells for command in find_commands(block)]
    return [command for command in commands if command.split()[0] in programs]


def _run(command: str, folder: Path, environment: dict[str, str]) -> str:
    # The reader's own shell.
    return _output(["bash", "-c", f"set -euo pipefail; {command}"], folder, environment)


def _output(words: list[str], folder: Path, environment: dict[str, str]) -> str:
    run = subprocess.run(
        words, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, f"{words[-1]}\n{run.stdout}{run.stderr}"
    return run.stdout


def _shape(value: Any) -> Any:
    """Give the structure of an answer: names and kinds, whatever the numbers."""
    if isinstance(value, dict):
        return {name: _shape(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_shape(inner) for inner in value[:1]]
    return "number" if isinstance(value, int | float) else type(value).__name__


def test_the_readme_shows_every_way_in(readme: str) -> None:
    languages = {block.language for block in find_blocks(readme)}
    assert "python" in languages
    assert _commands(readme, "curl")
    assert _commands(readme, "inkdigits")
    assert _commands(readme, "make")


def test_make_lines_name_existing_verbs(readme: str, repo: Path) -> None:
    verbs = set(
        re.findall(r"^([a-z]+):", (repo / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    )
    named = {
        word
        for command in _commands(readme, "make")
        for word in re.sub(r"\w+=(\"[^\"]*\"|\S*)", "", command).split()[1:]
    }
    assert named - verbs == set()


def test_commands_work(
    readme: str, folder: Path, address: str, environment: dict[str, str]
) -> None:
    for command in _commands(readme, "inkdigits", "curl"):
        words = command.split()
        if words[0] == "inkdigits" and words[1] in LONG:
            continue
        assert _run(ADDRESS.sub(address, command), folder, environment).strip()


def test_options_of_long_commands_exist(
    readme: str, folder: Path, environment: dict[str, str]
) -> None:
    for command in _commands(readme, "inkdigits"):
        words = command.split()
        if words[1] not in LONG:
            continue
        path = words[1:3] if words[1] == "data" else words[1:2]
        help_ = _run(f"inkdigits {' '.join(path)} --help", folder, environment)
        named = {word.split("=")[0] for word in words if word.startswith("--")}
        assert named <= set(re.findall(r"--[a-z][a-z-]*", help_)), command


def test_answers_are_shown_as_they_come(
    readme: str, folder: Path, address: str, environment: dict[str, str]
) -> None:
    """A `json` block shows the answer of the `curl` before it: same names, same digit."""
    last, compared = "", 0
    for block in find_blocks(readme):
        if block.language in SHELLS:
            curls = [command for command in find_commands(block) if command.startswith("curl ")]
            last = curls[-1] if curls else last
        elif block.language == "json" and last:
            said = json.loads(block.text)
            found = json.loads(_run(ADDRESS.sub(address, last), folder, environment))
            assert _shape(said) == _shape(found)
            assert said.get("digit") == found.get("digit")
            compared += 1
    assert compared


def test_python_examples_print_what_they_say(
    readme: str, folder: Path, environment: dict[str, str]
) -> None:
    for block in find_blocks(readme):
        if block.language != "python":
            continue
        words = [sys.executable, "-W", "error", "-c", block.text]
        shown = _output(words, folder, environment).splitlines()
        assert shown == find_expected(block), f"README line {block.line}"


def test_pictures_are_there_and_light(readme: str, repo: Path) -> None:
    pictures = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", readme)
    assert pictures
    for name in pictures:
        assert (repo / name).stat().st_size <= 150_000, name
