"""A report and the galleries of its mistakes → one HTML page that needs nothing else.

The page itself is the template `report.html`, its parts `parts.html`, its style `report.css`.
"""

from base64 import b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from inkdigits.decision.shown import show_probability
from inkdigits.evaluation.figures import MEANINGS
from inkdigits.evaluation.gallery import Gallery
from inkdigits.evaluation.plots import Bar, plot_bars, plot_confusion, plot_reliability, plot_risk
from inkdigits.evaluation.report import Report
from inkdigits.evaluation.suite import Kind
from inkdigits.evaluation.summary import Found, headlines, interval, share

if TYPE_CHECKING:
    from jinja2 import Environment

Column = tuple[str, str]
"""What stands over a column of a table, and the figure below."""

_TINY = 40  # px: a picture no larger is shown with its pixels as squares
_LEAST_SHOWN = 0.0005  # a digit that is less likely is not named
_REASONS = {
    "": "accepted",
    "unsure": "unsure",
    "not_a_digit": "not a digit",
    "not_as_expected": "not as expected",
    "not_calibrated": "not calibrated",
    "blank-image": "nothing drawn",
}
_DECIMALS = {
    "ece": 4,
    "digit_ece": 4,
    "nll": 3,
    "brier": 4,
    "area_under_risk": 5,
    "auroc": 4,
    "ms_per_picture": 2,
}
"""Of the figures that are no shares."""
DIGITS = (
    ("likeliest digit right", "accuracy"),
    ("answered right", "answered_right"),
    ("accepted", "accepted"),
    ("wrong among accepted", "error_among_accepted"),
    ("called no digit", "called_not_a_digit"),
    ("ECE", "ece"),
    ("NLL", "nll"),
    ("Brier", "brier"),
    ("ms", "ms_per_picture"),
)
_CORRUPTIONS = (*DIGITS[:5], ("ECE", "ece"))
OTHERS = (
    ("accepted as a digit", "accepted_as_digit"),
    ("called no digit", "called_not_a_digit"),
    ("unsure", "unsure"),
    ("nothing found", "no_answer"),
    ("AUROC", "auroc"),
    ("taken where 95% of digits are", "fpr_at_95_tpr"),
)
_SAME = (
    ("same answer", "same_answer"),
    ("likeliest digit right", "accuracy"),
    ("accepted", "accepted"),
    ("wrong among accepted", "error_among_accepted"),
)
_NUMBERS = (
    ("all digits right", "accuracy"),
    ("accepted", "accepted"),
    ("wrong among accepted", "error_among_accepted"),
    ("edits a digit", "edits"),
    ("separators right, too", "text_right"),
    ("ECE", "ece"),
    ("ECE of digits", "digit_ece"),
    ("ms", "ms_per_picture"),
)


@dataclass(frozen=True, slots=True)
class _Part:
    """All suites of a kind: how they are shown, and the group whose row ends their table."""

    kind: Kind
    title: str
    about: str
    columns: tuple[Column, ...]
    group: str = ""
    row: str = ""


_PARTS = (
    _Part(
        "digits",
        "Digits",
        "Below each share: where it lies with 95% certainty, were there endless such pictures.",
        DIGITS,
        "wild",
        "paint, small and photo together",
    ),
    _Part(
        "corruption",
        "Corrupted digits",
        "MNIST's test images, spoiled in fifteen ways that the model was never taught.",
        _CORRUPTIONS,
        "mnist-c",
        "mean",
    ),
    _Part(
        "not-a-digit",
        "Not a digit",
        "Nothing here shows a digit: all of it should be refused.",
        OTHERS,
        "not-a-digit",
        "mean",
    ),
    _Part(
        "same-answer",
        "Same answer",
        "One drawing in many ways: the answer should be that for the plain one.",
        _SAME,
    ),
    _Part(
        "number",
        "Numbers",
        "Several digits in one picture: right where all of them are, whatever stands between.",
        _NUMBERS,
    ),
)


def write_page(report: Report, galleries: Mapping[str, Gallery]) -> str:
    """Write the page. It has no scripts and loads nothing.

    Args:
        report: from `build_report`.
        galleries: by the names of the suites; a suite may have none.

    Returns:
        HTML, light and dark.
    """
    style = files("inkdigits.evaluation").joinpath("report.css").read_text(encoding="utf-8")
    return (
        environment()
        .get_template("report.html")
        .render(
            report=report,
            galleries=galleries,
            nothing=Gallery((), 0),
            style=style,
            headlines=list(headlines(report)),
            parts=list(_filled(report)),
            meanings=MEANINGS,
        )
    )


def environment() -> "Environment":
    """Make what renders the templates. What is put into them is escaped, unless marked as HTML."""
    from jinja2 import Environment, PackageLoader, StrictUndefined  # noqa: PLC0415  # of an extra

    loader = PackageLoader("inkdigits.evaluation", ".")
    made = Environment(loader=loader, autoescape=True, undefined=StrictUndefined)
    made.filters |= {
        "anchor": lambda name: "suite-" + "".join(c if c.isalnum() else "-" for c in name),
        "base64": lambda png: b64encode(png).decode(),
        "figure": lambda value, name: _number(name, value),
        "interval": interval,
        "is_tiny": _is_tiny,
        "last_part": lambda name: name.rpartition("/")[2].replace("_", " "),
        "plots": _plots,
        "probability": show_probability,
        "reason": lambda code: _REASONS.get(code, code),
        "share": share,
        "whole": lambda count: f"{count:,.0f}",
    }
    made.globals["least_shown"] = _LEAST_SHOWN
    return made


def _filled(report: Report) -> Iterator[dict[str, Any]]:
    """Give what is shown of each part that there are suites of."""
    for part in _PARTS:
        suites = {n: found for n, found in report["suites"].items() if found["kind"] == part.kind}
        if not suites:
            continue
        together = report["groups"].get(part.group)
        whole = together is not None and len(together["parts"]) > 1
        yield {
            "kind": part.kind,
            "title": part.title,
            "about": part.about,
            "columns": part.columns,
            "row": part.row,
            "suites": suites,
            "together": together if whole else None,
            "bars": _bars(report, suites) if part.kind == "corruption" else "",
        }


def _bars(report: Report, suites: Mapping[str, Found]) -> str:
    theirs = {name: both["theirs"] for name, both in report["comparison"].items()}
    bars = [
        Bar(
            name.rpartition("/")[2].replace("_", " "),
            found["figures"]["accuracy"],
            theirs.get(name),
        )
        for name, found in suites.items()
    ]
    return plot_bars(bars)


def _plots(found: Found) -> Iterator[tuple[str, str]]:
    yield "What was said of what", plot_confusion(found["confusion"])
    if "reliability" in found:
        bins = plot_reliability(found["reliability"])
        yield "How often answers of a confidence are right", bins
    risk = plot_risk(found["risk_coverage"])
    yield "What is wrong if only the surest are taken; dashed: taken now", risk


def _is_tiny(png: bytes) -> bool:
    # A PNG's header holds its sides at bytes 16 to 24.
    return max(int.from_bytes(png[16:20]), int.from_bytes(png[20:24])) <= _TINY


def _number(figure: str, value: float) -> str:
    return f"{value:.{_DECIMALS[figure]}f}" if figure in _DECIMALS else share(value)
