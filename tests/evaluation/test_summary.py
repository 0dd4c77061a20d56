from inkdigits.evaluation.report import Findings, build_report
from inkdigits.evaluation.summary import headlines

from .conftest import said, suite_of

OUTCOMES = {
    "wild/paint": ("digits", said((1, 1, 0.9), (2, 3, 0.8))),
    "mnist": ("digits", said((1, 1, 0.9), (2, 2, 0.8, "unsure"))),
    "mnist-c/fog": ("corruption", said((1, 1, 0.9))),
    "mnist-c/shot_noise": ("corruption", said((1, 2, 0.9))),
    "not-a-digit/noise": ("not-a-digit", said((10, 1, 0.9, "unsure"))),
    "stroke": ("same-answer", said((7, 7, 0.9, "", "7a/base"), (7, 1, 0.9, "", "7a/thin"))),
    "polarity": ("same-answer", said((7, 7, 0.9, "", "7a/base"))),
    "images": ("digits", said((1, -1, 0.0, "blank-image"))),
    "images/not-a-digit": ("not-a-digit", said((10, 1, 0.9))),
}


def report(reader, *names):
    chosen = {name: OUTCOMES[name] for name in names}
    suites = [suite_of(name=name, kind=kind) for name, (kind, _) in chosen.items()]
    return build_report(
        Findings(reader, suites, {name: said for name, (_, said) in chosen.items()})
    )


def test_each_kind_has_its_headline(reader) -> None:
    found = {what: (value, more) for what, value, more in headlines(report(reader, *OUTCOMES))}
    values = [value for value, _ in found.values()]
    assert values == ["0.00%", "50.00%", "100.00%", "50.00%", "100.00%", "0.00%", "50.00%"]
    wild = found["Drawings and photos of people, read right"][1]
    assert wild[1] == "100.00% are accepted as sure;"
    assert wild[2].startswith("50.00% of these are wrong (9.45 – 90.55)")
    assert found["Fifteen corruptions, read right on average"][1] == ("worst 0.00%: shot noise",)
    same = found["Same answer in other colours, places and brushes"]
    assert same == ("50.00%", ("worst of stroke, polarity: stroke",))


def test_where_nothing_is_accepted_nothing_of_it_is_wrong(reader) -> None:
    ((_, _, more),) = headlines(report(reader, "images"))
    assert more[1:] == ("0.00% are accepted as sure;",)


def test_what_was_not_read_has_no_card(reader) -> None:
    assert len(list(headlines(report(reader, "stroke")))) == 1
    assert list(headlines({"groups": {}, "suites": {}})) == []
