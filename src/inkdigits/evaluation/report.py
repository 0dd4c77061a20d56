"""What readers said of suites in → the report, as plain values that JSON can hold, out."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from typing import Any

import numpy as np

from inkdigits.evaluation.compare import compare
from inkdigits.evaluation.figures import Figures, answered_right, by_variant, measure
from inkdigits.evaluation.gates import Check, Gate, check_gates
from inkdigits.evaluation.groups import measure_groups, rated_as_digits
from inkdigits.evaluation.metrics import confusion, reliability, risk_coverage
from inkdigits.evaluation.numbers import measure_lengths, measure_numbers
from inkdigits.evaluation.run import AnyOutcomes, NumberOutcomes, Outcomes, Said, join
from inkdigits.evaluation.suite import Suite
from inkdigits.reader import Reader

Report = dict[str, Any]

_CURVE_POINTS = 200
_VARIANTS = 12
_SIGNIFICANT_DIGITS = 6


@dataclass(frozen=True, slots=True, eq=False)
class Findings:
    """All that a report is made of.

    Attributes:
        reader: the reader that was measured.
        suites: what it read.
        outcomes: what it said, by the names of the suites.
        against: another reader and what it said of the same; None for no comparison.
        missing: a sentence for each suite that could not be had.
        gates: bars that the figures are held against.
        circumstances: date, data folder's name, limit, seconds: what else a reader must know.
    """

    reader: Reader
    suites: Sequence[Suite]
    outcomes: Said
    against: tuple[Reader, Said] | None = None
    missing: Sequence[str] = ()
    gates: Sequence[Gate] = ()
    circumstances: Mapping[str, Any] = field(default_factory=dict)


def build_report(findings: Findings) -> Report:
    """Measure everything and put it together.

    Args:
        findings: each suite has at least one outcome.

    Returns:
        The report: `model`, `against`, `suites`, `groups`, `comparison`, `gates`, `missing`,
        `circumstances`. Numbers have six significant digits.
    """
    outcomes = findings.outcomes
    of_digits = {name: one for name, one in outcomes.items() if isinstance(one, Outcomes)}
    rated = rated_as_digits(of_digits)
    digits = join(of_digits[name] for name in rated) if rated else None
    figures = {s.name: _measure(s, outcomes[s.name], digits) for s in findings.suites}
    other = findings.against
    report: Report = {
        "inkdigits": version("inkdigits"),
        "circumstances": dict(findings.circumstances),
        "model": _model(findings.reader),
        "against": _model(other[0]) if other else None,
        "rated_as_digits": rated,
        "suites": {s.name: _suite(s, outcomes[s.name], figures[s.name]) for s in findings.suites},
        "groups": _groups(of_digits, figures),
        "comparison": _comparison(findings) if other else {},
        "missing": _missing(findings.missing),
    }
    report["gates"] = [_check(check) for check in check_gates(findings.gates, report)]
    return _rounded(report)  # type: ignore[no-any-return]  # as it went in


def _model(reader: Reader) -> dict[str, Any]:
    card = reader.model.card
    names = ("name", "version", "sha256", "classes", "preprocessing", "target_error")
    return {name: getattr(card, name) for name in names} | asdict(reader.policy)


def _measure(suite: Suite, said: AnyOutcomes, digits: Outcomes | None) -> Figures:
    if isinstance(said, NumberOutcomes):
        return measure_numbers(said)
    return measure(said, suite.kind, digits)


def _suite(suite: Suite, outcomes: AnyOutcomes, figures: Figures) -> dict[str, Any]:
    found: dict[str, Any] = {
        "about": suite.about,
        "kind": suite.kind,
        "group": suite.group,
        "figures": figures.values,
        "intervals": figures.intervals,
        "errors": _errors(outcomes),
    }
    if isinstance(outcomes, NumberOutcomes):
        return {**found, "lengths": measure_lengths(outcomes)}
    if suite.kind == "not-a-digit":
        return found
    if suite.kind == "same-answer":
        rows = by_variant(outcomes)[:_VARIANTS]
        found["worst_variants"] = [row for row in rows if row["same_answer"] < 1]
    return found | _curves(outcomes)


def _errors(outcomes: AnyOutcomes) -> dict[str, int]:
    codes, counts = np.unique(outcomes.reason[~outcomes.answered], return_counts=True)
    return dict(zip(codes.tolist(), counts.tolist(), strict=True))


def _curves(outcomes: Outcomes) -> dict[str, Any]:
    here, right = outcomes.answered, outcomes.best == outcomes.label
    curves: dict[str, Any] = {"confusion": confusion(outcomes.label, outcomes.best).tolist()}
    risk = risk_coverage(outcomes.score, right)
    kept = np.unique(np.linspace(0, len(risk.risk) - 1, _CURVE_POINTS).astype(int))
    curves["risk_coverage"] = {
        "coverage": risk.coverage[kept].tolist(),
        "risk": risk.risk[kept].tolist(),
        "accepted": float(outcomes.accepted.mean()),
    }
    if here.any():
        bins = reliability(outcomes.confidence[here], answered_right(outcomes)[here])
        curves["reliability"] = {
            "count": bins.count.tolist(),
            "confidence": bins.confidence.tolist(),
            "accuracy": bins.accuracy.tolist(),
        }
    return curves


def _groups(outcomes: Mapping[str, Outcomes], figures: Mapping[str, Figures]) -> dict[str, Any]:
    return {
        name: {
            "parts": group.parts,
            "figures": group.figures.values,
            "intervals": group.figures.intervals,
            "worst": group.worst,
        }
        for name, group in measure_groups(outcomes, figures).items()
    }


def _missing(sentences: Sequence[str]) -> list[str]:
    """Say a reason once for all suites that it holds for."""
    suites: dict[str, list[str]] = {}
    for sentence in sentences:
        name, _, reason = sentence.partition(": ")
        suites.setdefault(reason, []).append(name)
    return [f"{', '.join(names)}: {reason}" for reason, names in suites.items()]


def _comparison(findings: Findings) -> dict[str, Any]:
    theirs = findings.against[1] if findings.against else {}
    compared = compare(findings.suites, findings.outcomes, theirs)
    return {name: asdict(found) | {"verdict": found.verdict} for name, found in compared.items()}


def _check(check: Check) -> dict[str, Any]:
    gate = check.gate
    bars = {"min": gate.low, "max": gate.high}
    wanted = {key: bar for key, bar in bars.items() if bar is not None}
    place = {"suite": gate.suite, "figure": gate.figure}
    return {**place, **wanted, "value": check.value, "fault": check.fault}


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _rounded(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(inner) for inner in value]
    return float(f"{value:.{_SIGNIFICANT_DIGITS}g}") if isinstance(value, float) else value
