import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inkdigits.evaluation.metrics import (
    auroc,
    brier,
    confusion,
    fpr_at_tpr,
    mcnemar,
    nll,
    reliability,
    risk_coverage,
    wilson_interval,
)

SCORES = st.lists(st.integers(0, 5), min_size=1, max_size=12)


def test_wilson_is_that_of_the_books() -> None:
    # Newcombe (1998), table I, method 3.
    assert wilson_interval(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert wilson_interval(15, 148) == pytest.approx((0.0624, 0.1605), abs=5e-5)
    assert wilson_interval(0, 20) == pytest.approx((0.0, 0.1611), abs=5e-5)
    assert wilson_interval(29, 29) == pytest.approx((0.8830, 1.0), abs=5e-5)


@given(st.integers(1, 10_000), st.data())
def test_wilson_holds_the_share_and_is_symmetric(count: int, data: st.DataObject) -> None:
    hits = data.draw(st.integers(0, count))
    low, high = wilson_interval(hits, count)
    assert 0 <= low <= hits / count <= high <= 1
    assert wilson_interval(count - hits, count) == pytest.approx((1 - high, 1 - low), abs=1e-12)


@pytest.mark.parametrize(("hits", "count"), [(0, 0), (2, 1), (-1, 3)])
def test_no_interval_of_nothing(hits: int, count: int) -> None:
    with pytest.raises(ValueError, match=f"{hits} of {count}"):
        wilson_interval(hits, count)


def test_confusion_counts_rows_of_labels() -> None:
    counts = confusion(np.array([3, 3, 3, 9]), np.array([3, 8, 8, -1]))
    assert counts.shape == (10, 11)
    assert counts[3, 3] == 1
    assert counts[3, 8] == 2
    assert counts[9, 10] == 1
    assert counts.sum() == 4


def test_reliability_with_a_pencil() -> None:
    # Two bins: (0, 0.5] holds 0.4 wrong and 0.5 right, (0.5, 1] holds 0.8 right and 1.0 wrong.
    found = reliability(np.array([0.4, 0.5, 0.8, 1.0]), np.array([0, 1, 1, 0], bool), bins=2)
    assert found.count.tolist() == [2, 2]
    assert found.confidence == pytest.approx([0.45, 0.9])
    assert found.accuracy.tolist() == [0.5, 0.5]
    assert found.ece == pytest.approx((0.05 + 0.4) / 2)
    assert reliability(np.array([1.0, 0.0]), np.array([True, False])).ece == 0


def test_nll_and_brier_with_a_pencil() -> None:
    probabilities = np.zeros((2, 10))
    probabilities[0, :2] = 0.75, 0.25
    probabilities[1, 5] = 1
    assert nll(probabilities, np.array([1, 5])) == pytest.approx(-math.log(0.25) / 2)
    assert brier(probabilities, np.array([1, 5])) == pytest.approx(2 * 0.75**2 / 2)
    assert math.isfinite(nll(probabilities, np.array([9, 5])))
    assert brier(probabilities[1:], np.array([4])) == 2


def test_risk_coverage_with_a_pencil() -> None:
    found = risk_coverage(np.array([0.9, 0.5, 0.5, 0.1]), np.array([1, 0, 1, 0], bool))
    assert found.coverage.tolist() == [0.25, 0.75, 1.0]
    assert found.risk == pytest.approx([0, 1 / 3, 0.5])
    assert found.area == pytest.approx(0.5 / 3 + 0.25 * 0.5)


@given(SCORES, SCORES)
def test_auroc_is_the_share_of_pairs(above: list[int], below: list[int]) -> None:
    pairs = [(a > b) + 0.5 * (a == b) for a in above for b in below]
    assert auroc(np.array(above), np.array(below)) == pytest.approx(sum(pairs) / len(pairs))


@given(SCORES, SCORES, st.sampled_from([0.5, 0.95, 1.0]))
def test_fpr_is_that_of_the_best_threshold(pos: list[int], neg: list[int], tpr: float) -> None:
    enough = [t for t in range(6) if sum(p >= t for p in pos) >= tpr * len(pos)]
    expected = sum(n >= max(enough) for n in neg) / len(neg)
    assert fpr_at_tpr(np.array(pos), np.array(neg), tpr) == pytest.approx(expected)


def test_fpr_at_95_percent_takes_95_of_100() -> None:
    digits = np.arange(1, 101) / 100
    assert fpr_at_tpr(digits, np.array([0.05, 0.06, 0.5, 0.01])) == 0.5


@given(st.integers(0, 30), st.integers(0, 30))
def test_mcnemar_is_the_binomial_test(b: int, c: int) -> None:
    tail = sum(math.comb(b + c, i) for i in range(min(b, c) + 1)) / 2 ** (b + c)
    assert mcnemar(b, c) == pytest.approx(min(1, 2 * tail), rel=1e-9)


def test_mcnemar_takes_many_pictures() -> None:
    assert mcnemar(51_000, 49_000) == pytest.approx(2.5e-10, rel=0.05)


@pytest.mark.parametrize("measure", [auroc, fpr_at_tpr])
def test_nothing_cannot_be_measured(measure) -> None:
    with pytest.raises(ValueError, match="N at least 1"):
        measure(np.array([]), np.array([1.0]))
