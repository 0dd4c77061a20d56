import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inkdigits.decision.ctc import (
    find_texts,
    place_symbols,
    score_texts,
    score_views,
    search_texts,
)
from inkdigits.decision.expected import Expected
from inkdigits.sample import SYMBOLS

BLANK = len(SYMBOLS)
SOME = (0, 1, BLANK)  # enough for a pencil: "0", "1" and the blank


def frames_of(chances: np.ndarray) -> np.ndarray:
    """(T, 3) chances of `SOME` as frames; all else is impossible."""
    frames = np.full((len(chances), BLANK + 1), -60.0, np.float32)
    frames[:, SOME] = np.log(np.maximum(chances, 1e-20))
    return frames


def by_hand(chances: np.ndarray) -> dict[str, float]:
    """Sum every path into its text."""
    texts: dict[str, float] = {}
    for path in itertools.product(range(3), repeat=len(chances)):
        kept = [a for a, _ in itertools.groupby(path)]
        text = "".join(str(a) for a in kept if a != 2)
        texts[text] = texts.get(text, 0) + math.prod(chances[range(len(path)), path])
    return texts


def spell(path: str) -> np.ndarray:
    """Frames that surely say this path; `_` is the blank."""
    frames = np.full((len(path), BLANK + 1), np.log(1e-3 / BLANK), np.float32)
    for number, symbol in enumerate(path):
        place = BLANK if symbol == "_" else SYMBOLS.index(symbol)
        frames[number, place] = np.log(1 - 1e-3)
    return frames


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 6))
def test_texts_and_scores_are_those_of_all_paths(seed: int, count: int) -> None:
    chances = np.random.default_rng(seed).dirichlet([0.6, 0.6, 0.6], count)
    expected = by_hand(chances)
    frames = frames_of(chances)
    scored = score_texts(frames, list(expected))
    assert np.allclose(np.exp(scored), list(expected.values()), atol=1e-5)
    found = find_texts(frames, count=3)
    best = sorted(expected.values(), reverse=True)[: len(found)]
    assert np.allclose(np.exp([score for _, score in found]), best, atol=1e-5)


@pytest.mark.parametrize("lengths", [[5], [40, 7], [9, 200, 1]])
def test_views_are_scored_together_as_alone(lengths: list[int]) -> None:
    """Also where most texts are e^-100 and less: each wrong frame is a further factor."""
    rng, texts = np.random.default_rng(len(lengths)), ["", "1", "10", "11", "012,0", "1" * 12]
    views = [np.log(rng.dirichlet([0.05] * (BLANK + 1), count) + 1e-9) for count in lengths]
    together = score_views(views, texts)
    assert together.shape == (len(views), len(texts))
    for scores, view in zip(together, views, strict=True):
        np.testing.assert_allclose(scores, score_texts(view, texts), rtol=1e-9)
        fits = [len(text) + (text.count("1") - 1) * (set(text) == {"1"}) for text in texts]
        assert [score > -1e20 for score in scores] == [need <= len(view) for need in fits]
    assert score_views(views, []).shape == (len(views), 0)
    assert score_views([], texts).shape == (0, len(texts))


def test_repeats_and_blanks_are_left_out() -> None:
    assert find_texts(spell("__11_1__0,,_5__"))[0][0] == "110,5"


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        (Expected(), "12"),
        (Expected(min_length=3, max_length=3), "123"),
        (Expected(pattern="9-9"), "1-2"),
    ],
)
def test_only_what_is_expected_is_found(expected: Expected, text: str) -> None:
    frames = spell("1__2__")
    frames[1, SYMBOLS.index("-")] = np.log(0.02)
    frames[4, SYMBOLS.index("3")] = np.log(0.2)
    found = find_texts(frames, expected)
    assert found[0][0] == text
    assert all(expected.allows(one) for one, _ in found)


def test_the_search_alone_finds_the_same_texts() -> None:
    rng = np.random.default_rng(6)
    frames = frames_of(rng.dirichlet([0.2, 0.2, 0.6], 12))
    assert search_texts(frames)[0] == find_texts(frames)[0][0]
    assert set(search_texts(frames, count=3)) <= {text for text, _ in find_texts(frames)}
    found = search_texts(spell("1__2__-"), one := Expected(max_length=1))
    assert {"1", "2"} <= {text.replace("-", "") for text in found}
    assert all(map(one.allows, found))


def test_digits_too_many_are_left_out() -> None:
    found = find_texts(spell("1__2__-"), Expected(max_length=1))
    assert {text.replace("-", "") for text, _ in found} >= {"1", "2"}


def test_what_seems_impossible_is_found_if_nothing_else_fits() -> None:
    found = find_texts(spell("1____2"), Expected(pattern="9/9"))
    assert found[0][0] == "1/2"


def test_nothing_is_found_where_nothing_fits_the_frames() -> None:
    assert find_texts(spell("1_"), Expected(min_length=5, max_length=5)) == []


def test_likelier_texts_come_first_and_no_more_than_asked_for() -> None:
    frames = spell("4__7__")
    frames[0, SYMBOLS.index("9")] = np.log(0.3)
    found = find_texts(frames, count=2)
    assert [text for text, _ in found] == ["47", "97"]
    assert found[0][1] > found[1][1]


def test_symbols_stand_where_their_frames_are() -> None:
    assert place_symbols(spell("__11_1__0"), "110") == [(2, 4), (5, 6), (8, 9)]
    assert place_symbols(spell("5"), "5") == [(0, 1)]
    assert place_symbols(spell("12"), "123") == []


def test_texts_that_do_not_fit_have_no_chance() -> None:
    assert score_texts(spell("1_"), ["1", "111"])[1] < -1e20
    assert score_texts(spell("_"), [""])[0] == pytest.approx(np.log(1 - 1e-3), abs=1e-3)
    assert score_texts(spell("_"), []).shape == (0,)
