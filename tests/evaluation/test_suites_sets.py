from pathlib import Path

import numpy as np
import pytest

from inkdigits.data.labelled import encode_png
from inkdigits.errors import DataError
from inkdigits.evaluation.suite import Entry, Suite, build
from inkdigits.evaluation.suites_sets import NO_DIGITS_OF_SETS, SETS, WILD, plan_files
from inkdigits.files.decode import decode

ENTRIES = {entry.name: entry for entry in (*WILD, *SETS, *NO_DIGITS_OF_SETS)}
ROWS = "paint,7,paint/a.png\npaint,3,paint/b.png\nmulti,50,multi/c.png\nnondigit,x,nondigit/d.png\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    wild = tmp_path / "tune" / "wild"
    for name in ("paint/a.png", "paint/b.png", "multi/c.png", "nondigit/d.png"):
        (wild / name).parent.mkdir(parents=True, exist_ok=True)
        (wild / name).write_bytes(name.encode())
    (wild / "manifest.csv").write_text("group,label,path\n" + ROWS, encoding="utf-8")
    return tmp_path


def save(folder: Path, name: str, images: np.ndarray, labels: np.ndarray) -> None:
    (folder / "tune").mkdir(exist_ok=True)
    np.savez(folder / "tune" / f"{name}.npz", images=images, labels=labels)


def suite(name: str, folder: Path) -> Suite:
    return build(ENTRIES[name], folder)


def test_wild_takes_its_group_from_the_manifest(folder: Path) -> None:
    pictures = list(suite("wild/paint", folder).pictures())
    assert [(p.name, p.label, p.picture) for p in pictures] == [
        ("paint/a.png", 7, b"paint/a.png"),
        ("paint/b.png", 3, b"paint/b.png"),
    ]
    (other,) = suite("not-a-digit/nondigit", folder).pictures()
    assert (other.name, other.label) == ("nondigit/d.png", 10)


def test_a_group_without_pictures_is_told(folder: Path) -> None:
    with pytest.raises(DataError, match="no pictures of the group photo"):
        suite("wild/photo", folder)


@pytest.mark.parametrize("text", ["", "group,path\npaint,a.png\n", "group,label,path\npaint,q,a\n"])
def test_a_damaged_manifest_is_told(folder: Path, text: str) -> None:
    manifest = folder / "tune" / "wild" / "manifest.csv"
    manifest.write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=r"manifest\.csv"):
        suite("wild/paint", folder)


def test_sets_give_their_images_as_they_are(tmp_path: Path, rng: np.random.Generator) -> None:
    images = rng.integers(0, 256, (5, 16, 16), np.uint8)
    save(tmp_path, "semeion", images, np.arange(5))
    pictures = list(suite("semeion", tmp_path).pictures())
    assert [picture.label for picture in pictures] == [0, 1, 2, 3, 4]
    assert [picture.name for picture in pictures][:2] == ["semeion/0", "semeion/1"]
    for picture, image in zip(pictures, images, strict=True):
        np.testing.assert_array_equal(decode(bytes(picture.picture)), image)


def test_a_slash_is_never_asked_to_be_refused(tmp_path: Path) -> None:
    images = np.arange(6, dtype=np.uint8)[:, None, None] * np.ones((6, 28, 28), np.uint8)
    save(tmp_path, "mdas_symbols", images, np.arange(6))
    pictures = list(suite("not-a-digit/mdas", tmp_path).pictures())
    assert {picture.label for picture in pictures} == {10}
    tones = [int(decode(bytes(picture.picture))[0, 0]) for picture in pictures]
    assert tones == [0, 1, 3, 4, 5]


@pytest.mark.parametrize(
    ("images", "labels"),
    [
        (np.zeros((3, 16), np.uint8), np.zeros(3)),
        (np.zeros((3, 16, 16), np.float32), np.zeros(3)),
        (np.zeros((3, 16, 16), np.uint8), np.zeros(2)),
    ],
)
def test_arrays_that_do_not_fit_are_told(
    tmp_path: Path, images: np.ndarray, labels: np.ndarray
) -> None:
    save(tmp_path, "optdigits", images, labels)
    with pytest.raises(DataError, match="uint8 images"):
        suite("optdigits", tmp_path)


def test_a_damaged_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "hwd1000.npz").write_bytes(b"no zip")
    with pytest.raises(DataError, match=r"hwd1000\.npz: cannot be read"):
        suite("hwd1000", tmp_path)


@pytest.mark.parametrize("name", ENTRIES)
def test_what_is_missing_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    needed = ENTRIES[name].needs
    with pytest.raises(DataError, match=f"no {needed}"):
        suite(name, tmp_path)
    monkeypatch.delenv("INKDIGITS_DATA", raising=False)
    with pytest.raises(DataError, match="INKDIGITS_DATA"):
        build(ENTRIES[name], None)


def test_a_picture_that_went_away_is_told(tmp_path: Path) -> None:
    (tmp_path / "7.png").write_bytes(encode_png(np.zeros((4, 4), np.uint8)))
    plan = plan_files([(tmp_path / "7.png", 7), (tmp_path / "8.png", 8)], tmp_path)
    entry = Entry("files", "", "digits", "", lambda _: plan)
    pictures = build(entry, None).pictures()
    assert next(pictures).name == "7.png"
    with pytest.raises(DataError, match=r"8\.png"):
        next(pictures)
