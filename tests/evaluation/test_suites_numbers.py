"""Suites of numbers: composed of held-out writers, cheques, strokes, photos; damaged files told."""

from pathlib import Path

import numpy as np
import pytest

from inkdigits.data.number_stock import NumberStock
from inkdigits.data.number_style import NUMBER_STYLES, NumberStyle
from inkdigits.data.strokes import StrokeSet, save_whole
from inkdigits.errors import DataError
from inkdigits.evaluation import suites_numbers
from inkdigits.evaluation.suite import Suite, build
from inkdigits.evaluation.suites_numbers import MISLABELLED, NUMBERS

ENTRIES = {entry.name: entry for entry in NUMBERS}


def suite(name: str, folder: Path) -> Suite:
    return build(ENTRIES[name], folder)


def test_every_suite_says_what_it_needs_where_it_is_not(tmp_path: Path) -> None:
    for name, entry in ENTRIES.items():
        assert entry.kind == "number"
        assert entry.needs
        with pytest.raises(DataError):
            suite(name, tmp_path)


def test_photos_keep_the_zeros_of_their_numbers(tmp_path: Path) -> None:
    wild = tmp_path / "tune" / "wild"
    wild.mkdir(parents=True)
    (wild / "a.png").write_bytes(b"a")
    rows = "group,label,path\nmulti,0123,a.png\npaint,7,b.png\n"
    (wild / "manifest.csv").write_text(rows, encoding="utf-8")
    (picture,) = suite("numbers-wild", tmp_path).pictures()
    assert (picture.number, picture.picture, picture.label) == ("0123", b"a", 10)
    (wild / "manifest.csv").write_text("group,label,path\n", encoding="utf-8")
    with pytest.raises(DataError, match="multi"):
        suite("numbers-wild", tmp_path)


def test_cheques_are_cut_from_the_flat_file(tmp_path: Path) -> None:
    (tmp_path / "tune").mkdir()
    first, second = np.full((3, 5), 7, np.uint8), np.arange(8, dtype=np.uint8).reshape(2, 4)
    arrays = {
        "pixels": np.concatenate((first.ravel(), second.ravel())),
        "shape": np.array([[3, 5], [2, 4]]),
        "offset": np.array([0, 15, 23]),
        "label": np.array(["12", "045"]),
    }
    np.savez(tmp_path / "tune" / "orand_car_a.npz", **arrays)
    pictures = list(suite("orand-car-a", tmp_path).pictures())
    assert [one.number for one in pictures] == ["12", "045"]
    np.testing.assert_array_equal(pictures[1].picture, second)
    corrected = suite("orand-car-a-corrected", tmp_path).pictures()
    assert [one.number for one in corrected] == ["12", "045"]
    del arrays["offset"]
    np.savez(tmp_path / "tune" / "orand_car_a.npz", **arrays)
    with pytest.raises(DataError, match="the arrays"):
        suite("orand-car-a", tmp_path)


@pytest.mark.parametrize("spacing", NUMBER_STYLES)
def test_the_same_numbers_are_written_by_the_held_out_and_by_the_tested(
    spacing: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stroke = np.array([[0, 0], [1, 2]], np.float32)

    def written(times: int) -> NumberStock:
        own = {str(digit): [[stroke] * times] for digit in range(10)}
        return NumberStock((), (own,), {}, own)

    def load_held(_folder: Path, *, held: bool) -> NumberStock:
        assert held
        return written(1)

    monkeypatch.setattr(suites_numbers, "load_number_stock", load_held)
    monkeypatch.setattr(suites_numbers, "load_test_stock", lambda _folder: written(2))
    held, tested = (
        [ENTRIES[f"{group}/{spacing}"].plan(tmp_path).make(i) for i in range(5)]
        for group in ("numbers-composed", "numbers-composed-test")
    )
    assert [one.number for one in held] == [one.number for one in tested]
    assert all(2 <= len(one.number or "") <= 12 for one in held)
    assert any(not np.array_equal(a.picture, b.picture) for a, b in zip(held, tested, strict=True))


def test_every_correction_is_a_number_other_than_the_label() -> None:
    for (_, labelled), written in MISLABELLED.items():
        assert written.isdecimal()
        assert written != labelled


@pytest.mark.parametrize(("label", "corrected"), [("2", "109"), ("109", "109"), ("7", "7")])
def test_only_a_known_wrong_label_is_corrected(tmp_path: Path, label: str, corrected: str) -> None:
    (tmp_path / "tune").mkdir()
    arrays = {
        "pixels": np.zeros(34, np.uint8),
        "shape": np.ones((34, 2), np.int64),
        "offset": np.arange(35),
        "label": np.array(["2"] * 33 + [label]),
    }
    np.savez(tmp_path / "tune" / "orand_car_a.npz", **arrays)
    as_labelled, told = (
        [one.number for one in suite(name, tmp_path).pictures()]
        for name in ("orand-car-a", "orand-car-a-corrected")
    )
    assert as_labelled == arrays["label"].tolist()
    assert told == ["2"] * 33 + [corrected]


def test_digits_are_as_high_whatever_stands_beside_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A slash that is twice as high, or a line that rises, makes no digit small."""
    (tmp_path / "tune").mkdir()
    digits = [np.array([[x, 0], [x, 10]], np.float32) for x in (0, 20, 40)]
    slash = np.array([[60, -5], [70, 15]], np.float32)
    sets = [digits, [*digits, slash], [one + np.array([0, 0.5 * one[0, 0]]) for one in digits]]
    flat = [stroke for strokes in sets for stroke in strokes]
    save_whole(
        StrokeSet(
            points=np.concatenate(flat).astype(np.float32),
            stroke_offset=np.arange(0, 2 * len(flat) + 1, 2),
            sample_offset=np.cumsum([0, *map(len, sets)]),
            label=np.array(["111", "111/", "111"]),
            writer_file=np.array(["w"] * 3),
        ),
        tmp_path / "tune" / "unipen_numbers.npz",
    )
    style = NumberStyle(height=40)
    monkeypatch.setattr(suites_numbers, "sample_number_style", lambda _rng: style)
    found = suite("unipen-numbers", tmp_path).pictures()
    assert [one.picture.shape[0] for one in found] == [70, 120, 170]  # 40 px a digit, and room


def test_strokes_are_drawn_wide_and_words_are_left_out(tmp_path: Path) -> None:
    (tmp_path / "tune").mkdir()
    stroke = np.array([[0, 0], [40, 10]], np.float32)
    strokes = StrokeSet(
        points=np.concatenate([stroke] * 3),
        stroke_offset=np.arange(0, 7, 2),
        sample_offset=np.arange(4),
        label=np.array(["12-3", "ten", "-"]),
        writer_file=np.array(["w", "w", "w"]),
    )
    save_whole(strokes, tmp_path / "tune" / "unipen_numbers.npz")
    found = suite("unipen-numbers", tmp_path)
    (picture,) = found.pictures()
    assert picture.number == "12-3"
    assert isinstance(picture.picture, np.ndarray)
    assert picture.picture.shape[1] > 1.5 * picture.picture.shape[0]
    (again,) = found.pictures()
    np.testing.assert_array_equal(picture.picture, again.picture)
