"""A report and the galleries of its mistakes → one HTML page that needs nothing else.

The page itself is the template `report.html`, its parts `parts.html`, its style `report.css`, its
words and tables `page.toml`.
"""

from base64 import b64encode
from collections.abc import Iterator, Mapping
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from inkdigits.data.tables import read_table
from inkdigits.decision.shown import show_probability
from inkdigits.evaluation.figures import MEANINGS
from inkdigits.evaluation.gallery import Gallery
from inkdigits.evaluation.plots import Bar, plot_bars, plot_confusion, plot_reliability, plot_risk
from inkdigits.evaluation.report import Report
from inkdigits.evaluation.summary import Found, headlines, interval, share

if TYPE_CHECKING:
    from jinja2 import Environment

_TINY = 40  # px: a picture no larger is shown with its pixels as squares
_LEAST_SHOWN = 0.0005  # a digit that is less likely is not named
_TABLE = read_table("evaluation/page.toml")
PARTS: dict[str, dict[str, Any]] = _TABLE["parts"]
"""What is shown of the suites of each kind."""


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
        "reason": lambda code: _TABLE["reasons"].get(code, code),
        "share": share,
        "whole": lambda count: f"{count:,.0f}",
    }
    made.globals["least_shown"] = _LEAST_SHOWN
    return made


def _filled(report: Report) -> Iterator[dict[str, Any]]:
    """Give what is shown of each part that there are suites of."""
    for kind, part in PARTS.items():
        suites = {n: found for n, found in report["suites"].items() if found["kind"] == kind}
        if not suites:
            continue
        together = report["groups"].get(part["group"])
        whole = together is not None and len(together["parts"]) > 1
        bars = _bars(report, suites) if kind == "corruption" else ""
        shown = {"suites": suites, "together": together if whole else None, "bars": bars}
        yield {"kind": kind, **part, **shown}


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
    decimals = _TABLE["decimals"].get(figure)
    return share(value) if decimals is None else f"{value:.{decimals}f}"
