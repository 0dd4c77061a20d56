"""Pieces read as digits: groups first, cuts where they are needed, one digit left whole."""

import numpy as np
import pytest

from inkdigits.budget import NUMBER, Budget
from inkdigits.decision.lattice import find_texts
from inkdigits.image.number_ink import find_number_ink
from inkdigits.image.pieces import Pieces, find_pieces
from inkdigits.image.rows import find_rows
from inkdigits.model.card import Card
from inkdigits.model.loading import load_model
from inkdigits.row_cutter import (
    DigitModel,
    cut_further,
    digit_share,
    least_digit_share,
    read_groups,
)
from tests.written import written


class Says:
    """A model that says the same of everything."""

    def __init__(self, shares: dict[int, float], classes: int) -> None:
        self.card = Card("says", "1", classes, (28, 28), "logits", "0" * 64)
        left = (1 - sum(shares.values())) / classes
        self.answer = np.log([shares.get(place, 0.0) + left for place in range(classes)])

    def logits(self, samples):
        return np.tile(self.answer.astype(np.float32), (len(samples), 1))


@pytest.fixture(scope="module")
def digits() -> DigitModel:
    model = load_model("cnn")
    return DigitModel(model, model.card.temperature)


def pieces(text: str, gap: int = 14) -> Pieces:
    (row,) = find_rows(find_number_ink(written(text, gap=gap)))
    return find_pieces(row.ink, Budget(NUMBER))


def test_spaced_digits_are_read_without_a_cut(digits: DigitModel) -> None:
    cut = read_groups(pieces("2858"), digits, Budget(NUMBER))
    assert len(cut.runs) == len(cut.pieces) == 4
    assert cut.log_p.shape == (4, 11)
    assert find_texts(cut.lattice)[0][0] == "2858"
    assert digit_share(cut, Budget(NUMBER)) > 0.9


def test_the_least_likely_digit_counts_and_marks_do_not(digits: DigitModel) -> None:
    cut = read_groups(pieces("2-8"), digits, Budget(NUMBER))
    least = least_digit_share(cut, "2-8")
    assert 0.9 < least <= 1
    (dash,) = (run for run in range(3) if cut.log_p[run, 10] > np.log(0.5))
    assert least_digit_share(cut, "218") == pytest.approx(1 - np.exp(cut.log_p[dash, 10]))
    assert least_digit_share(cut, "2858") == 0  # there are three pieces


def test_touching_digits_are_cut(digits: DigitModel) -> None:
    groups = read_groups(pieces("5080", gap=0), digits, Budget(NUMBER))
    assert len(groups.runs) < 4
    further = cut_further(groups, digits, Budget(NUMBER))
    assert len(further.pieces) > len(groups.pieces)
    assert "5080" in [text for text, _ in find_texts(further.lattice)]
    assert (np.exp(further.log_p).sum(axis=1) > 0.99).all()


def test_one_digit_is_left_whole(digits: DigitModel) -> None:
    cut = read_groups(pieces("8"), digits, Budget(NUMBER))
    assert cut.is_one
    assert cut_further(cut, digits, Budget(NUMBER)) is cut
    assert find_texts(cut.lattice)[0][0] == "8"


@pytest.mark.parametrize(
    ("text", "shares", "is_one"),
    [
        ("9", {9: 0.6, 4: 0.38}, True),  # a digit, whichever
        ("9", {9: 0.6, 10: 0.38}, False),
        ("2-", {2: 0.6, 4: 0.38}, False),  # two pieces
        ("9", {9: 0.6, 4: 0.3, 7: 0.1}, True),
    ],
)
def test_a_piece_that_is_a_digit_is_one_though_not_which(text, shares, is_one) -> None:
    row = pieces(text, gap=4)
    assert read_groups(row, DigitModel(Says(shares, 11), 1.0), Budget(NUMBER)).is_one == is_one


def test_who_knows_digits_alone_cannot_tell_one_from_two() -> None:
    assert not read_groups(
        pieces("9"), DigitModel(Says({9: 0.6, 4: 0.39}, 10), 1.0), Budget(NUMBER)
    ).is_one
    assert read_groups(pieces("9"), DigitModel(Says({9: 0.95}, 10), 1.0), Budget(NUMBER)).is_one


def test_models_of_ten_classes_know_no_other() -> None:
    model = load_model("mlp")
    cut = read_groups(pieces("2858"), DigitModel(model, model.card.temperature), Budget(NUMBER))
    assert cut.log_p.shape == (4, 11)
    assert (cut.log_p[:, 10] < -15).all()
