"""What is not certain is never written as if it were."""

import pytest

from inkdigits.decision.shown import show_probability


@pytest.mark.parametrize(
    ("share", "shown"),
    [
        (1.0, ">99.9%"),
        (0.9995, ">99.9%"),
        (0.99949, "99.9%"),
        (0.5, "50.0%"),
        (0.0005, "0.1%"),
        (0.00049, "<0.1%"),
        (1e-7, "<0.1%"),
        (0.0, "0.0%"),
    ],
)
def test_by_hand(share: float, shown: str) -> None:
    assert show_probability(share) == shown
