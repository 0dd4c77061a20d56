import csv
import json
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from PIL import Image as Pillow

from inkdigits.decision.expected import expect
from inkdigits.model.loading import load_model
from inkdigits.reader import Reader
from tests.tiny import blank_png, picture, png
from tests.written import number_png

from .conftest import Run

MIB = 1024 * 1024


@pytest.fixture
def predict(inkdigits: Callable[..., Run], tiny_model: Path) -> Callable[..., Run]:
    def run(*words: object, stdin: bytes = b"") -> Run:
        return inkdigits("predict", "--model", tiny_model, *words, stdin=stdin)

    return run


@pytest.fixture
def seven(tmp_path: Path) -> Path:
    path = tmp_path / "seven.png"
    path.write_bytes(png("7"))
    return path


def _lines(run: Run) -> list[dict[str, Any]]:
    return [json.loads(line) for line in run.out.splitlines()]


def test_a_json_line_is_the_services_answer_and_the_file(
    predict: Callable[..., Run], seven: Path, tiny_model: Path
) -> None:
    run = predict("--json", seven)
    reader = Reader(load_model(tiny_model))
    fields = reader.predict_digit(png("7")).to_dict()
    assert (run.status, run.err) == (0, "")
    assert _lines(run) == [{"file": str(seven), **fields}]


def test_folders_and_files_are_read_in_their_order(
    predict: Callable[..., Run], tmp_path: Path, seven: Path
) -> None:
    folder = tmp_path / "more"
    folder.mkdir()
    for digit in "310":
        (folder / f"{digit}.png").write_bytes(png(digit))
    found = _lines(predict("--json", seven, folder))
    assert [line["digit"] for line in found] == ["7", "0", "1", "3"]
    assert found[1]["file"] == str(folder / "0.png")


def test_standard_input_is_read(predict: Callable[..., Run]) -> None:
    run = predict("--json", "-", stdin=png("4"))
    assert [(line["file"], line["digit"]) for line in _lines(run)] == [("-", "4")]


def _spoil(folder: Path) -> dict[str, str]:
    """Make files that cannot be read; file name → code."""
    contents = {
        "empty.png": (b"", "broken-image"),
        "page.png": (b"<!doctype html>", "unsupported-image"),
        "cut.png": (png("7")[:-100], "broken-image"),
        "blank.png": (blank_png(), "blank-image"),
        "huge.png": (bytes(9 * MIB), "image-too-large"),
    }
    for name, (data, _) in contents.items():
        (folder / name).write_bytes(data)
    return {name: code for name, (_, code) in contents.items()}


def test_every_failure_is_an_entry_and_the_rest_is_read(
    predict: Callable[..., Run], tmp_path: Path, seven: Path
) -> None:
    codes = _spoil(tmp_path)
    run = predict("--json", *(tmp_path / name for name in codes), tmp_path / "missing.png", seven)
    assert (run.status, run.err) == (1, "")
    *failed, last = _lines(run)
    found = {Path(line["file"]).name: line["error"]["code"] for line in failed}
    assert found == {**codes, "missing.png": "file-not-found"}
    assert all(line.keys() == {"file", "error"} and line["error"]["detail"] for line in failed)
    assert last["digit"] == "7"


def test_an_empty_folder_and_a_bad_name_are_entries(
    predict: Callable[..., Run], tmp_path: Path
) -> None:
    (tmp_path / "empty").mkdir()
    lines = _lines(predict("--json", tmp_path / "empty", "x" * 5000))
    assert [line["error"]["code"] for line in lines] == ["unreadable-file", "unreadable-file"]
    assert "no picture" in lines[0]["error"]["detail"]


def test_a_picture_that_brings_the_line_down_costs_only_itself(
    predict: Callable[..., Run], seven: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_self: Reader, _picture: object, **_asked: Any) -> None:
        raise ZeroDivisionError("by nothing")

    monkeypatch.setattr(Reader, "predict_digit", fail)
    run = predict("--json", seven, seven)
    assert run.status == 1
    assert [line["error"]["detail"] for line in _lines(run)] == [
        "ZeroDivisionError: by nothing"
    ] * 2


def test_people_get_a_table(
    predict: Callable[..., Run], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("seven.png").write_bytes(png("7"))
    Path("blank.png").write_bytes(blank_png())
    run = predict("seven.png", "blank.png")
    assert run.status == 1
    rows = [line.split() for line in run.out.splitlines() if ".png" in line]
    assert rows[0] == ["seven.png", "7", ">99.9%"]
    assert " ".join(rows[1]).startswith("blank.png nothing is drawn")


@pytest.mark.parametrize(
    ("fields", "remark"),
    [
        ({"reason": None}, ""),
        ({"reason": "not_a_digit", "not_a_digit": 0.9}, "not a digit"),
        ({"reason": "not_calibrated"}, "may be wrong: nobody has fitted when this model is sure"),
        ({"reason": "unsure", "alternatives": [{"digit": "1", "probability": 1}]}, "not sure"),
        (
            {
                "reason": "unsure",
                "alternatives": [
                    {"digit": "7", "probability": 0.5},
                    {"digit": "1", "probability": 0.4},
                    {"digit": "2", "probability": 0.1},
                ],
            },
            "not sure; or 1 40.0%, 2 10.0%",
        ),
        (
            {
                "reason": "unsure",
                "alternatives": [
                    {"digit": "2", "probability": 0.07},
                    {"digit": "3", "probability": 0.01},
                ],
                "not_a_digit": 0.92,
            },
            "not sure; or no digit 92.0%, 3 1.0%",
        ),
    ],
)
def test_the_remark_says_why_it_is_not_accepted(fields: dict[str, Any], remark: str) -> None:
    from inkdigits.cli.predict import _remark  # noqa: PLC0415

    assert _remark(fields) == remark


def test_a_model_that_is_not_there_is_one_line(inkdigits: Callable[..., Run], seven: Path) -> None:
    run = inkdigits("predict", "--model", "nowhere.onnx", seven)
    assert (run.status, run.out) == (1, "")
    assert run.err.startswith("inkdigits: nowhere.onnx: ")
    assert run.err.count("\n") == 1


def test_a_progress_bar_keeps_off_standard_output(
    predict: Callable[..., Run], seven: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    run = predict("--json", *[seven] * 25)
    assert run.status == 0, run.err
    assert [line["digit"] for line in _lines(run)] == ["7"] * 25
    assert "Reading" in run.err


@pytest.fixture
def numbers(inkdigits: Callable[..., Run], tmp_path: Path) -> Callable[..., Run]:
    path = tmp_path / "number.png"
    path.write_bytes(number_png("2858"))
    return lambda *words: inkdigits("predict", "--numbers", *words, path)


def test_numbers_are_the_services_answer_and_the_file(numbers: Callable[..., Run]) -> None:
    run = numbers("--json", "--length", 4)
    (line,) = _lines(run)
    reader = Reader(load_model("cnn"))
    fields = reader.predict_number(number_png("2858"), expect(4)).to_dict()
    assert (run.status, run.err) == (0, "")
    assert line.pop("file").endswith("number.png")
    assert line == fields
    assert (line["number"], line["text"]) == ("2858", "2858")


def test_numbers_are_shown_in_a_table(numbers: Callable[..., Run]) -> None:
    assert "2858" in numbers("--pattern", "99 99").out
    assert "nothing that was expected" in numbers("--length", 64).out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--length", 0), "1 to 64"),
        (("--length", 5, "--pattern", "99"), "one of them"),
        (("--pattern", "a"), "the pattern 'a'"),
    ],
)
def test_expectations_that_cannot_be_are_told(
    numbers: Callable[..., Run], words: tuple[object, ...], told: str
) -> None:
    run = numbers(*words)
    assert run.status == 2
    assert told in " ".join(run.err.replace("│", " ").split())


def test_lengths_need_numbers(predict: Callable[..., Run], seven: Path) -> None:
    run = predict("--length", 5, seven)
    assert run.status == 2
    assert "--numbers" in run.err


def test_a_number_read_as_one_digit_is_told(inkdigits: Callable[..., Run], tmp_path: Path) -> None:
    path = tmp_path / "number.png"
    path.write_bytes(number_png("2858"))
    assert "--numbers" in inkdigits("predict", path).out


def test_a_part_and_the_allowed_digits_are_the_services(
    predict: Callable[..., Run], tiny_model: Path, tmp_path: Path
) -> None:
    page = Image.new("L", (400, 300), 255)
    page.paste(picture("7"), (200, 100))
    page.paste(picture("3"), (0, 0))
    page.save(tmp_path / "page.png")
    run = predict("--json", "--box", "200,100,160,160", "--allowed", "17", tmp_path / "page.png")
    (line,) = _lines(run)
    reader, expected = Reader(load_model(tiny_model)), expect(box="200,100,160,160", allowed="17")
    read = reader.predict_digit((tmp_path / "page.png").read_bytes(), expected=expected)
    assert line.pop("file").endswith("page.png")
    assert line == read.to_dict()
    assert (line["digit"], run.status) == ("7", 0)
    run = predict("--box", "300,100,160,160", tmp_path / "page.png")
    assert run.status == 1
    assert "400x300 px" in " ".join(run.out.split())


@pytest.mark.parametrize(
    ("words", "told"),
    [(("--box", "1,2,3"), "the box '1,2,3'"), (("--allowed", "12x"), "the allowed digits '12x'")],
)
def test_what_cannot_be_asked_of_a_digit_is_told(
    predict: Callable[..., Run], seven: Path, words: tuple[str, ...], told: str
) -> None:
    run = predict(*words, seven)
    assert run.status == 2
    assert told in " ".join(run.err.replace("│", " ").split())


def test_every_page_has_its_answer(predict: Callable[..., Run], tmp_path: Path) -> None:
    path = tmp_path / "two.tif"
    digits = [Pillow.open(BytesIO(png(digit))) for digit in "71"]
    digits[0].save(path, save_all=True, append_images=digits[1:])
    lines = _lines(predict("--json", path))
    assert [(line["page"], line["digit"]) for line in lines] == [(1, "7"), (2, "1")]
    assert "page 2" in predict(path).out


def test_a_folder_run_ends_with_a_summary(predict: Callable[..., Run], tmp_path: Path) -> None:
    (tmp_path / "7.png").write_bytes(png("7"))
    (tmp_path / "8.png").write_bytes(blank_png())
    for name in ("a.csv", "b.csv", "c.docx"):
        (tmp_path / name).write_bytes(b"")
    run = predict("--json", tmp_path)
    summary, left_out = run.err.splitlines()
    assert summary == "inkdigits: read 2: 1 accepted, 0 unsure, 1 failed"
    assert left_out == "inkdigits: left out: 2 .csv, 1 .docx"
    assert len(_lines(run)) == 2


def test_a_pattern_that_no_shell_expanded_is_read(predict: Callable[..., Run], seven: Path) -> None:
    run = predict("--json", seven.parent / "*.png")
    assert [line["file"] for line in _lines(run)] == [str(seven)]


@pytest.mark.parametrize("suffix", [".csv", ".json", ".jsonl", ".CSV"])
def test_answers_go_to_a_file(predict: Callable[..., Run], tmp_path: Path, suffix: str) -> None:
    (tmp_path / "7.png").write_bytes(png("7"))
    out = tmp_path / f"out{suffix}"
    run = predict("--out", out, tmp_path / "7.png", tmp_path / "missing.png")
    assert (run.status, run.out) == (1, "")
    text = out.read_text("utf-8")
    if suffix.lower() == ".csv":
        good, bad = csv.DictReader(text.splitlines())
        heads = ["file", "page", "digit", "accepted", "reason", "confidence", "error"]
        assert list(good) == heads
        assert (good["digit"], good["accepted"], good["error"]) == ("7", "True", "")
        assert "there is no such file" in bad["error"]
    else:
        good, bad = json.loads(text) if suffix == ".json" else map(json.loads, text.splitlines())
        assert good["digit"] == "7"
        assert bad["error"]["code"] == "file-not-found"


def test_csv_of_numbers_has_their_text(numbers: Callable[..., Run]) -> None:
    (row,) = csv.DictReader(numbers("--csv").out.splitlines())
    assert (row["number"], row["text"]) == ("2858", "2858")


@pytest.mark.parametrize("words", [("--out", "x.txt"), ("--out", "x.csv", "--json")])
def test_a_file_of_no_known_kind_is_refused(
    predict: Callable[..., Run], seven: Path, words: tuple[str, ...]
) -> None:
    run = predict(*words, seven)
    assert run.status == 2
    assert ".jsonl" in run.err


def test_several_workers_keep_the_order(predict: Callable[..., Run], tmp_path: Path) -> None:
    for place, digit in enumerate("7142"):
        (tmp_path / f"{place}.png").write_bytes(png(digit))
    run = predict("--json", "--workers", 2, tmp_path)
    assert [line["digit"] for line in _lines(run)] == [*"7142"]
