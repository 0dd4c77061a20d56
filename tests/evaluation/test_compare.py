import pytest

from inkdigits.evaluation.compare import compare

from .conftest import numbers_said, said, suite_of

RIGHT, WRONG = (1, 1, 0.9), (1, 2, 0.9)


def compared(ours, theirs, kind="digits"):
    suite = suite_of(name="s", kind=kind)
    return compare([suite], {"s": said(*ours)}, {"s": said(*theirs)})["s"]


def test_both_figures_and_where_they_differ() -> None:
    found = compared([RIGHT, RIGHT, WRONG, RIGHT], [RIGHT, WRONG, RIGHT, WRONG])
    assert (found.count, found.ours, found.theirs) == (4, 0.75, 0.5)
    assert (found.only_ours, found.only_theirs) == (2, 1)
    assert found.p == 1
    assert found.verdict == "no difference shown"


@pytest.mark.parametrize(("first", "verdict"), [(RIGHT, "better"), (WRONG, "worse")])
def test_many_differences_of_one_kind_are_no_luck(first, verdict) -> None:
    second = WRONG if first is RIGHT else RIGHT
    found = compared([first] * 8, [second] * 8)
    assert found.p == pytest.approx(2 / 2**8)
    assert found.verdict == verdict


def test_no_digits_are_right_where_they_are_refused() -> None:
    odd, taken = (10, 1, 0.3, "unsure"), (10, 1, 0.9)
    found = compared([odd, odd], [taken, odd], "not-a-digit")
    assert (found.ours, found.theirs) == (1.0, 0.5)


def test_numbers_are_right_with_all_their_digits() -> None:
    suite = suite_of(name="s", kind="number")
    ours = numbers_said(("1,2", "12", 0.9), ("34", "34", 0.9, "unsure"))
    theirs = numbers_said(("1,2", "1,3", 0.9), ("34", "", 0.0, "blank-image"))
    found = compare([suite], {"s": ours}, {"s": theirs})["s"]
    assert (found.ours, found.theirs, found.only_ours) == (1.0, 0.0, 2)
