"""What docs/own-models.md says to type works, in the order in which it says it."""

from pathlib import Path

import pytest

from inkdigits.model.trial import TrialLimits
from tests.golden.draw import DIGITS, STYLES
from tests.tiny import png, write_model

from .test_fine_tuning import _commands, _run


@pytest.fixture
def page(repo: Path) -> str:
    return (repo / "docs" / "own-models.md").read_text(encoding="utf-8")


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Somebody's folder: a model without a card, pictures of each digit, and one more."""
    write_model(tmp_path / "mine.onnx").with_suffix(".json").unlink()
    for digit in DIGITS:
        (tmp_path / "scans" / digit).mkdir(parents=True)
        for number in range(4):
            (tmp_path / "scans" / digit / f"{number}.png").write_bytes(png(digit))
        for style, (ending, draw) in STYLES.items():
            (tmp_path / "scans" / digit / f"{style}.{ending}").write_bytes(draw(digit))
    (tmp_path / "seven.png").write_bytes(png("7"))
    return tmp_path


def test_the_commands_work(page: str, place: Path, environment: dict[str, str]) -> None:
    commands = [command for command in _commands(page) if "serve" not in command]
    said = [_run(command, place, environment) for command in commands]
    assert "not calibrated" in " ".join(said[0].split())
    assert "fitted on 110 pictures" in said[1]
    assert "7" in said[2]


def test_the_limits_it_names_are_those_that_hold(page: str) -> None:
    assert f"{TrialLimits().cpu_s} s of processor time" in page
    assert f"{TrialLimits().memory_bytes // 1_000_000} MB" in page
