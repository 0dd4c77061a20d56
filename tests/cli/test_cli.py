import subprocess
import sys
from collections.abc import Callable

import pytest

import inkdigits.cli as cli_module
from inkdigits import __version__
from inkdigits.errors import BlankImage

from .conftest import Run

HEAVY = ["cv2", "fastapi", "keras", "numpy", "onnxruntime", "PIL", "pydantic", "rich", "uvicorn"]


def test_help_shows_every_verb_and_examples(inkdigits: Callable[..., Run]) -> None:
    run = inkdigits("--help")
    assert run.status == 0
    for text in ("predict", "serve", "evaluate", "models", "doctor", "inkdigits predict seven.png"):
        assert text in run.out


@pytest.mark.parametrize("verb", ["predict", "serve", "evaluate", "models", "doctor"])
def test_every_verb_teaches_by_examples(inkdigits: Callable[..., Run], verb: str) -> None:
    run = inkdigits(verb, "--help")
    assert run.status == 0
    assert run.out.count(f"    inkdigits {verb}") >= 2


def test_the_version_is_printed(inkdigits: Callable[..., Run]) -> None:
    assert inkdigits("--version") == (0, f"{__version__}\n", "")


def test_a_word_that_is_no_verb_is_refused(inkdigits: Callable[..., Run]) -> None:
    run = inkdigits("forget")
    assert run.status == 2
    assert "forget" in run.err


@pytest.mark.parametrize(
    ("raised", "status", "line"),
    [
        (BlankImage(), 1, "inkdigits: nothing is drawn in this picture\n"),
        (KeyError("x\ny"), 1, "fault of inkdigits: KeyError"),
        (KeyboardInterrupt(), 130, ""),
    ],
)
def test_a_failure_is_one_line(
    inkdigits: Callable[..., Run],
    monkeypatch: pytest.MonkeyPatch,
    raised: BaseException,
    status: int,
    line: str,
) -> None:
    def fail() -> None:
        raise raised

    monkeypatch.setattr(cli_module, "build_app", lambda: fail)
    run = inkdigits()
    assert (run.status, run.out) == (status, "")
    assert line in run.err
    assert run.err.count("\n") <= 1


def test_the_start_is_light() -> None:
    show = f"print([name for name in {HEAVY} if name in sys.modules])"
    code = f"import sys, inkdigits.cli; inkdigits.cli.build_app(); {show}"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "[]\n"


def test_a_reader_that_goes_away_is_no_fault() -> None:
    command = f"{sys.executable} -m inkdigits --help | true"
    run = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=False)  # noqa: S607
    assert run.stderr == ""
