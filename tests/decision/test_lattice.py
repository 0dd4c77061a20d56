"""Lattices by hand: the probabilities sum to one, the search finds what is expected."""

from itertools import product

import numpy as np
import pytest

from inkdigits.decision.expected import Expected
from inkdigits.decision.lattice import (
    IMPOSSIBLE,
    NOTHING,
    Lattice,
    find_texts,
    place_symbols,
    score_texts,
)

THREE, FOUR, EIGHT, DASH = 3, 4, 8, 12


def lattice() -> Lattice:
    """Two pieces: a 3 (or 8) and a 4 (or a dash, or dust); together perhaps an 8."""
    scores = np.full((3, NOTHING + 1), IMPOSSIBLE)
    scores[0, [THREE, EIGHT]] = np.log([0.8, 0.1])
    scores[1, [FOUR, DASH, NOTHING]] = np.log([0.6, 0.1, 0.2])
    scores[2, EIGHT] = np.log(0.3)
    return Lattice(2, np.array([0, 1, 0]), np.array([1, 2, 2]), scores)


WHOLE = 0.9 * 0.9 + 0.3
"""All ways together."""


@pytest.mark.parametrize(
    ("text", "share"),
    [("34", 0.48), ("3", 0.16), ("3-", 0.08), ("8", 0.02 + 0.3), ("84", 0.06), ("4", 0), ("", 0)],
)
def test_a_text_has_the_share_of_its_ways(text: str, share: float) -> None:
    (score,) = score_texts(lattice(), [text])
    assert np.exp(score) == pytest.approx(share / WHOLE)


def test_all_texts_sum_to_one() -> None:
    texts = ["".join(pair) for count in (0, 1, 2) for pair in product("348-", repeat=count)]
    assert np.exp(score_texts(lattice(), texts)).sum() == pytest.approx(1)


def test_no_texts_no_scores() -> None:
    assert len(score_texts(lattice(), [])) == 0


def test_the_likeliest_come_first_with_their_scores() -> None:
    found = find_texts(lattice(), count=3)
    assert [text for text, _ in found] == ["34", "8", "3"]
    assert [score for _, score in found] == pytest.approx(score_texts(lattice(), ["34", "8", "3"]))


@pytest.mark.parametrize(
    ("expected", "best"),
    [
        (Expected(1, 1), "8"),
        (Expected(2, 2), "34"),
        (Expected(pattern="9-"), "3-"),
        (Expected(3, 3), None),
    ],
)
def test_what_is_not_expected_is_not_found(expected: Expected, best: str | None) -> None:
    found = find_texts(lattice(), expected)
    assert all(expected.allows(text) for text, _ in found)
    assert (found[0][0] if found else None) == best


def test_symbols_are_placed_on_the_likeliest_way() -> None:
    assert place_symbols(lattice(), "34") == [0, 1]
    assert place_symbols(lattice(), "8") == [2]
    assert place_symbols(lattice(), "3") == [0]
    assert place_symbols(lattice(), "77") == []
