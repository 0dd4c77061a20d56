import json

import pytest

from inkdigits.evaluation.gates import Gate
from inkdigits.evaluation.report import Findings, build_report
from inkdigits.reader import Reader

from .conftest import numbers_said, said, suite_of

SUITES = [
    suite_of(name="mnist"),
    suite_of(name="not-a-digit/noise", kind="not-a-digit"),
    suite_of(name="polarity", kind="same-answer"),
]
OUTCOMES = {
    "mnist": said((1, 1, 0.9), (2, 3, 0.8), (4, -1, 0.0, "blank-image")),
    "not-a-digit/noise": said((10, 1, 0.3, "unsure")),
    "polarity": said((7, 7, 0.9, "", "7a/base"), (7, 1, 0.9, "", "7a/red")),
}


def findings(reader: Reader, **more) -> Findings:
    return Findings(reader, SUITES, OUTCOMES, **more)


def test_it_holds_all_and_is_json(reader: Reader) -> None:
    report = build_report(findings(reader, circumstances={"date": "today"}))
    assert json.loads(json.dumps(report, allow_nan=False)) == report
    assert list(report["suites"]) == [suite.name for suite in SUITES]
    mnist = report["suites"]["mnist"]
    assert mnist["figures"]["accuracy"] == 0.333333
    assert mnist["intervals"]["accuracy"][0] < 0.34 < mnist["intervals"]["accuracy"][1]
    assert mnist["errors"] == {"blank-image": 1}
    assert sum(map(sum, mnist["confusion"])) == 3
    assert len(mnist["reliability"]["count"]) == 15
    assert mnist["risk_coverage"]["accepted"] == pytest.approx(2 / 3, abs=1e-6)
    assert report["rated_as_digits"] == ["mnist"]
    assert report["circumstances"] == {"date": "today"}


def test_it_says_which_model_it_was(reader: Reader) -> None:
    report = build_report(findings(reader))
    assert report["model"]["sha256"] == reader.model.card.sha256
    assert report["model"]["min_confidence"] == reader.policy.min_confidence
    assert report["against"] is None
    assert report["comparison"] == {}


def test_each_kind_has_its_own_figures(reader: Reader) -> None:
    suites = build_report(findings(reader))["suites"]
    assert "confusion" not in suites["not-a-digit/noise"]
    assert "auroc" in suites["not-a-digit/noise"]["figures"]
    assert suites["polarity"]["worst_variants"] == [
        {"variant": "red", "same_answer": 0.0, "count": 1}
    ]


def test_numbers_stand_among_them(reader: Reader) -> None:
    suites = [*SUITES, suite_of(name="cheques", kind="number")]
    numbers = numbers_said(("12", "12", 0.9), ("3", "", 0.0, "blank-image"))
    both = {**OUTCOMES, "cheques": numbers}
    report = build_report(Findings(reader, suites, both, (reader, both)))
    found = report["suites"]["cheques"]
    assert (found["kind"], found["figures"]["accuracy"]) == ("number", 0.5)
    assert found["errors"] == {"blank-image": 1}
    assert [row["length"] for row in found["lengths"]] == [1, 2]
    assert report["comparison"]["cheques"]["ours"] == 0.5
    assert report["rated_as_digits"] == ["mnist"]


def test_two_models_stand_side_by_side(reader: Reader) -> None:
    report = build_report(findings(reader, against=(reader, OUTCOMES)))
    assert report["against"]["name"] == "tiny"
    assert report["comparison"]["mnist"]["p"] == 1
    assert report["comparison"]["mnist"]["verdict"] == "no difference shown"


def test_bars_are_checked_before_rounding(reader: Reader) -> None:
    checks = build_report(findings(reader, gates=[Gate("mnist", "accuracy", 0.333333)]))["gates"]
    assert [(check["min"], check["fault"]) for check in checks] == [(0.333333, "")]


def test_a_reason_is_said_once(reader: Reader) -> None:
    missing = ["a: no tune/a.npz; needed: b", "c: no data", "d: no data"]
    report = build_report(findings(reader, missing=missing))
    assert report["missing"] == ["a: no tune/a.npz; needed: b", "c, d: no data"]


def test_pictures_without_any_answer_have_no_reliability(reader: Reader) -> None:
    suite = suite_of(name="images")
    nothing = said((1, -1, 0.0, "blank-image"))
    found = build_report(Findings(reader, [suite], {"images": nothing}))["suites"]["images"]
    assert "reliability" not in found
    assert found["risk_coverage"]["risk"] == [1.0]
