"""A model of one's own says what it accepts, once pictures have shown how sure it has to be."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from inkdigits import Reader, load_model
from inkdigits.cli.output import percent
from tests.golden.draw import DIGITS, STYLES
from tests.tiny import blank_png, png, write_model

from .conftest import Run

Command = Callable[..., Run]


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """A model file as somebody gives it away: without a card."""
    path = write_model(tmp_path / "mine.onnx")
    path.with_suffix(".json").unlink()
    return path


@pytest.fixture(scope="module")
def scans(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Each digit in every style of the golden pictures, and as printed, several times."""
    folder = tmp_path_factory.mktemp("scans")
    for digit in DIGITS:
        (folder / digit).mkdir()
        for style, (ending, draw) in STYLES.items():
            (folder / digit / f"{style}.{ending}").write_bytes(draw(digit))
        for number in range(8):
            (folder / digit / f"printed{number}.png").write_bytes(png(digit))
    (folder / "x_blank.png").write_bytes(blank_png())
    return folder


def test_its_help_teaches(inkdigits: Command) -> None:
    text = inkdigits("calibrate", "--help").out
    for words in ("--model mine.onnx --images scans/", "10 pictures of each digit", "7_marker.png"):
        assert words in text


def test_what_nobody_has_calibrated_accepts_nothing_and_then_it_does(
    inkdigits: Command, model: Path, scans: Path
) -> None:
    before = Reader(load_model(model)).predict_digit(png("3"))
    assert (before.digit, before.accepted, before.reason) == ("3", None, "not_calibrated")

    run = inkdigits("calibrate", "--model", model, "--images", scans)
    assert run.status == 0, run.err
    assert "Reading" in run.err
    assert "x_blank.png is left out: nothing is drawn" in " ".join(run.err.split())
    assert "fitted on 150 pictures" in run.out
    assert str(model.with_suffix(".json")) in "".join(run.out.split())

    card = json.loads(model.with_suffix(".json").read_text(encoding="utf-8"))
    assert card["name"] == "mine"
    assert 0.5 <= card["min_confidence"] <= 1
    assert card["max_not_a_digit"] == 1.0  # it knows no eleventh class
    assert card["target_error"] == 0.01
    assert card["scores"]["validation/pictures"] == 150
    scores = card["scores"]
    assert 0.5 < scores["validation/images/accuracy"] < 1
    shown = dict(line.rsplit(maxsplit=1) for line in run.out.splitlines() if line.endswith("%"))
    assert shown == {
        "best digit right": percent(scores["validation/digits/accuracy"]),
        "accepted, of pictures that were held out": percent(scores["validation/digits/accepted"]),
        "wrong among these": percent(scores["validation/digits/error_among_accepted"]),
    }
    after = Reader(load_model(model)).predict_digit(png("3"))
    assert (after.digit, after.accepted) == ("3", True)


def test_fewer_errors_are_allowed_and_less_is_accepted(
    inkdigits: Command, model: Path, scans: Path
) -> None:
    least = []
    for error in (0.3, 0.001):
        run = inkdigits("calibrate", "--model", model, "--images", scans, "--error", error)
        assert run.status == 0, run.err
        least.append(load_model(model).card.min_confidence)
    assert least[0] < least[1]


def test_too_few_pictures_are_counted(inkdigits: Command, model: Path, tmp_path: Path) -> None:
    folder = tmp_path / "few"
    folder.mkdir()
    (folder / "7_a.png").write_bytes(png("7"))
    run = inkdigits("calibrate", "--model", model, "--images", folder)
    assert run.status == 1
    assert "too few pictures: 0 of 0, 0 of 1," in run.err
    assert "1 of 7" in run.err
    assert "needed: 10 of each digit" in run.err
    assert not model.with_suffix(".json").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--model", "cnn"), "a shipped model, calibrated already"),
        (("--model", "none.onnx"), "neither a file nor a shipped model"),
    ],
)
def test_what_cannot_be_calibrated(
    inkdigits: Command, scans: Path, words: tuple[str, ...], said: str
) -> None:
    run = inkdigits("calibrate", *words, "--images", scans)
    assert run.status == 1
    assert said in run.err
