"""A report of `inkdigits evaluate` in → its main figures as a table on standard output."""

from collections.abc import Mapping
from typing import Any

from inkdigits.cli.output import print_table

# Short enough, all together, for 80 columns.
_HEADS = ("Suite", "Count", "Right %", "95%", "Accepted", "Wrong")
_COMPARED = ("Suite", "Count", "Right %", "Other %", "Won", "Lost", "p")
_MAIN = {"not-a-digit": "accepted_as_digit", "same-answer": "same_answer"}
_LEAST_P = 0.0001

Found = Mapping[str, Any]
Row = tuple[str, ...]


def print_figures(report: Found) -> None:
    """Print a row for each suite and group; where two models were read, both beside each other,
    and how many pictures only the one (won) or only the other (lost) has right.

    "Right" is what a suite of its kind is about: the likeliest digit is right; no digit, and not
    accepted as one; the same answer as for the base drawing. "Wrong" is of those accepted.
    """
    if report["comparison"]:
        print_table(_COMPARED, [_both(*item) for item in report["comparison"].items()])
        return
    rows = [_row(name, found) for name, found in report["suites"].items()]
    rows += [row for name, found in report["groups"].items() if (row := _group(name, found))]
    print_table(_HEADS, rows)


def missed_bars(report: Found) -> list[str]:
    """Say of each bar that was missed, which it is and by what."""
    return [
        f"{check['suite']}: {check['figure']}: {check['fault']}"
        for check in report["gates"]
        if check["fault"]
    ]


def _row(name: str, found: Found) -> Row:
    values, kind = found["figures"], found.get("kind", "digits")
    main = _MAIN.get(kind, "accuracy")
    share, (low, high) = values[main], found["intervals"][main]
    accepted = values.get("accepted", share)
    if kind == "not-a-digit":
        share, low, high = 1 - share, 1 - high, 1 - low
    wrong = values.get("error_among_accepted")
    certain = f"{_percent(low)}–{_percent(high)}"
    said = (_percent(accepted), "" if wrong is None else _percent(wrong))
    return name, f"{values['count']:,.0f}", _percent(share), certain, *said


def _group(name: str, found: Found) -> Row:
    values = found["figures"]
    if len(found["parts"]) < 2:
        return ()
    if "accuracy" in values:
        return f"{name} together", *_row(name, found)[1:]
    odd = "mean_accepted_as_digit" in values
    main = "accepted_as_digit" if odd else "accuracy"
    share, worst = values[f"mean_{main}"], values[f"worst_{main}"]
    accepted = _percent(values.get("mean_accepted", share))
    if odd:
        share, worst = 1 - share, 1 - worst
    count = f"{values['count']:,.0f}"
    return f"{name} mean", count, _percent(share), f"worst {_percent(worst)}", accepted, ""


def _both(name: str, found: Found) -> Row:
    shares = (_percent(found["ours"]), _percent(found["theirs"]))
    only = (f"{found['only_ours']:,}", f"{found['only_theirs']:,}")
    p = f"{found['p']:.4f}" if found["p"] >= _LEAST_P else f"<{_LEAST_P}"
    return name, f"{found['count']:,}", *shares, *only, p


def _percent(share: float) -> str:
    return f"{100 * share:.2f}"
