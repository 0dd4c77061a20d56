"""A report and the galleries of its mistakes in → one page that needs nothing else out, as HTML."""

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from importlib.resources import files

from inkdigits.evaluation.gallery import Gallery
from inkdigits.evaluation.page_details import meanings, suite_details
from inkdigits.evaluation.plots import Bar, plot_bars
from inkdigits.evaluation.report import Report
from inkdigits.evaluation.suite import Kind
from inkdigits.evaluation.summary import summary_cards
from inkdigits.evaluation.tables import (
    CORRUPTIONS,
    DIGITS,
    NUMBERS,
    OTHERS,
    SAME,
    Column,
    Found,
    comparison_table,
    gate_table,
    group_row,
    suite_table,
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


_DETAILS = """
<h2>Suite by suite</h2><p class="quiet">Plots, and every mistake from upload to sample.</p>
"""
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
        CORRUPTIONS,
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
        SAME,
    ),
    _Part(
        "number",
        "Numbers",
        "Several digits in one picture: right where all of them are, whatever stands between.",
        NUMBERS,
    ),
)


def write_page(report: Report, galleries: Mapping[str, Gallery]) -> str:
    """Write the page. It has no scripts and loads nothing.

    Args:
        report: from `build_report`.
        galleries: by the names of the suites; a suite may have none.

    Returns:
        HTML, light and dark.

    Raises:
        MissingExtra: Matplotlib is not installed.
    """
    style = files("inkdigits.evaluation").joinpath("report.css").read_text(encoding="utf-8")
    title = f"{report['model']['name']} {report['model']['version']}: evaluation"
    nothing = Gallery((), 0)
    details = [
        suite_details(name, found, galleries.get(name, nothing))
        for name, found in report["suites"].items()
    ]
    body = (
        _head(report), _notices(report), summary_cards(report), _gates(report),
        _comparison(report), *(_section(report, part) for part in _PARTS),
        _DETAILS, *details, _missing(report), f"<h2>What the figures mean</h2>{meanings()}",
    )  # fmt: skip
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{style}</style></head>"
        f"<body>{''.join(body)}</body></html>\n"
    )


def _head(report: Report) -> str:
    told = report["circumstances"]
    facts = [f"inkdigits {report['inkdigits']}", told.get("date", "")]
    facts.append(f"read in {told['seconds']:,} s" if "seconds" in told else "")
    facts.append(f"data folder {told['data']}" if told.get("data") else "")
    other = report["against"]
    against = f" against {_model(other)}" if other else ""
    policy = report["model"]
    return (
        f"<h1>How well {_model(policy)} reads{against}</h1>"
        f'<p class="quiet">{escape(" · ".join(filter(None, facts)))}<br>'
        f"accepted from a confidence of {_threshold(policy['min_confidence'])}, "
        f"refused above {_threshold(policy['max_not_a_digit'])} for no digit; "
        f"preprocessing: {escape(policy['preprocessing'])}</p>"
    )


def _threshold(value: float | None) -> str:
    return "(not fitted)" if value is None else f"{value:.4g}"


def _model(card: Mapping[str, str]) -> str:
    name = escape(f"{card['name']} {card['version']}")
    return f"{name} <small><code>{escape(card['sha256'][:12])}</code></small>"


def _notices(report: Report) -> str:
    limit = report["circumstances"].get("limit")
    if not limit:
        return ""
    return (
        f'<p class="notice">Only up to {limit:,} pictures of each suite were read (--limit): '
        "see how wide the intervals are before you believe a figure.</p>"
    )


def _gates(report: Report) -> str:
    checks = report["gates"]
    if not checks:
        return ""
    missed = sum(bool(check["fault"]) for check in checks)
    kind, told = ("bad", f"{missed} of {len(checks)} bars were missed.")
    if not missed:
        kind, told = "good", f"All {len(checks)} bars were met."
    return f'<h2>Bars</h2><p class="notice {kind}">{told}</p>{gate_table(checks)}'


def _comparison(report: Report) -> str:
    if not report["comparison"]:
        return ""
    return (
        "<h2>This model and the other</h2><p>Right, by the likeliest digit. p is the chance of "
        "so large a difference between equally good models (McNemar, exact). Of twenty suites, "
        "one falls below 0.05 by luck.</p>" + comparison_table(report["comparison"])
    )


def _section(report: Report, part: _Part) -> str:
    suites = {n: found for n, found in report["suites"].items() if found["kind"] == part.kind}
    if not suites:
        return ""
    found = report["groups"].get(part.group)
    whole = found is not None and len(found["parts"]) > 1
    row = group_row(part.row, found, part.columns) if whole else ""
    about = part.about + _rated(report) * (part.kind == "not-a-digit")
    bars = _bars(report, suites) if part.kind == "corruption" else ""
    rows = suite_table(suites, part.columns, row)
    return f"<h2>{part.title}</h2><p>{escape(about)}</p>{rows}{bars}"


def _rated(report: Report) -> str:
    rated = " and ".join(report["rated_as_digits"])
    return f" AUROC: told from the digits of {rated}." if rated else " No AUROC without digits."


def _bars(report: Report, suites: Mapping[str, Found]) -> str:
    comparison = report["comparison"]
    bars = [
        Bar(
            name.rpartition("/")[2].replace("_", " "),
            found["figures"]["accuracy"],
            comparison[name]["theirs"] if name in comparison else None,
        )
        for name, found in suites.items()
    ]
    tick = "; the tick is the other model's" if comparison else ""
    caption = f"<figcaption>likeliest digit right{tick}</figcaption>"
    return f'<div class="plots"><figure>{caption}{plot_bars(bars)}</figure></div>'


def _missing(report: Report) -> str:
    if not report["missing"]:
        return ""
    rows = "".join(f"<li>{escape(told)}</li>" for told in report["missing"])
    return f"<h2>Not measured</h2><ul>{rows}</ul>"
