"""Dates with slashes are likelier than they look; nothing else is."""

import pytest

from inkdigits.decision.plausible import DATE, log_prior


@pytest.mark.parametrize("text", ["6/8", "12/27/93", "27/12/1993,", "1/30", "09/18/93.", "31/12"])
def test_dates_are_likelier(text: str) -> None:
    assert log_prior(text) == DATE


@pytest.mark.parametrize(
    "text",
    ["618", "6/", "/8", "13/13", "0/8", "6/0", "32/1", "6/8/1", "6-8", "1/2/3/4", "", "$6/8"],
)
def test_other_texts_are_not(text: str) -> None:
    assert log_prior(text) == 0
