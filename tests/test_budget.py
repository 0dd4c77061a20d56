"""Work is counted, and stops where it is too much or where nobody waits for it."""

import threading
from dataclasses import replace

import pytest

from inkdigits.budget import Allowance, Budget
from inkdigits.errors import DeadlineExceeded, TooComplex

ALLOWED = Allowance(pieces=3, steps=10, processor_s=2.0)


def test_what_is_allowed_goes_on() -> None:
    budget = Budget(ALLOWED)
    budget.check()
    budget.count_pieces(3)
    budget.spend(4)
    budget.spend(6)
    assert budget.steps == 10


def test_too_many_pieces_are_told() -> None:
    with pytest.raises(TooComplex) as raised:
        Budget(ALLOWED).count_pieces(4)
    assert (raised.value.what, raised.value.found, raised.value.allowed) == ("pieces of ink", 4, 3)


def test_steps_add_up() -> None:
    budget = Budget(ALLOWED)
    budget.spend(10)
    with pytest.raises(TooComplex, match=r"steps of work: 11, allowed are at most 10"):
        budget.spend(1)


def test_the_clock_is_the_last_resort() -> None:
    now = [100.0]
    budget = Budget(replace(ALLOWED, processor_s=0.0), clock=lambda: now[0])
    budget.check()
    now[0] = 100.1
    with pytest.raises(TooComplex, match="seconds of a processor"):
        budget.check()
    budget.renewed().check()


@pytest.mark.parametrize(
    "work", [Budget.check, lambda one: one.spend(1), lambda one: one.count_pieces(1)]
)
def test_what_nobody_waits_for_stops(work) -> None:
    given_up = threading.Event()
    budget = Budget(ALLOWED, given_up.is_set)
    work(budget)
    given_up.set()
    with pytest.raises(DeadlineExceeded):
        work(budget)
    with pytest.raises(DeadlineExceeded):
        work(budget.renewed())


def test_optional_work_ends_at_its_share_and_the_rest_goes_on() -> None:
    budget, done = Budget(ALLOWED), []
    with budget.optional(0.5):
        budget.spend(5)
        done.append(5)
        budget.spend(1)
        done.append(1)
    with budget.optional(0.5):
        budget.spend(1)
        done.append(1)
    assert done == [5]
    with pytest.raises(TooComplex, match="allowed are at most 10"):
        budget.spend(9)
