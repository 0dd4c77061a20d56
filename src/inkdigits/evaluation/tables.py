"""Figures of a report in → the tables of its page out, as HTML."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

Found = Mapping[str, Any]
"""One suite or group of a report."""

_PLAIN = {
    "ece": 4,
    "digit_ece": 4,
    "nll": 3,
    "brier": 4,
    "area_under_risk": 5,
    "auroc": 4,
    "ms_per_picture": 2,
}
"""Figures that are no shares, and how many decimals they are shown with."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: what stands over it, and the figure below."""

    head: str
    figure: str


DIGITS = (
    Column("likeliest digit right", "accuracy"),
    Column("answered right", "answered_right"),
    Column("accepted", "accepted"),
    Column("wrong among accepted", "error_among_accepted"),
    Column("called no digit", "called_not_a_digit"),
    Column("ECE", "ece"),
    Column("NLL", "nll"),
    Column("Brier", "brier"),
    Column("ms", "ms_per_picture"),
)
CORRUPTIONS = (*DIGITS[:5], Column("ECE", "ece"))
OTHERS = (
    Column("accepted as a digit", "accepted_as_digit"),
    Column("called no digit", "called_not_a_digit"),
    Column("unsure", "unsure"),
    Column("nothing found", "no_answer"),
    Column("AUROC", "auroc"),
    Column("taken where 95% of digits are", "fpr_at_95_tpr"),
)
SAME = (
    Column("same answer", "same_answer"),
    Column("likeliest digit right", "accuracy"),
    Column("accepted", "accepted"),
    Column("wrong among accepted", "error_among_accepted"),
)

NUMBERS = (
    Column("all digits right", "accuracy"),
    Column("accepted", "accepted"),
    Column("wrong among accepted", "error_among_accepted"),
    Column("edits a digit", "edits"),
    Column("separators right, too", "text_right"),
    Column("ECE", "ece"),
    Column("ECE of digits", "digit_ece"),
    Column("ms", "ms_per_picture"),
)


def suite_table(suites: Mapping[str, Found], columns: Sequence[Column], group: str = "") -> str:
    """Write a row for each suite, with the 95% intervals of what has them.

    Args:
        suites: by name, in the order to show.
        columns: the figures to show.
        group: rows of all suites together, as `group_row` writes them.
    """
    heads = ("suite", "pictures", *(column.head for column in columns))
    rows = [_row(name, found, columns) for name, found in suites.items()]
    return table(heads, [*rows, group])


def group_row(name: str, found: Found, columns: Sequence[Column]) -> str:
    """Write the row of a group: pooled figures, or mean and worst where it has these."""
    cells = [f"<td>{_group_cell(found, column.figure)}</td>" for column in columns]
    count = f"<td>{found['figures']['count']:,.0f}</td>"
    return f'<tr class="all"><td>{escape(name)}</td>{count}{"".join(cells)}</tr>'


def comparison_table(comparison: Mapping[str, Found]) -> str:
    """Write what two readers have right, suite by suite."""
    heads = (
        "suite", "pictures", "this model", "the other", "difference",
        "only this is right", "only the other", "p", "verdict",
    )  # fmt: skip
    rows = [
        f"<tr><td>{link(name)}</td><td>{found['count']:,}</td><td>{share(found['ours'])}</td>"
        f"<td>{share(found['theirs'])}</td>"
        f"<td>{100 * (found['ours'] - found['theirs']):+.2f}</td>"
        f"<td>{found['only_ours']:,}</td><td>{found['only_theirs']:,}</td>"
        f"<td>{_chance(found['p'])}</td><td class=words>{_verdict(found['verdict'])}</td></tr>"
        for name, found in comparison.items()
    ]
    return table(heads, rows)


def gate_table(checks: Iterable[Found]) -> str:
    """Write every bar and how it was met, the missed ones first."""
    rows = []
    for check in sorted(checks, key=lambda check: not check["fault"]):
        bars = [f"{word} {check[key]:g}" for key, word in _BOUNDS.items() if key in check]
        value = "–" if check["value"] is None else f"{check['value']:.5g}"
        met = f'<td class="bad words">{escape(check["fault"])}</td>'
        met = met if check["fault"] else '<td class="good words">met</td>'
        rows.append(
            f"<tr><td>{escape(check['suite'])}</td><td class=words>{escape(check['figure'])}</td>"
            f"<td>{', '.join(bars) or '–'}</td><td>{value}</td>{met}</tr>"
        )
    return table(("suite", "figure", "bar", "measured", "verdict"), rows)


def table(heads: Sequence[str], rows: Iterable[str]) -> str:
    """Put rows below their heads, in a box that scrolls where it is too wide."""
    words = ("figure", "verdict")
    top = "".join(f"<th{' class=words' * (head in words)}>{escape(head)}</th>" for head in heads)
    return f'<div class="wide"><table><tr>{top}</tr>{"".join(rows)}</table></div>'


def link(name: str) -> str:
    """Link a suite's name to its part of the page."""
    return f'<a href="#{anchor(name)}">{escape(name)}</a>'


def anchor(name: str) -> str:
    """Give the place of a suite in the page."""
    return "suite-" + "".join(char if char.isalnum() else "-" for char in name)


def share(value: float) -> str:
    """Write a share as people read it: 0.99623 → 99.62%."""
    return f"{100 * value:.2f}%"


def interval(ends: Sequence[float]) -> str:
    """Write a 95% interval of a share."""
    return f"{100 * ends[0]:.2f} – {100 * ends[1]:.2f}"


_LEAST_P = 0.0001
_BOUNDS = {"min": "at least", "max": "at most"}


def _row(name: str, found: Found, columns: Sequence[Column]) -> str:
    cells = "".join(f"<td>{_cell(found, column.figure)}</td>" for column in columns)
    # A corruption's name says it all.
    about = "" if found["kind"] == "corruption" else f"<small>{escape(found['about'])}</small>"
    shown = f"<td>{link(name)}{about}</td>"
    return f"<tr>{shown}<td>{found['figures']['count']:,.0f}</td>{cells}</tr>"


def _cell(found: Found, figure: str) -> str:
    if figure not in found["figures"]:
        return "–"
    ends = found.get("intervals", {}).get(figure)
    below = f"<small>{interval(ends)}</small>" if ends else ""
    return _number(figure, found["figures"][figure]) + below


def _group_cell(found: Found, figure: str) -> str:
    values = found["figures"]
    if f"mean_{figure}" not in values:
        return _cell(found, figure) if figure in values else ""
    where = found["worst"][figure].rpartition("/")[2].replace("_", " ")
    worst = f"worst {_number(figure, values[f'worst_{figure}'])}, {escape(where)}"
    return f"{_number(figure, values[f'mean_{figure}'])}<small>{worst}</small>"


def _number(figure: str, value: float) -> str:
    return f"{value:.{_PLAIN[figure]}f}" if figure in _PLAIN else share(value)


def _chance(p: float) -> str:
    return f"{p:.4f}" if p >= _LEAST_P else f"&lt; {_LEAST_P}"


def _verdict(word: str) -> str:
    colour = {"better": "good", "worse": "bad"}.get(word, "quiet")
    return f'<span class="{colour}">{escape(word)}</span>'
