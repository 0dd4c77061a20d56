from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inkdigits.data.labelled import Labelled
from inkdigits.evaluation.suite import Entry, Plan, build, generator, pick


def numbered(index: int) -> Labelled:
    return Labelled(b"", index % 10, f"{index}")


def entry(count: int = 40, name: str = "some/numbers") -> Entry:
    return Entry(name, "numbers", "digits", "", lambda _: Plan(count, numbered))


def test_a_suite_carries_what_its_entry_says() -> None:
    suite = build(entry(), None)
    assert (suite.name, suite.group, suite.about) == ("some/numbers", "some", "numbers")
    assert (suite.kind, suite.count) == ("digits", 40)
    assert [picture.name for picture in suite.pictures()] == [str(i) for i in range(40)]
    assert build(entry(name="alone"), None).group == ""


def test_pictures_are_made_one_by_one() -> None:
    made = []

    def make(index: int) -> Labelled:
        made.append(index)
        return numbered(index)

    suite = build(Entry("lazy", "", "digits", "", lambda _: Plan(10**9, make)), None, limit=5)
    pictures = suite.pictures()
    assert made == []
    next(pictures)
    assert made == [0]


def test_the_data_folder_comes_from_the_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Path | None] = []

    def plan(folder: Path | None) -> Plan:
        seen.append(folder)
        return Plan(1, numbered)

    monkeypatch.setenv("INKDIGITS_DATA", str(tmp_path))
    build(Entry("one", "", "digits", "", plan), None)
    build(Entry("one", "", "digits", "", plan), tmp_path / "given")
    assert seen == [tmp_path, tmp_path / "given"]


@given(st.integers(1, 500), st.integers(1, 600))
def test_a_limit_is_kept_and_spread(count: int, limit: int) -> None:
    chosen = pick(Plan(count, numbered), limit)
    assert len(chosen) == min(count, limit)
    assert chosen == sorted(set(chosen))
    assert chosen[0] == 0
    steps = np.diff(chosen)
    assert not len(steps) or steps.max() - steps.min() <= 1
    assert pick(Plan(count, numbered), 0) == list(range(count))


@given(st.integers(1, 30), st.integers(2, 20), st.integers(1, 700))
def test_a_limit_keeps_the_base_of_each_drawing(drawings: int, block: int, limit: int) -> None:
    chosen = pick(Plan(drawings * block, numbered, block), limit)
    assert 0 < len(chosen) <= limit
    assert chosen == sorted(set(chosen))
    assert chosen[-1] < drawings * block
    bases = {index // block * block for index in chosen}
    assert bases <= set(chosen)
    assert limit == 1 or len(chosen) >= 2 * len(bases)


def test_randomness_is_of_the_suite_and_the_index() -> None:
    first = [generator(name, i).random() for name in ("fog", "stripe") for i in (0, 1)]
    assert len(set(first)) == 4
    assert generator("fog", 1).random() == first[1]
