import importlib.util
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.tiny import blank_png, png

from .conftest import Run

Command = Callable[..., Run]


@pytest.fixture(autouse=True)
def _no_data(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("INKDIGITS_DATA", raising=False)


@pytest.fixture
def scans(tmp_path: Path) -> Path:
    """A 7, a 3 in a folder of its digit, a 1 that says it is a 4, a blank that is no digit."""
    folder = tmp_path / "scans"
    (folder / "3").mkdir(parents=True)
    (folder / "7_pen.png").write_bytes(png("7"))
    (folder / "3" / "any.png").write_bytes(png("3"))
    (folder / "4_wrong.png").write_bytes(png("1"))
    (folder / "x_blank.png").write_bytes(blank_png())
    return folder


def report(folder: Path) -> dict:
    return json.loads((folder / "report.json").read_text(encoding="utf-8"))


def test_its_help_teaches(inkdigits: Command) -> None:
    text = inkdigits("evaluate", "--help").out
    for words in ("inkdigits evaluate --images scans/", "--against", "7_marker.png", "x_cat.jpg"):
        assert words in text


def test_the_suites_are_listed(inkdigits: Command) -> None:
    listed = inkdigits("evaluate", "--list")
    assert listed.status == 0
    for name in ("mnist-fixed", "not-a-digit", "polarity", "optdigits"):
        assert name in listed.out


def test_ones_own_pictures_are_read(
    inkdigits: Command, tiny_model: Path, scans: Path, tmp_path: Path
) -> None:
    out = tmp_path / "new" / "report"
    run = inkdigits("evaluate", "--model", tiny_model, "--images", scans, "--out", out)
    assert run.status == 0, run.err
    assert "images" in run.out
    assert "66.67" in run.out
    assert str(out / "report.html") in "".join(run.out.split())
    assert "Reading" in run.err
    found = report(out)
    assert found["suites"]["images"]["figures"]["accuracy"] == 0.666667
    assert found["suites"]["images/not-a-digit"]["figures"]["accepted_as_digit"] == 0
    assert found["rated_as_digits"] == ["images"]
    assert found["missing"] == []
    assert str(tmp_path) not in json.dumps(found)
    page = (out / "report.html").read_text(encoding="utf-8")
    assert "shown 4, said 1" in page
    assert "4_wrong.png" in page
    assert str(tmp_path) not in page


def test_suites_are_read_beside_them_and_limited(
    inkdigits: Command, tiny_model: Path, scans: Path, tmp_path: Path
) -> None:
    words = ("--images", scans, "--suite", "stroke", "--suite", "not-a-digit/blank", "--limit", 2)
    run = inkdigits("evaluate", "--model", tiny_model, "--out", tmp_path, *words)
    assert run.status == 0, run.err
    found = report(tmp_path)
    assert list(found["suites"]) == ["images", "images/not-a-digit", "stroke", "not-a-digit/blank"]
    assert found["suites"]["stroke"]["figures"]["count"] == 2
    assert found["circumstances"]["limit"] == 2


def test_two_models_are_compared(
    inkdigits: Command, tiny_model: Path, scans: Path, tmp_path: Path
) -> None:
    words = ("--images", scans, "--against", "mlp", "--out", tmp_path)
    run = inkdigits("evaluate", "--model", tiny_model, *words)
    assert run.status == 0, run.err
    assert "Lost" in run.out
    found = report(tmp_path)
    assert (found["model"]["name"], found["against"]["name"]) == ("tiny", "mlp")
    assert set(found["comparison"]) == {"images", "images/not-a-digit"}
    assert "The other model:" in (tmp_path / "report.html").read_text(encoding="utf-8")


def test_a_missed_bar_fails(
    inkdigits: Command, tiny_model: Path, scans: Path, tmp_path: Path
) -> None:
    bars = tmp_path / "bars.toml"
    words = ("--model", tiny_model, "--images", scans, "--out", tmp_path, "--gates", bars)
    bars.write_text("[images]\naccuracy = { min = 0.6 }\n")
    assert inkdigits("evaluate", *words).status == 0
    bars.write_text("[images]\naccuracy = { min = 0.7 }\n[mnist]\nece = { max = 1 }\n")
    run = inkdigits("evaluate", *words)
    assert run.status == 1
    assert "bar missed: images: accuracy: 0.66667 is less than 0.7" in run.err
    assert "bar missed: mnist: ece: this suite was not measured" in run.err
    assert "2 of 2 bars were missed" in (tmp_path / "report.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (("--suite", "mnits"), "there is none of the name 'mnits'"),
        (("--suite", "optdigits"), "no data folder"),
        (("--images", "nowhere"), "nowhere: not there"),
        (("--gates", "nowhere.toml"), "nowhere.toml: cannot be read"),
        (("--model", "nowhere.onnx"), "nowhere.onnx"),
    ],
)
def test_mistakes_are_named_before_anything_is_read(
    inkdigits: Command, tmp_path: Path, words: tuple[str, ...], found: str
) -> None:
    run = inkdigits("evaluate", "--out", tmp_path / "report", *words)
    assert run.status == 1
    assert found in run.err
    assert run.err.count("\n") == 1
    assert not (tmp_path / "report").exists()


def test_a_folder_that_cannot_be_made_is_named(inkdigits: Command, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    run = inkdigits("evaluate", "--suite", "stroke", "--out", tmp_path / "file")
    assert run.status == 1
    assert "needed: a folder to write to" in run.err


def test_it_says_what_to_install(inkdigits: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    run = inkdigits("evaluate", "--suite", "stroke")
    assert run.status == 1
    assert "pip install 'inkdigits[eval]'" in run.err
