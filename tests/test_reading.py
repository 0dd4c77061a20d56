"""The shortest way in, with the shipped model, as a user takes it."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow

import inkdigits
from inkdigits import (
    BlankImage,
    BrokenImage,
    Mismatch,
    MissingFile,
    ModelNotFound,
    Page,
    Prediction,
    Reader,
    Reading,
    load_model,
    read,
    read_files,
    read_folder,
    read_number,
    read_pages,
)
from tests.files.files import encode
from tests.tiny import blank_png, png
from tests.written import number_png, written


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("scans")
    for digit in "7142":
        (folder / f"{digit}.png").write_bytes(png(digit))
    (folder / "blank.png").write_bytes(blank_png())
    (folder / "broken.png").write_bytes(png("3")[:-90])
    pages = [Pillow.fromarray(written(number)) for number in ("2858", "1703")]
    (folder / "two.tif").write_bytes(
        encode(pages[0], "TIFF", save_all=True, append_images=pages[1:])
    )
    return folder


def test_one_picture_gives_its_digit(folder: Path) -> None:
    found = read(folder / "7.png")
    assert (found.digit, found.accepted, found.model.name) == ("7", True, "cnn")
    assert read(str(folder / "7.png")) == read((folder / "7.png").read_bytes()) == found
    assert found == Reader("cnn").predict_digit(folder / "7.png")


def test_a_list_gives_a_list_with_errors_in_place(folder: Path) -> None:
    found = read([folder / "7.png", folder / "blank.png", "missing.png", None, folder / "4.png"])
    kinds = [type(one) for one in found]
    assert kinds == [Prediction, BlankImage, MissingFile, Mismatch, Prediction]
    assert [one.digit for one in found if isinstance(one, Prediction)] == ["7", "4"]
    assert read([]) == []


def test_a_single_failure_is_raised(folder: Path) -> None:
    with pytest.raises(BlankImage):
        read(folder / "blank.png")
    with pytest.raises(MissingFile):
        read("missing.png")


def test_a_number_is_read_as_expected() -> None:
    assert read_number(number_png("2858"), length=4).number == "2858"
    assert [one.number for one in read_number([number_png("2858")] * 2, pattern="9999")] == [
        "2858"
    ] * 2
    with pytest.raises(TypeError):
        read_number(number_png("2858"), lenght=4)


def test_of_several_pages_one_must_be_named(folder: Path) -> None:
    with pytest.raises(Mismatch, match="a file of 2 pages"):
        read_number(folder / "two.tif")
    assert read_number(folder / "two.tif", page=2).number == "1703"
    assert Reader().predict_number(Page(folder / "two.tif", 2)).number == "1703"
    found = read_pages(folder / "two.tif", numbers=True, length=4)
    assert [(one.page, one.result.number) for one in found] == [(1, "2858"), (2, "1703")]


def _told(readings: Iterator[Reading]) -> list[tuple[str, int | None, object]]:
    return [
        (
            Path(one.file).name,
            one.page,
            one.result.digit if isinstance(one.result, Prediction) else one.result.code,
        )
        for one in readings
    ]


def test_a_folder_is_read_in_its_order_by_one_or_by_several(folder: Path) -> None:
    alone = _told(read_folder(folder, workers=1))
    assert [name for name, _, _ in alone[:4]] == ["1.png", "2.png", "4.png", "7.png"]
    assert alone[4:6] == [("blank.png", None, "blank-image"), ("broken.png", None, "broken-image")]
    assert [page for name, page, _ in alone if name == "two.tif"] == [1, 2]
    assert _told(read_folder(folder, workers=2)) == alone


def test_whoever_stops_early_leaves_no_process_behind(folder: Path) -> None:
    readings = read_files([folder / "7.png"] * 100, workers=2)
    next(readings)
    before = {int(pid) for pid in _children()}
    assert len(before) >= 2
    readings.close()
    assert len(set(_children()) - {0}) <= len(before) - 2


def _children() -> list[int]:
    task = Path(f"/proc/{os.getpid()}/task")
    if not task.exists():
        pytest.skip("only Linux tells")
    return [int(pid) for one in task.iterdir() for pid in (one / "children").read_text().split()]


def test_no_more_files_are_taken_than_are_needed() -> None:
    taken = []

    def pictures() -> Iterator[tuple[str, bytes]]:
        for number in range(1_000):
            taken.append(number)
            yield str(number), png("7")

    readings = read_files(pictures(), workers=1)
    assert next(readings).result.digit == "7"
    assert len(taken) == 1
    several = read_files(pictures(), workers=2)
    assert next(several).file == "0"
    several.close()
    assert len(taken) <= 1 + 8


def test_a_wrong_wish_is_told_before_anything_is_read() -> None:
    with pytest.raises(ModelNotFound):
        read_files([], model="nothing")
    with pytest.raises(Mismatch):
        read_number(b"", length=0)


def test_a_script_without_a_main_guard_may_use_it(folder: Path, tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        "import inkdigits, sys\nprint('once')\n"
        "print([r.result.digit for r in inkdigits.read_files(sys.argv[1:], workers=2)])\n"
    )
    files = [str(folder / f"{digit}.png") for digit in "742"]
    command = [sys.executable, str(script), *files]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (run.stdout, run.stderr) == ("once\n['7', '4', '2']\n", "")


def test_readings_go_into_json_and_tables(folder: Path) -> None:
    good, bad = read_files([folder / "7.png", folder / "blank.png"], workers=1)
    model = load_model("cnn").card
    assert good.to_dict() == {"file": good.file, **good.result.to_dict()}
    assert good.to_dict()["model"] == {"name": model.name, "version": model.version}
    assert bad.to_dict()["error"]["code"] == "blank-image"
    assert json.loads(json.dumps([good.to_dict(), bad.to_dict()]))
    assert good.to_row()["digit"] == "7"
    assert good.to_row()["error"] is None
    assert bad.to_row() == {"file": bad.file, "page": None, "error": str(BlankImage())}
    assert Reading("a.tif", good.result, 2).to_dict()["page"] == 2


def test_arrays_are_read(folder: Path) -> None:
    image = np.asarray(Pillow.open(folder / "7.png").convert("RGB"))
    assert inkdigits.read(image).digit == inkdigits.read(image[..., 0] / 255).digit == "7"


def test_a_fault_of_ours_costs_only_its_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError("by nothing")

    monkeypatch.setattr(Reader, "predict_digit", fail)
    found = read([png("7")])
    assert str(found[0]) == "ZeroDivisionError: by nothing"


def test_a_process_that_ends_costs_only_its_picture(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("inkdigits.reading._ANSWER", "os:_exit")
    found = list(read_files([folder / "7.png"] * 3, workers=2))
    assert [type(one.result) for one in found] == [BrokenImage] * 3
