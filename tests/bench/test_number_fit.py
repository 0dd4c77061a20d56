"""Fitted policies: the better reader weighs more, and the thresholds keep what they promise."""

import numpy as np
import pytest
from bench.number_fit import ReadRow, fit_number_policy

from inkdigits.decision.number import Held, decide_number, rank_texts


def rows(count: int = 300, noise: tuple[float, float] = (0.5, 3.0)) -> list[ReadRow]:
    """Rows that say 12 or 1,2 or 17; each reader sees the truth through noise of its own."""
    rng = np.random.default_rng(2)
    texts = ("12", "1,2", "17")
    made = []
    for _ in range(count):
        truth = int(rng.integers(3))
        lattice, line = (2.0 * (np.arange(3) == truth) + rng.normal(0, one, 3) for one in noise)
        made.append(ReadRow(texts[truth], Held(texts, lattice, line[None])))
    return made


def test_the_reader_with_less_noise_weighs_more() -> None:
    first, second = fit_number_policy(rows(), 0.05).weights
    assert first > 2 * second > 0


def test_accepted_numbers_are_as_right_as_promised() -> None:
    policy = fit_number_policy(rows(), target_error=0.05, separators_error=0.1)
    accepted = []
    for row in rows():
        line = decide_number(rank_texts(row.held, policy), policy, lambda _: [None] * 2)
        if line.accepted:
            accepted.append((line.number == row.label.replace(",", ""), line.text == row.label))
    right, whole = np.array(accepted).mean(axis=0)
    assert len(accepted) > 50
    assert right >= 0.95
    assert whole >= 0.85


def test_a_row_that_nobody_could_read_counts_as_wrong() -> None:
    lost = [
        ReadRow("99", Held(texts, np.zeros(len(texts)), np.zeros((1, len(texts)))))
        for texts in (["12"], [])
    ]
    policy = fit_number_policy(lost, 0.1)
    assert policy.min_confidence == 1.0
    assert policy.min_separators == 1.0


def test_no_rows_no_policy() -> None:
    with pytest.raises(ValueError, match="no rows"):
        fit_number_policy([], 0.1)
