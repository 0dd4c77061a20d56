import numpy as np
import pytest

from inkdigits.data.edges import find_edges


def square(level: float) -> np.ndarray:
    grey = np.zeros((28, 28))
    grey[8:20, 8:20] = level
    return grey


def test_a_square_has_one_thin_closed_edge() -> None:
    edges = find_edges(square(1.0))
    assert edges.dtype == bool
    for line in (edges[14], edges[:, 14]):
        # A step between px 7 and 8 is as steep seen from either: at most both are its ridge.
        left, right = np.flatnonzero(line[:14]), np.flatnonzero(line[14:]) + 14
        assert set(left) <= {7, 8}
        assert set(right) <= {19, 20}
        assert len(left) >= 1
        assert len(right) >= 1
    assert not edges[10:18, 10:18].any()
    assert not edges[:6].any()


def test_turning_the_picture_turns_the_edges(rng: np.random.Generator) -> None:
    grey = np.kron(rng.random((7, 7)), np.ones((4, 4)))
    np.testing.assert_array_equal(find_edges(np.rot90(grey)), np.rot90(find_edges(grey)))
    np.testing.assert_array_equal(find_edges(grey.T), find_edges(grey).T)


@pytest.mark.parametrize("level", [0.0, 0.03, 1.0])
def test_flat_steps_are_no_edges(level: float) -> None:
    assert find_edges(square(level)).any() == (level == 1)


def test_a_weak_edge_counts_where_a_strong_one_goes_on() -> None:
    grey = np.zeros((28, 28))
    grey[:, 14:] = np.linspace(0.05, 1, 28)[:, None]
    strong_and_weak = find_edges(grey)[1:-1, 12:16].any(axis=1)
    assert strong_and_weak.all()
    grey[:, 14:] = 0.05
    assert not find_edges(grey).any()


def test_nothing_is_claimed_at_the_border(rng: np.random.Generator) -> None:
    edges = find_edges(rng.random((12, 17)))
    assert edges.shape == (12, 17)
    assert not edges[[0, -1]].any()
    assert not edges[:, [0, -1]].any()
