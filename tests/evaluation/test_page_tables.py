import pytest

from inkdigits.evaluation.page import PARTS, environment

DIGITS, OTHERS = PARTS["digits"]["columns"], PARTS["not-a-digit"]["columns"]
SUITE = {
    "about": "a <few>",
    "kind": "digits",
    "figures": {"count": 1200.0, "accuracy": 0.99625, "ece": 0.00312},
    "intervals": {"accuracy": [0.9912, 0.9987]},
}


def html_of(macro: str, *values: object) -> str:
    return str(getattr(environment().get_template("parts.html").module, macro)(*values))


def group_row(name, found, columns) -> str:
    """The row of a group alone, of a table without suites."""
    return html_of("suite_table", {}, columns, name, found).partition('class="all"')[2]


def test_a_row_has_figures_and_intervals() -> None:
    html = html_of("suite_table", {"wild/paint": SUITE}, DIGITS)
    assert "<td>1,200</td>" in html
    assert "99.62%<small>99.12 – 99.87</small>" in html
    assert "<td>0.0031</td>" in html
    assert html.count("<td>–</td>") == len(DIGITS) - 2
    assert "a &lt;few&gt;" in html


def test_a_corruption_is_explained_by_its_name() -> None:
    assert "few" not in html_of(
        "suite_table", {"mnist-c/fog": SUITE | {"kind": "corruption"}}, DIGITS
    )


def test_a_group_shows_its_mean_and_where_it_is_worst() -> None:
    values = {"count": 4.0, "mean_auroc": 0.99, "worst_auroc": 0.9812}
    found = {"figures": values, "intervals": {}, "worst": {"auroc": "not-a-digit/big_pairs"}}
    html = group_row("mean", found, OTHERS)
    assert "<td>0.9900<small>worst 0.9812, big pairs</small></td>" in html
    assert html.count("<td></td>") == len(OTHERS) - 1
    assert "99.62%<small>99.12 – 99.87</small>" in group_row("all", SUITE, DIGITS)


@pytest.mark.parametrize(
    ("p", "shown"), [(0.04321, "0.0432"), (1e-9, "&lt; 0.0001"), (1.0, "1.0000")]
)
def test_a_comparison_says_the_difference_and_its_chance(p: float, shown: str) -> None:
    found = {
        "count": 10, "ours": 0.9, "theirs": 0.8, "only_ours": 1, "only_theirs": 0,
        "p": p, "verdict": "better",
    }  # fmt: skip
    html = html_of("comparison_table", {"mnist": found})
    assert "<td>+10.00</td>" in html
    assert f"<td>{shown}</td>" in html
    assert '<span class="good">better</span>' in html


def test_missed_bars_come_first() -> None:
    met = {"suite": "a", "figure": "ece", "max": 0.01, "value": 0.004, "fault": ""}
    missed = {"suite": "b", "figure": "accuracy", "min": 0.9, "value": None, "fault": "not <there>"}
    html = html_of("gate_table", [met, missed])
    assert html.index("not &lt;there&gt;") < html.index(">met<")
    assert "at least 0.9" in html
    assert "at most 0.01" in html
    assert "<td>–</td>" in html


def test_names_are_safe_in_links() -> None:
    assert 'href="#suite-wild-pa-int"' in html_of("link", "wild/pa int")
    assert html_of("link", "<b>") == '<a href="#suite--b-">&lt;b&gt;</a>'
