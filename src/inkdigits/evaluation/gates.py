"""A file of bars and a report in → each figure that falls short, or is too good to be true, out."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from inkdigits.errors import FileError

_PERFECT = {
    **dict.fromkeys(("accuracy", "answered_right", "same_answer", "auroc"), 1.0),
    **dict.fromkeys(("mean_accuracy", "worst_accuracy", "mean_auroc", "worst_auroc"), 1.0),
    **dict.fromkeys(("ece", "digit_ece", "nll", "brier"), 0.0),
}
"""Values that nobody reaches on many pictures, unless the labels leaked into the reader."""
_MANY = 500
_KEYS = {"min", "max", "perfect"}
_NEEDED = 'lines such as accuracy = { min = 0.99 } below [mnist] or ["wild/paint"]'


@dataclass(frozen=True, slots=True)
class Gate:
    """One bar.

    Attributes:
        suite: of the report, or one of its groups.
        figure: a name of `figures.MEANINGS`, or that with "mean_" or "worst_" before it.
        low: the least that is allowed; None for no such bar.
        high: the most that is allowed; None for no such bar.
        perfect: a perfect value is no surprise here.
    """

    suite: str
    figure: str
    low: float | None = None
    high: float | None = None
    perfect: bool = False


@dataclass(frozen=True, slots=True)
class Check:
    """A bar, what was measured (None: nothing), and what is wrong ("" for nothing)."""

    gate: Gate
    value: float | None
    fault: str


def read_gates(path: Path) -> list[Gate]:
    """Read a file of bars.

    Args:
        path: TOML: a table for each suite or group, in it figures with `min`, `max` or both,
            and `perfect = true` where a perfect value is believed.

    Raises:
        FileError: the file cannot be read, is no such file, or holds no bar at all.
    """
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise FileError(str(path), f"cannot be read ({error})", f"TOML: {_NEEDED}") from error
    gates = []
    for suite, figures in tables.items():
        if not isinstance(figures, dict):
            raise FileError(str(path), f"{suite} = {figures!r}", _NEEDED)
        gates += [_gate(path, suite, figure, bar) for figure, bar in figures.items()]
    if not gates:
        raise FileError(str(path), "no bar", _NEEDED)
    return gates


def check_gates(gates: Iterable[Gate], report: Mapping[str, Any]) -> list[Check]:
    """Hold a report against the bars.

    Args:
        gates: from `read_gates`.
        report: from `build_report`.

    Returns:
        A check for each gate; then one for each perfect accuracy over many pictures that no
        gate allows. All is well where no check has a fault.
    """
    bars = list(gates)
    checks = [_check(gate, report) for gate in bars]
    named = {(gate.suite, gate.figure) for gate in bars}
    return checks + [
        check for check in _surprises(report) if (check.gate.suite, check.gate.figure) not in named
    ]


def _gate(path: Path, suite: str, figure: str, bar: Any) -> Gate:
    place = f"[{suite}] {figure}"
    if not isinstance(bar, dict) or not bar or not set(bar) <= _KEYS:
        raise FileError(str(path), f"{place} = {bar!r}", "{ min = …, max = …, perfect = true }")
    for key, value in bar.items():
        right = isinstance(value, bool) == (key == "perfect") and isinstance(value, int | float)
        if not right or value != value:  # noqa: PLR0124  # NaN alone is not itself
            needed = "true or false" if key == "perfect" else "a number"
            raise FileError(str(path), f"{place}: {key} = {value!r}", needed)
    return Gate(suite, figure, bar.get("min"), bar.get("max"), bar.get("perfect", False))


def _check(gate: Gate, report: Mapping[str, Any]) -> Check:
    found = report["suites"].get(gate.suite) or report["groups"].get(gate.suite)
    if found is None:
        return Check(gate, None, "this suite was not measured")
    value = found["figures"].get(gate.figure)
    if value is None:
        there = ", ".join(found["figures"])
        return Check(gate, None, f"there is no such figure; there are {there}")
    return Check(gate, value, _fault(gate, value, found["figures"]["count"]))


def _fault(gate: Gate, value: float, count: float) -> str:
    if gate.low is not None and value < gate.low:
        return f"{value:.5g} is less than {gate.low:g}"
    if gate.high is not None and value > gate.high:
        return f"{value:.5g} is more than {gate.high:g}"
    if not gate.perfect and count > _MANY and value == _PERFECT.get(gate.figure):
        return f"{value:g} on {count:,.0f} pictures is too good to be true"
    return ""


def _surprises(report: Mapping[str, Any]) -> Iterator[Check]:
    for name, suite in report["suites"].items():
        if suite["kind"] in ("digits", "corruption"):
            check = _check(Gate(name, "accuracy"), report)
            if check.fault:
                yield check
