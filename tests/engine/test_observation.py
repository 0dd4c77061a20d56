import numpy as np

from inkdigits.decision.number import NumberPolicy, decide_number, join_lines, no_number
from inkdigits.decision.prediction import Alternative, Prediction
from inkdigits.decision.reject import Policy, decide
from inkdigits.engine.observation import Observation, observe_result
from inkdigits.errors import BlankImage
from inkdigits.reader import StageTimes


def test_a_prediction_is_noted_with_its_times() -> None:
    row = (0.1,) * 10
    read = Prediction("3", False, "unsure", 0.4, row, 0.2, (Alternative("3", 0.4),))  # noqa: FBT003
    noted = observe_result("cnn", read, StageTimes(1, 2, 3))
    assert noted == Observation("cnn", "3", False, "unsure", 0.4, 1, 2, 3, None)  # noqa: FBT003


def test_what_nobody_has_calibrated_counts_as_not_accepted() -> None:
    read = decide(np.eye(10)[3] * 20, Policy(1.0, None, None))
    noted = observe_result("cnn", read, StageTimes())
    assert (noted.digit, noted.accepted, noted.reason) == ("3", False, "not_calibrated")


def test_an_error_is_noted_by_its_code() -> None:
    noted = observe_result("cnn", BlankImage(), StageTimes(decode_s=1))
    assert noted == Observation("cnn", decode_s=1, code="blank-image")


def test_of_a_number_is_noted_that_there_is_one_and_not_which() -> None:
    line = decide_number({"4071": 0.9, "4077": 0.1}, NumberPolicy((1.0,)), lambda _: [None] * 4)
    noted = observe_result("cnn", join_lines([line]), StageTimes(1, 2, 3))
    assert (noted.digit, noted.accepted, noted.confidence) == ("number", True, 0.9)
    nothing = observe_result("cnn", join_lines([no_number("not_a_digit")]), StageTimes())
    assert (nothing.digit, nothing.reason) == (None, "not_a_digit")
