import pytest

from inkdigits.cli.figures import missed_bars, print_figures

MNIST = {
    "kind": "digits",
    "figures": {
        "count": 10_000.0, "accuracy": 0.9962, "accepted": 0.98, "error_among_accepted": 0.0003,
    },
    "intervals": {"accuracy": [0.9948, 0.9972]},
}  # fmt: skip
NOISE = {
    "kind": "not-a-digit",
    "figures": {"count": 300.0, "accepted_as_digit": 0.02},
    "intervals": {"accepted_as_digit": [0.01, 0.05]},
}
GROUPS = {
    "wild": {**MNIST, "parts": ["wild/paint", "wild/photo"]},
    "mnist-c": {
        "parts": ["mnist-c/fog", "mnist-c/zigzag"],
        "figures": {
            "count": 2.0, "mean_accuracy": 0.9, "worst_accuracy": 0.6, "mean_accepted": 0.7,
        },
    },
    "not-a-digit": {
        "parts": ["not-a-digit/noise"],
        "figures": {"mean_accepted_as_digit": 0.02, "worst_accepted_as_digit": 0.02, "count": 9.0},
    },
}  # fmt: skip
REPORT = {
    "suites": {"mnist": MNIST, "not-a-digit/noise": NOISE},
    "groups": GROUPS,
    "comparison": {},
}


def rows(capsys: pytest.CaptureFixture[str]) -> list[list[str]]:
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= 80
    return [line.split() for line in lines if line.strip() and "─" not in line]


def test_a_row_for_each_suite_and_group(capsys: pytest.CaptureFixture[str]) -> None:
    print_figures(REPORT)
    assert rows(capsys)[1:] == [
        ["mnist", "10,000", "99.62", "99.48–99.72", "98.00", "0.03"],
        ["not-a-digit/noise", "300", "98.00", "95.00–99.00", "2.00"],
        ["wild", "together", "10,000", "99.62", "99.48–99.72", "98.00", "0.03"],
        ["mnist-c", "mean", "2", "90.00", "worst", "60.00", "70.00"],
    ]


def test_two_models_stand_beside_each_other(capsys: pytest.CaptureFixture[str]) -> None:
    found = {"count": 500, "ours": 0.99, "theirs": 0.9, "only_ours": 46, "only_theirs": 1}
    compared = {"mnist": {**found, "p": 1e-12}, "semeion": {**found, "p": 0.25}}
    print_figures({**REPORT, "comparison": compared})
    assert rows(capsys)[1:] == [
        ["mnist", "500", "99.00", "90.00", "46", "1", "<0.0001"],
        ["semeion", "500", "99.00", "90.00", "46", "1", "0.2500"],
    ]


def test_missed_bars_are_named() -> None:
    missed = {"suite": "mnist", "figure": "ece", "fault": "0.01 is more than 0.004"}
    report = {"gates": [missed, {**missed, "fault": ""}]}
    assert missed_bars(report) == ["mnist: ece: 0.01 is more than 0.004"]
