"""A text → how much likelier it is than its shape says, because people write such things.

A slash and a slanted 1 look alike. Between a day and a month it is a slash far more often; at an
end, and beside digits that are neither a short number nor a year, it is a 1. A 1 with a roof and
a 7 look alike, too, and amounts begin with a 1 five times as often.
"""

import math
import re

DATE = 2.0
"""Log of the factor for what may be a date: what numbers drawn with a pen needed (tuning set)."""
STRAY = -2.0
"""The same for a slash where nobody writes one: as much against it as dates are for it."""
_DATE = re.compile(r"(\d{1,2})/(\d{1,2})(?:/(?:\d{2}|\d{4}))?[.,]?")
_DAYS, _MONTHS = 31, 12
_BESIDE_SLASH = re.compile(r"\d{1,3}|(?:19|20)\d\d")
_AMOUNT = re.compile(r"\$?-?(\d)(?:\d{0,2}(?:[.,]\d{3})+(?:[.,]\d\d)?[.,-]*|\d*[.,]?-+)")
"""Grouped by thousands, or closed by a dash."""
BELOW_ONE = 0.03
"""Of the amounts begin with a 0."""


def log_prior(text: str) -> float:
    """Give the logarithm of the factor.

    Args:
        text: digits and separators, as "6/8" or "12/27/93,".

    Returns:
        0 for most texts. For dates with slashes `DATE`, where a slash is out of place `STRAY`. For
        amounts, how often one begins with this digit against one in nine.
    """
    if "/" in text:
        return _log_slashes(text)
    found = _AMOUNT.fullmatch(text)
    if found is None:
        return 0.0
    first = int(found[1])
    return math.log(9 * (share_of_first(first) if first else BELOW_ONE))


def share_of_first(digit: int) -> float:
    """Give how many of the amounts from one on begin with this digit, 1 to 9: a share, 0 to 1.

    Source:
        Benford, "The law of anomalous numbers" (1938).
    """
    return math.log10(1 + 1 / digit)


def _log_slashes(text: str) -> float:
    found = _DATE.fullmatch(text)
    if found is not None:
        low, high = sorted((int(found[1]), int(found[2])))
        return DATE if 1 <= low <= _MONTHS and high <= _DAYS else 0.0
    parts = re.split(r"[^\d/]", text)  # of "1/12-3/4" those with a slash count
    beside = [group for part in parts if "/" in part for group in part.split("/")]
    return 0.0 if all(map(_BESIDE_SLASH.fullmatch, beside)) else STRAY
