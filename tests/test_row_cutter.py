"""Pieces read as digits: groups first, cuts where they are needed, one digit left whole."""

import numpy as np
import pytest

from inkdigits.decision.lattice import find_texts
from inkdigits.image.number_ink import find_number_ink
from inkdigits.image.pieces import Pieces, find_pieces
from inkdigits.image.rows import find_rows
from inkdigits.model.loading import load_model
from inkdigits.row_cutter import (
    DigitModel,
    cut_further,
    digit_share,
    least_digit_share,
    read_groups,
)
from tests.written import written


@pytest.fixture(scope="module")
def digits() -> DigitModel:
    model = load_model("cnn")
    return DigitModel(model, model.card.temperature)


def pieces(text: str, gap: int = 14) -> Pieces:
    (row,) = find_rows(find_number_ink(written(text, gap=gap)))
    return find_pieces(row.ink)


def test_spaced_digits_are_read_without_a_cut(digits: DigitModel) -> None:
    cut = read_groups(pieces("2858"), digits)
    assert len(cut.runs) == len(cut.pieces) == 4
    assert cut.log_p.shape == (4, 11)
    assert find_texts(cut.lattice)[0][0] == "2858"
    assert digit_share(cut) > 0.9


def test_the_least_likely_digit_counts_and_marks_do_not(digits: DigitModel) -> None:
    cut = read_groups(pieces("2-8"), digits)
    least = least_digit_share(cut, "2-8")
    assert 0.9 < least <= 1
    (dash,) = (run for run in range(3) if cut.log_p[run, 10] > np.log(0.5))
    assert least_digit_share(cut, "218") == pytest.approx(1 - np.exp(cut.log_p[dash, 10]))
    assert least_digit_share(cut, "2858") == 0  # there are three pieces


def test_touching_digits_are_cut(digits: DigitModel) -> None:
    groups = read_groups(pieces("5080", gap=0), digits)
    assert len(groups.runs) < 4
    further = cut_further(groups, digits)
    assert len(further.pieces) > len(groups.pieces)
    assert "5080" in [text for text, _ in find_texts(further.lattice)]
    assert (np.exp(further.log_p).sum(axis=1) > 0.99).all()


def test_one_digit_is_left_whole(digits: DigitModel) -> None:
    cut = read_groups(pieces("8"), digits)
    assert cut.is_one
    assert cut_further(cut, digits) is cut
    assert find_texts(cut.lattice)[0][0] == "8"


def test_models_of_ten_classes_know_no_other() -> None:
    model = load_model("mlp")
    cut = read_groups(pieces("2858"), DigitModel(model, model.card.temperature))
    assert cut.log_p.shape == (4, 11)
    assert (cut.log_p[:, 10] < -15).all()
