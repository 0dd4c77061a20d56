import pytest

from inkdigits.data.hand import DRAWINGS
from inkdigits.data.labelled import Labelled
from inkdigits.evaluation.suite import build
from inkdigits.evaluation.suites_hand import HAND
from inkdigits.files.decode import decode
from inkdigits.image.ink import find_ink

ENTRIES = {entry.name: entry for entry in HAND}


def pictures(name: str, limit: int = 0) -> list[Labelled]:
    return list(build(ENTRIES[name], None, limit).pictures())


def test_there_are_three() -> None:
    assert list(ENTRIES) == ["polarity", "geometry", "stroke"]
    assert {entry.kind for entry in HAND} == {"same-answer"}


@pytest.mark.parametrize(("name", "least"), [("polarity", 36), ("geometry", 225), ("stroke", 14)])
def test_every_drawing_comes_in_every_variant(name: str, least: int) -> None:
    plan = ENTRIES[name].plan(None)
    assert plan.count == len(DRAWINGS) * plan.block
    assert plan.block >= least
    names = [plan.make(i).name for i in range(plan.block)]
    assert len(set(names)) == plan.block
    assert {name.split("/")[0] for name in names} == {"0"}
    firsts = [plan.make(i * plan.block) for i in range(len(DRAWINGS))]
    assert [first.name.split("/")[0] for first in firsts] == list(DRAWINGS)
    assert [first.label for first in firsts] == [int(drawing[0]) for drawing in DRAWINGS]


@pytest.mark.parametrize(
    ("name", "base"),
    [
        ("polarity", "0/#000000 on #ffffff"),
        ("geometry", "0/96px at 0.5,0.5 rot+0"),
        ("stroke", "0/brush 8px"),
    ],
)
def test_the_base_comes_first(name: str, base: str) -> None:
    assert pictures(name, 2)[0].name == base


@pytest.mark.parametrize("name", ENTRIES)
def test_pictures_can_be_decoded_and_show_something(name: str) -> None:
    for picture in pictures(name, 60):
        image = decode(bytes(picture.picture))
        assert find_ink(image).max() > 0.5, picture.name


def test_no_digit_is_cut_off() -> None:
    plan = ENTRIES["geometry"].plan(None)
    for index in range(0, plan.block * 3, 7):
        image = decode(bytes(plan.make(index).picture))
        edges = (image[0], image[-1], image[:, 0], image[:, -1])
        assert min(edge.min() for edge in edges) == 255, plan.make(index).name


def test_colours_are_as_named() -> None:
    plan = ENTRIES["polarity"].plan(None)
    for index in range(plan.block - 4):
        made = plan.make(index)
        ink, paper = made.name.split("/")[1].split(" on ")
        image = decode(bytes(made.picture))
        values = [image[0, 0], image[30 + 5, 40 + 40]]
        found = ["#" + bytes([*value.tolist()]).hex() for value in values]
        assert found == [paper, ink], made.name
