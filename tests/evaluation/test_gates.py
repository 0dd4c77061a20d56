from pathlib import Path

import pytest

from inkdigits.errors import FileError
from inkdigits.evaluation.gates import Gate, check_gates, read_gates
from inkdigits.evaluation.groups import POOLED
from inkdigits.evaluation.suites import list_suites

REPORT = {
    "suites": {
        "mnist": {"kind": "digits", "figures": {"count": 10_000.0, "accuracy": 0.996, "ece": 0.01}},
        "leaked": {"kind": "digits", "figures": {"count": 501.0, "accuracy": 1.0}},
        "few": {"kind": "digits", "figures": {"count": 500.0, "accuracy": 1.0}},
        "own": {"kind": "same-answer", "figures": {"count": 900.0, "same_answer": 1.0}},
    },
    "groups": {"wild": {"figures": {"count": 4.0, "accuracy": 0.75}}},
}
LEAKED = Gate("leaked", "accuracy", 0.9, perfect=True)


def faults(*gates: Gate) -> list[str]:
    return [check.fault for check in check_gates([*gates, LEAKED], REPORT)[:-1]]


@pytest.mark.parametrize(
    ("gate", "fault"),
    [
        (Gate("mnist", "accuracy", 0.996), ""),
        (Gate("mnist", "accuracy", 0.9965), "0.996 is less than 0.9965"),
        (Gate("mnist", "ece", high=0.004), "0.01 is more than 0.004"),
        (Gate("wild", "accuracy", 0.8), "0.75 is less than 0.8"),
        (Gate("mnost", "accuracy", 0.8), "this suite was not measured"),
        (Gate("wild", "acuracy", 0.8), "there is no such figure; there are count, accuracy"),
        (Gate("own", "same_answer", 0.9), "1 on 900 pictures is too good to be true"),
        (Gate("own", "same_answer", 0.9, perfect=True), ""),
    ],
)
def test_a_bar_is_met_or_says_why_not(gate: Gate, fault: str) -> None:
    assert faults(gate) == [fault]


def test_a_perfect_accuracy_is_found_without_a_bar() -> None:
    found = check_gates([], REPORT)
    assert [(check.gate.suite, check.value) for check in found] == [("leaked", 1.0)]
    assert "too good" in found[0].fault
    assert [check.fault for check in check_gates([LEAKED], REPORT)] == [""]


def test_bars_are_read(tmp_path: Path) -> None:
    path = tmp_path / "gates.toml"
    path.write_text('["wild/paint"]\naccuracy = { min = 0.9, perfect = true }\nece = { max = 1 }\n')
    assert read_gates(path) == [
        Gate("wild/paint", "accuracy", 0.9, None, perfect=True),
        Gate("wild/paint", "ece", None, 1),
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", "no bar"),
        ("mnist = 3", "mnist = 3"),
        ("[mnist]\naccuracy = 0.9", r"\[mnist\] accuracy = 0.9"),
        ("[mnist]\naccuracy = {}", r"\[mnist\] accuracy = \{\}"),
        ("[mnist]\naccuracy = { least = 0.9 }", "least"),
        ("[mnist]\naccuracy = { min = '0.9' }", "min = '0.9'; needed: a number"),
        ("[mnist]\naccuracy = { min = true }", "min = True; needed: a number"),
        ("[mnist]\naccuracy = { min = nan }", "min = nan; needed: a number"),
        ("[mnist]\naccuracy = { perfect = 1 }", "perfect = 1; needed: true or false"),
        ("[mnist", "cannot be read"),
    ],
)
def test_a_file_of_no_bars_is_refused(tmp_path: Path, text: str, found: str) -> None:
    path = tmp_path / "gates.toml"
    path.write_text(text)
    with pytest.raises(FileError, match=found):
        read_gates(path)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileError, match=r"nowhere\.toml: cannot be read"):
        read_gates(tmp_path / "nowhere.toml")


def test_the_projects_own_bars_name_what_there_is(repo: Path) -> None:
    known = {*list_suites(), *POOLED}
    for gate in read_gates(repo / "gates.toml"):
        assert gate.suite in known or gate.suite.partition("/")[0] in known
        assert gate.low is not None or gate.high is not None
