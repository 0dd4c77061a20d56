import math

import pytest

from inkdigits.evaluation.figures import MEANINGS, answered_right, by_variant, judge, measure

from .conftest import said

FOUR = said(
    (1, 1, 0.9),
    (2, 3, 0.8),
    (4, 4, 0.6, "unsure"),
    (5, 5, 0.7, "not_a_digit"),
    (6, -1, 0.0, "blank-image"),
)


def test_digits_with_a_pencil() -> None:
    values = measure(FOUR, "digits").values
    assert values["count"] == 5
    assert values["accuracy"] == pytest.approx(3 / 5)
    assert values["answered_right"] == pytest.approx(2 / 5)
    assert values["accepted"] == pytest.approx(2 / 5)
    assert values["error_among_accepted"] == pytest.approx(1 / 2)
    assert values["called_not_a_digit"] == values["unsure"] == values["no_answer"] == 0.2
    assert values["ms_per_picture"] == pytest.approx(2)
    # Judged is what was answered: 0.9, 0.8 (wrong), 0.6, and 0.7 for none (wrong).
    assert values["ece"] == pytest.approx((0.1 + 0.8 + 0.4 + 0.7) / 4)
    likelihoods = (0.9, 0.2 / 9, 0.6, 0.3)
    assert values["nll"] == pytest.approx(-sum(map(math.log, likelihoods)) / 4)
    assert set(values) <= set(MEANINGS)


def test_shares_have_intervals() -> None:
    found = measure(FOUR, "digits")
    low, high = found.intervals["error_among_accepted"]
    assert low == pytest.approx(0.0945, abs=1e-4)
    assert high == pytest.approx(0.9055, abs=1e-4)
    assert "ece" not in found.intervals


def test_what_is_not_defined_is_left_out() -> None:
    values = measure(said((1, -1, 0.0, "blank-image")), "digits").values
    assert values["accuracy"] == 0
    assert values["no_answer"] == 1
    assert not {"error_among_accepted", "ece", "nll"} & set(values)


def test_no_digits_with_a_pencil() -> None:
    odd = said(
        (10, 1, 0.9), (10, 2, 0.4, "unsure"), (10, 3, 0.9, "not_a_digit"), (10, -1, 0.0, "blank")
    )
    digits = said((1, 1, 0.95), (2, 2, 0.7))
    values = measure(odd, "not-a-digit", digits).values
    assert values["accepted_as_digit"] == values["unsure"] == values["no_answer"] == 0.25
    # Scores 0.9, 0.4, 0.1 and 0 against 0.95 and 0.7: seven of eight pairs.
    assert values["auroc"] == pytest.approx(7 / 8)
    assert values["fpr_at_95_tpr"] == 0.25
    assert "auroc" not in measure(odd, "not-a-digit").values
    assert judge(odd, "not-a-digit").tolist() == [False, True, True, True]


def test_the_same_answer_is_that_of_the_base() -> None:
    turned = said(
        (7, 1, 0.9, "", "7a/base"),
        (7, 1, 0.9, "", "7a/rot+10"),
        (7, 7, 0.9, "", "7a/rot+20"),
        (3, 3, 0.9, "", "3b/base"),
        (3, 3, 0.9, "", "3b/rot+20"),
        (0, -1, 0.0, "blank-image", "0a/base"),
        (0, -1, 0.0, "blank-image", "0a/rot+20"),
    )
    assert judge(turned, "same-answer").tolist() == [True, True, False, True, True, False, False]
    values = measure(turned, "same-answer").values
    assert values["same_answer"] == pytest.approx(4 / 7)
    assert values["accuracy"] == pytest.approx(3 / 7)
    assert by_variant(turned)[0] == {
        "variant": "rot+20",
        "same_answer": pytest.approx(1 / 3),
        "count": 3,
    }


def test_right_is_what_the_user_gets() -> None:
    assert answered_right(FOUR).tolist() == [True, False, True, False, False]
    assert judge(FOUR, "corruption").tolist() == [True, False, True, True, False]
