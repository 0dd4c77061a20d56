"""A text → how much likelier it is than its shape says, because people write such things.

A slash and a slanted 1 look alike. Between a day and a month it is a slash far more often.
"""

import re

DATE = 2.0
"""Log of the factor for what may be a date: what numbers drawn with a pen needed (tuning set)."""
_DATE = re.compile(r"(\d{1,2})/(\d{1,2})(?:/(?:\d{2}|\d{4}))?[.,]?")
_DAYS, _MONTHS = 31, 12


def log_prior(text: str) -> float:
    """Give the logarithm of the factor: 0 for most texts, `DATE` for dates with slashes.

    Args:
        text: digits and separators, as "6/8" or "12/27/93,".
    """
    found = _DATE.fullmatch(text)
    if found is None:
        return 0.0
    low, high = sorted((int(found[1]), int(found[2])))
    return DATE if 1 <= low <= _MONTHS and high <= _DAYS else 0.0
