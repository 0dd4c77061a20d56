import re

import numpy as np
import pytest

from inkdigits.data.number_text import sample_digits, sample_text
from inkdigits.sample import SYMBOLS


@pytest.fixture(scope="module")
def texts() -> list[str]:
    rng = np.random.default_rng(0)
    return [sample_text(rng) for _ in range(3000)]


def test_texts_hold_symbols_and_single_spaces_between_them(texts: list[str]) -> None:
    assert all(set(text) <= {*SYMBOLS, " "} for text in texts)
    assert all(text == text.strip() and "  " not in text for text in texts)


def test_every_text_has_a_digit_and_fits_a_line(texts: list[str]) -> None:
    counts = [sum(symbol.isdigit() for symbol in text) for text in texts]
    assert min(counts) == 1
    assert max(counts) == 12
    assert max(map(len, texts)) <= 24


@pytest.mark.parametrize(
    "pattern",
    [
        r"\d+",
        r"\$?\d{1,3}([.,]\d{3})+.*",
        r"\d+[/.-]\d+[/.-]\d{2,4}",
        r"\d\d?:\d\d",
        r"\d{3}-\d{4}",
        r"[\d.,/]+ ?%",
        r"\(\d+\) ?\d+(-\d+)?",
    ],
    ids=["plain", "amount", "date", "time", "telephone", "share", "area code"],
)
def test_all_kinds_occur(texts: list[str], pattern: str) -> None:
    assert sum(re.fullmatch(pattern, text) is not None for text in texts) >= 20


def test_so_many_digits() -> None:
    rng = np.random.default_rng(1)
    for count in range(1, 13):
        assert re.fullmatch(rf"\d{{{count}}}", sample_digits(count, rng))


def test_runs_of_zeros_are_frequent() -> None:
    rng = np.random.default_rng(2)
    found = [sample_digits(6, rng) for _ in range(1000)]
    assert sum(text.endswith("00") for text in found) > 150  # by chance alone: 10


def test_amounts_begin_as_those_of_life_do(texts: list[str]) -> None:
    first = [text[1] for text in texts if text.startswith("$") and text[1].isdigit()]
    assert len(first) > 100
    assert 0.2 < first.count("1") / len(first) < 0.4  # 30 % by Benford's law
    assert first.count("9") < 0.1 * len(first)
    assert first.count("0") < 0.08 * len(first)
