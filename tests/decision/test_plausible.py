"""Dates with slashes are likelier than they look; slashes where nobody writes them are not."""

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
