import pytest

from inkdigits.evaluation.figures import measure
from inkdigits.evaluation.groups import measure_groups, rated_as_digits

from .conftest import said

GOOD, BAD = said((1, 1, 0.9), (2, 2, 0.9)), said((1, 1, 0.9), (2, 3, 0.9))
ODD, TAKEN = said((10, 1, 0.2, "unsure")), said((10, 1, 0.9))


def groups(outcomes, kind="digits"):
    digits = GOOD if kind == "not-a-digit" else None
    return measure_groups(outcomes, {n: measure(o, kind, digits) for n, o in outcomes.items()})


def test_uploads_are_pooled_without_the_crops() -> None:
    parts = {"wild/paint": GOOD, "wild/photo": BAD, "wild/photo_crops": BAD}
    wild = groups(parts)["wild"]
    assert wild.parts == ("wild/paint", "wild/photo")
    assert wild.figures.values["count"] == 4
    assert wild.figures.values["accuracy"] == 0.75
    assert wild.figures.intervals["accuracy"][0] < 0.75


def test_corruptions_have_a_mean_and_a_worst() -> None:
    found = groups({"mnist-c/fog": GOOD, "mnist-c/zigzag": BAD}, "corruption")["mnist-c"]
    assert found.figures.values["mean_accuracy"] == 0.75
    assert found.figures.values["worst_accuracy"] == 0.5
    assert found.worst["accuracy"] == "mnist-c/zigzag"


def test_what_is_taken_for_a_digit_most_is_the_worst() -> None:
    outcomes = {"not-a-digit/noise": ODD, "not-a-digit/pairs": TAKEN}
    found = groups(outcomes, "not-a-digit")["not-a-digit"]
    assert found.figures.values["worst_accepted_as_digit"] == 1
    assert found.figures.values["mean_accepted_as_digit"] == 0.5
    assert found.worst["accepted_as_digit"] == "not-a-digit/pairs"
    assert found.figures.values["worst_auroc"] == pytest.approx(0.5)


def test_nothing_makes_no_group() -> None:
    assert groups({"mnist": GOOD}) == {}


@pytest.mark.parametrize(
    ("read", "rated"),
    [
        (("images", "mnist", "rendered", "wild/paint"), ("mnist", "wild/paint")),
        (("mnist", "rendered"), ("mnist",)),
        (("images", "rendered"), ("rendered",)),
        (("images",), ("images",)),
        (("polarity",), ()),
    ],
)
def test_digits_to_tell_from_are_the_best_there_are(read, rated) -> None:
    assert rated_as_digits(dict.fromkeys(read, GOOD)) == rated
