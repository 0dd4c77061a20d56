import xml.etree.ElementTree as ET

import pytest

from inkdigits.evaluation.plots import (
    Bar,
    plot_bars,
    plot_confusion,
    plot_reliability,
    plot_risk,
)

COUNTS = [[0] * 11 for _ in range(10)]
COUNTS[3][3], COUNTS[3][8], COUNTS[9][10] = 990, 17, 4
BINS = {"count": [0, 3, 5], "confidence": [0.0, 0.5, 0.9], "accuracy": [0.0, 0.4, 1.0]}
CURVE = {"coverage": [0.5, 1.0], "risk": [0.0, 0.25], "accepted": 0.8}
PLOTS = {
    "confusion": lambda: plot_confusion(COUNTS),
    "reliability": lambda: plot_reliability(BINS),
    "risk": lambda: plot_risk(CURVE),
    "bars": lambda: plot_bars([Bar("fog", 0.9, 0.8), Bar("zigzag", 0.5)]),
}


def words(svg: str) -> list[str]:
    return [node.text for node in ET.fromstring(svg).iter() if node.tag.endswith("text")]  # noqa: S314  # ours


@pytest.mark.parametrize("name", PLOTS)
def test_a_plot_is_small_svg_in_the_colours_of_the_page(name: str) -> None:
    svg = PLOTS[name]()
    assert svg.startswith("<svg")
    assert "var(--accent)" in svg
    assert "#0" not in svg.replace("#0000", "")
    assert "font-family" not in svg
    assert len(svg) < 60_000
    assert PLOTS[name]() == svg


def test_counts_are_written_where_there_are_some() -> None:
    shown = words(plot_confusion(COUNTS))
    assert [text for text in shown if text in ("990", "17")] == ["990", "17"]
    assert shown.count("4") == 3  # both axes have one too
    assert shown.count("0") == 2
    assert "var(--bad)" in plot_confusion(COUNTS)


def test_a_matrix_without_mistakes_can_be_drawn() -> None:
    right = [[50 * (i == j) for j in range(11)] for i in range(10)]
    assert "var(--bad)" not in plot_confusion(right)
    assert words(plot_confusion(right)).count("50") == 10


def test_the_worst_bar_stands_on_top() -> None:
    shown = [text for text in words(plot_bars([Bar("zigzag", 0.5), Bar("fog", 0.9)])) if text]
    assert shown.index("fog") < shown.index("zigzag")
    assert "50.0%" in shown
    assert "90.0%" in shown
