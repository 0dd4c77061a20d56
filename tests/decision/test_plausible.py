"""Dates with slashes are likelier than they look, stray slashes are not; amounts begin with a 1."""

import math

import pytest

from inkdigits.decision.plausible import DATE, STRAY, log_prior


@pytest.mark.parametrize("text", ["6/8", "12/27/93", "27/12/1993,", "1/30", "09/18/93.", "31/12"])
def test_dates_are_likelier(text: str) -> None:
    assert log_prior(text) == DATE


@pytest.mark.parametrize(
    "text",
    ["618", "13/13", "0/8", "6/0", "32/1", "6/8/1", "6-8", "1/2/3/4", "", "$6/8", "3/4%", "123/45"],
)
def test_other_texts_are_not(text: str) -> None:
    assert log_prior(text) == 0


@pytest.mark.parametrize("text", ["1999/12", "2024/25", "12345-6/7", "7", "-"])
def test_years_may_stand_beside_a_slash_and_longer_numbers_elsewhere(text: str) -> None:
    assert log_prior(text) == 0


@pytest.mark.parametrize(
    "text", ["6/", "/8", "7890/", "5/120222", "5535/25", "12/-3", "6//8", "2/2-753/", "/", "1/.5"]
)
def test_a_slash_where_nobody_writes_one_is_less_likely(text: str) -> None:
    assert log_prior(text) == STRAY


AMOUNTS = ["{}7.146", "{}.095", "{}2.682.-", "${},000", "-{},000.50", "{}00-", "{}9,133,--", "{}-"]


@pytest.mark.parametrize("amount", AMOUNTS)
def test_amounts_begin_as_benford_says(amount: str) -> None:
    factors = [math.exp(log_prior(amount.format(first))) for first in range(1, 10)]
    assert factors == sorted(factors, reverse=True)
    assert sum(factors) == pytest.approx(9)  # of all digits that they begin with, none is lost
    assert factors[0] / factors[6] == pytest.approx(math.log10(2) / math.log10(8 / 7))
    assert 0.2 < math.exp(log_prior(amount.format(0))) < 0.4


@pytest.mark.parametrize(
    "text", ["17", "7.5", "17:30", "7.12.93", "1999-12", "(1)234", "1.2345", "12%"]
)
def test_what_is_no_amount_begins_with_anything(text: str) -> None:
    assert log_prior(text) == 0
