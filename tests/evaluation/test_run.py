import numpy as np
import pytest

from inkdigits.data.labelled import Labelled, encode_png
from inkdigits.evaluation.run import join, run_suites
from inkdigits.files.decode import decode
from inkdigits.model.loading import load_model
from inkdigits.reader import Reader
from tests.tiny import blank_png
from tests.written import number_png

from .conftest import printed, run_suite, said, suite_of


def test_every_picture_is_a_row(reader: Reader) -> None:
    pictures = printed(7, 10, 3)
    found = run_suite(reader, suite_of(*pictures))
    assert len(found) == 3
    assert found.label.tolist() == [7, 10, 3]
    assert found.best.tolist() == [7, -1, 3]
    assert found.reason.tolist() == ["", "blank-image", ""]
    assert found.accepted.tolist() == [True, False, True]
    assert found.answered.tolist() == [True, False, True]
    assert found.name.tolist() == ["0/7", "1/10", "2/3"]
    assert (found.seconds > 0).all()


def test_the_numbers_are_those_of_the_reader(reader: Reader) -> None:
    (picture,) = printed(4)
    found, direct = run_suite(reader, suite_of(picture)), reader.predict_digit
    prediction = direct(picture.picture)
    assert tuple(found.probabilities[0]) == prediction.probabilities
    assert found.confidence[0] == found.score[0] == prediction.confidence
    as_array = Labelled(decode(picture.picture), 4, "array")
    again = run_suite(reader, suite_of(as_array))
    assert np.array_equal(again.probabilities, found.probabilities)


def test_a_damaged_picture_is_a_row_too(reader: Reader) -> None:
    cut = encode_png(np.zeros((40, 40), np.uint8))[:40]
    found = run_suite(reader, suite_of(Labelled(cut, 1, "cut"), Labelled(b"", 1, "none")))
    assert found.reason.tolist() == ["broken-image", "broken-image"]
    assert found.probabilities.sum() == found.score.sum() == 0


def test_an_empty_suite_has_no_rows(reader: Reader) -> None:
    found = run_suite(reader, suite_of())
    assert len(found) == 0
    assert found.probabilities.shape == (0, 10)
    assert run_suite(reader, suite_of(kind="number")).right.shape == (0,)


def test_numbers_are_read_whole() -> None:
    pictures = [Labelled(number_png("2858"), 10, "a", "2858"), Labelled(blank_png(), 10, "b", "7")]
    found = run_suite(Reader(load_model("cnn")), suite_of(*pictures, kind="number"))
    assert found.number.tolist() == found.text.tolist() == ["2858", ""]
    assert found.right.tolist() == found.answered.tolist() == [True, False]
    assert found.name.tolist() == ["a", "b"]
    assert found.reason[1] == "blank-image"
    assert (found.seconds > 0).all()
    assert [len(of_number) for of_number in found.digits] == [4, 0]
    assert min(found.digits[0]) > 0.5
    assert found.score.tolist() == found.confidence.tolist()


def test_it_is_told_how_much_of_all_is_done(reader: Reader) -> None:
    told = []
    suites = [suite_of(*printed(1, 2), name="a"), suite_of(*printed(3), name="b")]
    found = run_suites(reader, suites, lambda *words: told.append(words))
    assert list(found) == ["a", "b"]
    assert told[0] == ("Reading a", 0, 3)
    assert told[-2:] == [("Reading b", 2, 3), ("Reading", 3, 3)]


def test_a_score_needs_a_digit_that_is_one() -> None:
    sure, odd = said((1, 1, 0.9), (1, 1, 0.9, "not_a_digit")).score
    assert (sure, odd) == (pytest.approx(0.9), pytest.approx(0.1))


def test_outcomes_can_be_joined() -> None:
    whole = join([said((1, 1, 0.9), (2, 3, 0.5)), said((4, -1, 0.0, "blank-image"))])
    assert whole.label.tolist() == [1, 2, 4]
    assert whole.reason.tolist() == ["", "", "blank-image"]
    assert whole.probabilities.shape == (3, 10)
