from pathlib import Path

import numpy as np
import pytest

from inkdigits.data.labelled import encode_png
from inkdigits.errors import DataError, SettingError
from inkdigits.evaluation.suites import GROUPS, build_images, build_suites, list_suites

PNG = encode_png(np.zeros((4, 4), np.uint8))
NAMED = [
    "mnist",
    "mnist-fixed",
    "mnist-c",
    "wild",
    "optdigits",
    "semeion",
    "hwd1000",
    "rendered",
    "not-a-digit",
    "several",
    "polarity",
    "geometry",
    "stroke",
    "numbers-composed",
    "numbers-composed-test",
    "numbers-wild",
    "orand-car-a",
    "orand-car-a-corrected",
    "unipen-numbers",
]


@pytest.fixture(autouse=True)
def _no_data(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("INKDIGITS_DATA", raising=False)


def names(*wanted: str, folder: Path | None = None) -> list[str]:
    suites, missing = build_suites(list(wanted), folder)
    return [suite.name for suite in suites] + [told.split(":")[0] for told in missing]


def test_all_that_there_is_can_be_listed() -> None:
    listed = list_suites()
    assert list(listed) == NAMED
    assert set(GROUPS) < set(listed)
    assert all(about for about, _ in listed.values())
    assert listed["polarity"][1] == ""
    assert "tune/wild/manifest.csv" in listed["not-a-digit"][1]


def test_a_group_stands_for_its_suites(tmp_path: Path) -> None:
    assert len(names("wild", folder=tmp_path)) == 4
    parts = set(names("not-a-digit", folder=tmp_path))
    assert {part.removeprefix("not-a-digit/") for part in parts} == {
        "letters",
        "symbols",
        "scribbles",
        "blank",
        "noise",
        "textures",
        "pairs",
        "pieces",
        "nondigit",
        "mdas",
    }
    assert names("not-a-digit/blank", "not-a-digit/blank") == ["not-a-digit/blank"]


def test_what_cannot_be_had_is_told_and_the_rest_goes_on(tmp_path: Path) -> None:
    suites, missing = build_suites(["optdigits", "stroke", "wild/paint"], tmp_path, limit=4)
    assert [suite.name for suite in suites] == ["stroke"]
    assert [told.split(": ")[0] for told in missing] == ["optdigits", "wild/paint"]
    assert "tune/optdigits.npz" in missing[0]
    assert sum(1 for _ in suites[0].pictures()) == suites[0].count == 4


@pytest.mark.parametrize("name", ["mnist-d", "wild/", "", "/"])
def test_an_unknown_name_is_told(name: str) -> None:
    with pytest.raises(SettingError, match="mnist-c, wild"):
        build_suites([name], None)


def test_pictures_of_ones_own_are_a_suite_or_two(tmp_path: Path) -> None:
    for name in ("7/a.png", "7/b.png", "x_cat.png"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(PNG)
    digits, others = build_images(tmp_path)
    assert (digits.name, digits.kind, digits.count) == ("images", "digits", 2)
    assert [(p.name, p.label) for p in digits.pictures()] == [("7/a.png", 7), ("7/b.png", 7)]
    assert (others.name, others.kind, others.count) == ("images/not-a-digit", "not-a-digit", 1)
    (tmp_path / "x_cat.png").unlink()
    assert [suite.name for suite in build_images(tmp_path, limit=1)] == ["images"]
    assert build_images(tmp_path, limit=1)[0].count == 1
    with pytest.raises(DataError, match="not there"):
        build_images(tmp_path / "nowhere")


def test_pictures_of_a_csv_are_named_relative_to_it(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(PNG)
    (tmp_path / "list.csv").write_text("file,label\na.png,4\n", encoding="utf-8")
    (suite,) = build_images(tmp_path / "list.csv")
    assert [(p.name, p.label) for p in suite.pictures()] == [("a.png", 4)]


def test_everything_is_there_with_the_shared_data(repo: Path) -> None:
    folder = repo.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("needs ../shared/data")
    suites, missing = build_suites([], folder, limit=2)
    assert missing == []
    assert len(suites) == 15 + 4 + 10 + 6 + 9 + 10
    for suite in suites:
        assert sum(1 for _ in suite.pictures()) == suite.count
