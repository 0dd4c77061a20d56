import re
from html.parser import HTMLParser

import pytest

from inkdigits.evaluation.figures import MEANINGS
from inkdigits.evaluation.gates import Gate
from inkdigits.evaluation.page import write_page
from inkdigits.evaluation.report import Findings, build_report

from .conftest import said, suite_of
from .test_summary import OUTCOMES

VOID = {"meta", "img", "br"}


class Balanced(HTMLParser):
    """Every tag that is opened is closed, in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self.open.append(tag)
        for name, value in attrs:
            if name == "id" and value and value.startswith("suite-"):
                self.ids.append(value)
            if name == "href" and tag == "a":
                self.links.append(str(value)[1:])

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A tag that closes itself."""

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.fixture(scope="module")
def page(reader) -> str:
    suites = [suite_of(name=name, kind=kind) for name, (kind, _) in OUTCOMES.items()]
    outcomes = {name: found for name, (_, found) in OUTCOMES.items()}
    told = {"date": "today", "data": "d<a>ta", "limit": 200, "seconds": 61}
    gates = [Gate("mnist", "accuracy", 0.9), Gate("semeion", "accuracy", 0.9)]
    findings = Findings(
        reader, suites, outcomes, (reader, outcomes), ["optdigits: no data"], gates, told
    )
    return write_page(build_report(findings), {})


def test_it_is_whole(page: str) -> None:
    parser = Balanced()
    parser.feed(page)
    assert parser.open == []
    assert len(parser.ids) == len(OUTCOMES)
    assert set(parser.links) == set(parser.ids)


def test_it_needs_nothing_else(page: str) -> None:
    assert "<script" not in page
    assert "@import" not in page
    assert not re.search(r"(?:src|href)=\"(?!#|data:)", page.replace('xlink:href="#', 'href="#'))
    assert "prefers-color-scheme: dark" in page


def test_every_part_is_there(page: str) -> None:
    for title in (
        "How well tiny 1",
        "1 of 2 bars were missed",
        "This model and the other",
        "<h2>Digits",
        "<h2>Corrupted digits",
        "<h2>Not a digit",
        "<h2>Same answer",
        "Suite by suite",
        "optdigits: no data",
        "d&lt;a&gt;ta",
        "read in 61 s",
        "Only up to 200 pictures",
        "told from the digits of mnist and wild/paint",
    ):
        assert title in page


def test_every_figure_is_explained(page: str) -> None:
    assert page.count("<dt>") == len(MEANINGS)


def test_what_decides_stands_on_cards(page: str) -> None:
    assert page.count('class="card"') == 7


def test_parts_without_suites_are_left_out(reader) -> None:
    findings = Findings(reader, [suite_of(name="mnist")], {"mnist": said((1, 1, 0.9))})
    page = write_page(build_report(findings), {})
    for title in ("Corrupted digits", "Not measured", "This model and the other", "Only up to"):
        assert title not in page
    alone = Findings(reader, [suite_of(name="o", kind="not-a-digit")], {"o": said((10, 1, 0.9))})
    assert "No AUROC without digits" in write_page(build_report(alone), {})
