"""What runs may be: a sure digit well placed wins; cuts, gaps and odd places count against it."""

from dataclasses import dataclass

import numpy as np
import pytest

from inkdigits.decision.lattice import NOTHING
from inkdigits.decision.runs import build_lattice
from inkdigits.sample import SYMBOLS, Runs


@dataclass(frozen=True)
class Placed:
    """One run; by default it stands where a digit usually does."""

    size: tuple[float, float] = (0.6, 1.0)
    rise: tuple[float, float] = (0.0, 0.0)
    cut: tuple[float, float] = (0.0, 0.0)
    inner: tuple[bool, bool] = (False, False)
    gap: float = 0.0
    area: float = 0.15
    pieces: int = 1

    def runs(self) -> Runs:
        columns = (self.size, self.rise, self.cut, self.inner, self.gap, self.area)
        return Runs(np.array([0]), np.array([self.pieces]), *(np.array([c]) for c in columns))


def log_p(best: int = 7, share: float = 0.98) -> np.ndarray:
    shares = np.full((1, 11), (1 - share) / 10)
    shares[0, best] = share
    return np.log(shares)


def score(placed: Placed, symbol: int = 7) -> float:
    return float(build_lattice(log_p(), placed.runs()).scores[0, symbol])


def test_a_sure_digit_is_that_digit() -> None:
    lattice = build_lattice(log_p(), Placed().runs())
    assert lattice.pieces == 1
    assert int(lattice.scores[0].argmax()) == 7


@pytest.mark.parametrize(
    "odd",
    [
        Placed(size=(0.3, 0.2)),
        Placed(size=(0.6, 2.0)),
        Placed(size=(1.6, 1.0)),
        Placed(rise=(-0.8, -0.8)),
        Placed(cut=(0.0, 2.0)),
        Placed(gap=0.3),
    ],
)
def test_what_is_oddly_placed_or_cut_is_less_likely_a_digit(odd: Placed) -> None:
    assert score(odd) < score(Placed())


@pytest.mark.parametrize(
    ("symbol", "size", "rise"),
    [
        (".", (0.12, 0.12), (-0.88, 0.0)),
        (",", (0.12, 0.3), (-0.9, -0.2)),
        ("-", (0.5, 0.08), (-0.5, 0.42)),
        ("-", (2.4, 0.1), (-0.5, 0.4)),
    ],
)
def test_small_marks_are_told_by_shape_and_place(
    symbol: str, size: tuple[float, float], rise: tuple[float, float]
) -> None:
    placed = Placed(size=size, rise=rise, area=0.01)
    scores = build_lattice(log_p(10, 0.9), placed.runs()).scores[0]
    assert SYMBOLS[int(scores[:NOTHING].argmax())] == symbol


@pytest.mark.parametrize(("symbol", "width"), [("%", 1.1), ("(", 0.22)])
def test_signs_are_no_digits_and_have_their_shape(symbol: str, width: float) -> None:
    height = 0.9 if symbol == "%" else 1.3
    lattice = build_lattice(log_p(10, 0.98), Placed(size=(width, height)).runs())
    scores = dict(zip(SYMBOLS, lattice.scores[0].tolist(), strict=False))
    assert max(scores, key=scores.__getitem__) == symbol
    assert scores["("] == scores[")"]


def test_specks_are_nothing_and_digits_are_not() -> None:
    speck = Placed(size=(0.05, 0.05), rise=(0.4, 1.35), area=0.002)
    assert int(build_lattice(log_p(10, 0.9), speck.runs()).scores[0].argmax()) == NOTHING
    assert score(Placed(), NOTHING) < score(Placed()) - 5


def test_a_part_of_a_group_cannot_be_left_out_with_others() -> None:
    several = Placed(pieces=2, inner=(True, False))
    assert score(several, NOTHING) < -1e6
