"""A report → the few figures that decide."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from inkdigits.evaluation.report import Report

Found = Mapping[str, Any]
"""One suite or group of a report."""

Headline = tuple[str, str, tuple[str, ...]]
"""What was read, the value to decide by, and what else must be known of it."""

_DIGITS = {
    "images": "Your pictures, read right",
    "wild": "Drawings and photos of people, read right",
    "mnist": "MNIST test, read right",
}


def headlines(report: Report) -> Iterator[Headline]:
    """Give the figures that a person decides by, of what was read.

    Args:
        report: from `build_report`.
    """
    for name, title in _DIGITS.items():
        if found := _find(report, name):
            yield title, share(found["figures"]["accuracy"]), tuple(_digits(found))
    if found := _find(report, "mnist-c"):
        value, worst = _mean_and_worst(found, "accuracy")
        yield "Fifteen corruptions, read right on average", value, (worst,)
    odd = report["suites"].get("images/not-a-digit")
    if odd:
        certain = f"95% certain: {interval(odd['intervals']['accepted_as_digit'])}"
        value = share(odd["figures"]["accepted_as_digit"])
        yield "Your pictures without a digit, taken for one", value, (certain,)
    if found := _find(report, "not-a-digit"):
        value, worst = _mean_and_worst(found, "accepted_as_digit")
        yield "What is no digit, taken for one on average", value, (worst,)
    if same := _same(report):
        worst = min(same, key=same.__getitem__)
        told = (f"worst of {', '.join(same)}: {worst}",)
        yield "Same answer in other colours, places and brushes", share(same[worst]), told


def share(value: float) -> str:
    """Write a share as people read it: 0.99623 → 99.62%."""
    return f"{100 * value:.2f}%"


def interval(ends: Sequence[float]) -> str:
    """Write a 95% interval of a share."""
    return f"{100 * ends[0]:.2f} – {100 * ends[1]:.2f}"


def _find(report: Report, name: str) -> dict[str, Any] | None:
    found: dict[str, Any] | None = report["groups"].get(name) or report["suites"].get(name)
    return found


def _digits(found: Found) -> Iterator[str]:
    values, ends = found["figures"], found["intervals"]
    yield f"95% certain: {interval(ends['accuracy'])}, {values['count']:,.0f} pictures"
    yield f"{share(values['accepted'])} are accepted as sure;"
    if "error_among_accepted" in values:
        wrong = share(values["error_among_accepted"])
        yield f"{wrong} of these are wrong ({interval(ends['error_among_accepted'])})"


def _mean_and_worst(found: Found, figure: str) -> tuple[str, str]:
    values, where = found["figures"], found["worst"][figure].rpartition("/")[2].replace("_", " ")
    return share(values[f"mean_{figure}"]), f"worst {share(values[f'worst_{figure}'])}: {where}"


def _same(report: Report) -> dict[str, float]:
    same = {n: s for n, s in report["suites"].items() if s["kind"] == "same-answer"}
    return {name: found["figures"]["same_answer"] for name, found in same.items()}
