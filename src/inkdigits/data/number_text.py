"""A random generator in → what somebody writes into a form out: amounts, dates, telephone numbers.

A space is a gap between digits, written by nobody: it is no part of the label.
"""

from collections.abc import Callable
from functools import partial

import numpy as np

from inkdigits.decision.plausible import BELOW_ONE, share_of_first

_Rng = np.random.Generator

_ENDS = ("", "", "", ".", ",", "-", ".-", ",-", " -", " -", ",--", ".00", ",00", "-")
"""How people close an amount, so that nobody writes on."""
_TELEPHONES = (
    *("3-4", "3-3-4", "1-3-3-4", "3 4", "3 3 4", "4-6", "2-3-2-2", "5-4", "2 2 2 2", "3.3.4"),
    *("(3)3-4", "(3) 3-4", "(4) 6"),
)
_CODES = ("5", "5", "5", "5-4", "4", "3-2-4", "2-3", "6", "8", "4 4", "4-4-4")
"""How many digits are written, and what between them."""


def sample_text(rng: _Rng) -> str:
    """Draw what is written: digits, `.,-/:%()`, `$` for any currency sign, and spaces."""
    kinds = list(_KINDS)
    shares = np.array([share for _, share in kinds])
    return kinds[rng.choice(len(kinds), p=shares / shares.sum())][0](rng)


def sample_digits(count: int, rng: _Rng) -> str:
    """Draw so many digits. Runs of one digit, `00` above all, are as frequent as in life."""
    digits = rng.integers(0, 10, count)
    if rng.random() < 0.3:
        tail = int(rng.integers(1, max(2, count)))
        digits[count - tail :] = 0
    if rng.random() < 0.25:
        digits[rng.random(count) < 0.4] = rng.integers(0, 10)
    if rng.random() < 0.15:
        digits[rng.random(count) < 0.5] = 1
    return "".join(map(str, digits.tolist()))


def _plain(rng: _Rng) -> str:
    count = int(rng.integers(1, 13)) if rng.random() < 0.4 else int(rng.integers(2, 8))
    text = sample_digits(count, rng)
    if count > 5 and rng.random() < 0.3:
        step = int(rng.integers(2, 5))
        text = " ".join(text[i : i + step] for i in range(0, count, step))
    return text


def _amount(rng: _Rng) -> str:
    whole = _first_digit(rng) + sample_digits(int(rng.integers(0, 7)), rng)
    point, comma = (".", ",") if rng.random() < 0.6 else (",", ".")
    draw = rng.random()
    if draw < 0.6:
        whole = _grouped(whole, point if rng.random() < 0.8 else " ")
    end = _ENDS[rng.integers(len(_ENDS))]
    if rng.random() < 0.3:
        end = comma + sample_digits(2, rng)
    start = "$" if rng.random() < 0.2 else ""
    return start + ("-" if rng.random() < 0.02 else "") + whole + end


def _first_digit(rng: _Rng) -> str:
    """Draw what an amount begins with: 1 most often, and hardly ever 0."""
    if rng.random() < BELOW_ONE:
        return "0"
    digits = range(1, 10)
    return str(rng.choice(digits, p=[share_of_first(digit) for digit in digits]))


def _grouped(whole: str, mark: str) -> str:
    first = len(whole) % 3
    parts = [whole[:first]] * bool(first)
    return mark.join(parts + [whole[i : i + 3] for i in range(first, len(whole), 3)])


def _date(rng: _Rng) -> str:
    day, month = int(rng.integers(1, 32)), int(rng.integers(1, 13))
    year, mark = int(rng.integers(1940, 2040)), "/-. "[rng.choice(4, p=[0.52, 0.22, 0.22, 0.04])]
    pad = "02d" if rng.random() < 0.6 else "d"
    parts = [format(day, pad), format(month, pad)]
    parts = parts if rng.random() < 0.5 else parts[::-1]
    draw = rng.random()
    if draw < 0.38:
        parts.append(format(year % 100, "02d"))
    elif draw < 0.62:
        parts.append(str(year))
    elif draw < 0.7:
        parts.insert(0, str(year))
    return mark.join(parts)


def _laid_out(layouts: tuple[str, ...], rng: _Rng) -> str:
    """Choose a layout, and write so many digits where it says a number."""
    layout = layouts[rng.integers(len(layouts))]
    return "".join(sample_digits(int(c), rng) if c.isdigit() else c for c in layout)


def _time(rng: _Rng) -> str:
    mark = ":" if rng.random() < 0.75 else "."
    text = f"{rng.integers(0, 24)}{mark}{rng.integers(0, 60):02d}"
    return f"{text}{mark}{rng.integers(0, 60):02d}" if rng.random() < 0.2 else text


def _share(rng: _Rng) -> str:
    """Give a share of a hundred: 7%, 25.5%, 1/4%."""
    draw = rng.random()
    text = sample_digits(int(rng.integers(1, 3)), rng)
    if draw < 0.4:
        text += ".,"[int(rng.integers(2))] + sample_digits(int(rng.integers(1, 3)), rng)
    elif draw < 0.5:
        text = _fraction(rng)
    return text + (" %" if rng.random() < 0.3 else "%")


def _fraction(rng: _Rng) -> str:
    mark = ".,//"[rng.integers(4)]
    first, second = rng.integers(1, 4, 2).tolist()
    return f"{sample_digits(first, rng)}{mark}{sample_digits(second, rng)}"


_KINDS: tuple[tuple[Callable[[_Rng], str], float], ...] = (
    (_plain, 0.26),
    (_amount, 0.3),
    (_date, 0.15),
    (partial(_laid_out, _TELEPHONES), 0.08),
    (partial(_laid_out, _CODES), 0.06),
    (_time, 0.04),
    (_fraction, 0.08),
    (_share, 0.03),
)
