from dataclasses import replace

import numpy as np
import pytest

from inkdigits.data.labelled import Labelled
from inkdigits.evaluation import gallery as gallery_module
from inkdigits.evaluation.gallery import find_mistakes, show_mistakes
from inkdigits.files.decode import decode
from inkdigits.image.stages import walk_line
from inkdigits.image.thumbnail import thumbnail
from inkdigits.reader import Reader
from tests.tiny import png
from tests.written import number_png

from .conftest import numbers_said, printed, run_suite, said, suite_of

NUMBERS = (("a", "2858"), ("b", "28.57"), ("c", "1"))


def mislabelled(reader: Reader):
    """A 7 called 1, a right 3, a blank picture called 5, no picture at all."""
    pictures = [
        replace(printed(7)[0], label=1, name="seven"),
        *printed(3),
        replace(printed(10)[0], label=5, name="blank"),
        Labelled(b"", 5, "none"),
    ]
    suite = suite_of(*pictures)
    return suite, run_suite(reader, suite)


def test_a_mistake_is_shown_at_every_stage(reader: Reader) -> None:
    shown = show_mistakes(reader, *mislabelled(reader))
    seven, blank, none = shown.mistakes
    assert shown.more == 0
    assert (seven.name, seven.label, seven.best, seven.reason) == ("seven", 1, 7, "")
    assert seven.alternatives[0] == (7, seven.confidence)
    titles = [title for title, _ in seven.stages]
    assert titles == ["upload", "ink", "glyph", "sample"]
    stages = walk_line(decode(png("7")))
    assert seven.stages[3][1] == thumbnail(stages.sample)
    assert decode(seven.stages[0][1]).shape == (96, 96)
    assert [title for title, _ in blank.stages] == ["upload"]
    assert (none.stages, none.best, none.reason) == ((), -1, "broken-image")


def test_what_the_other_said_stands_by(reader: Reader) -> None:
    suite, outcomes = mislabelled(reader)
    other = said((1, 1, 0.9), (3, 3, 1.0), (5, 2, 0.4, "unsure"), (5, 5, 0.9, "not_a_digit"))
    shown = show_mistakes(reader, suite, outcomes, other).mistakes
    assert [mistake.other for mistake in shown] == ["1", "2, unsure", "not a digit"]


def test_a_number_is_shown_with_its_lines(reader: Reader) -> None:
    pictures = [Labelled(number_png("2858"), 10, name, label) for name, label in NUMBERS]
    suite = suite_of(*pictures, kind="number")
    ours = numbers_said(("2858", "2858", 0.9), ("28.57", "28.58", 0.7, "unsure"), ("1", "7", 0.8))
    theirs = numbers_said(("2858", "1", 0.9), ("28.57", "2.5", 0.7), ("1", "", 0.0, "unsure"))
    shown = show_mistakes(reader, suite, ours, theirs).mistakes
    assert [(one.number, one.text, one.other) for one in shown] == [
        ("1", "7", "unsure"),
        ("28.57", "28.58", "2.5"),
    ]
    assert [title for title, _ in shown[0].stages] == ["upload", "ink", "line"]
    assert decode(shown[0].stages[0][1]).shape[1] == 192


def test_a_classic_model_has_no_stages_between(reader: Reader) -> None:
    card = replace(reader.model.card, preprocessing="classic")

    class Classic:
        def __init__(self) -> None:
            self.card, self.logits = card, reader.model.logits

    suite, _ = mislabelled(reader)
    wrong = said((1, 7, 0.9), (3, 3, 0.9), (5, 1, 0.9), (5, -1, 0.0, "broken-image"))
    shown = show_mistakes(Reader(Classic()), suite, wrong)
    assert [title for title, _ in shown.mistakes[0].stages] == ["upload", "sample"]


def test_the_most_harmful_come_first() -> None:
    outcomes = said(
        (1, 2, 0.6, "unsure"),
        (1, 2, 0.9, "unsure"),
        (1, 2, 0.7),
        (1, 1, 0.9),
        (1, 2, 0.8),
        (1, 1, 0.9, "not_a_digit"),
    )
    assert find_mistakes(outcomes, "digits").tolist() == [4, 2, 1, 0, 5]
    odd = said((10, 2, 0.6), (10, 2, 0.9, "unsure"))
    assert find_mistakes(odd, "not-a-digit").tolist() == [0]


@pytest.mark.parametrize(
    ("kind", "most"), [("digits", "MOST"), ("corruption", "_MOST_OF_A_CORRUPTION")]
)
def test_there_is_an_end_to_them(
    reader: Reader, monkeypatch: pytest.MonkeyPatch, kind, most: str
) -> None:
    monkeypatch.setattr(gallery_module, most, 2)
    made = []
    pictures = printed(1, 1, 1, 1, 1)
    suite = replace(
        suite_of(kind=kind), pictures=lambda: (made.append(p.name) or p for p in pictures)
    )
    outcomes = said(*((1, 7, sure, "", f"{i}") for i, sure in enumerate(np.linspace(0.5, 0.9, 5))))
    shown = show_mistakes(reader, suite, outcomes)
    assert shown.more == 3
    names = [mistake.name for mistake in shown.mistakes]
    assert names == (["4", "3"] if kind == "digits" else ["1", "0"])
    assert len(made) == (5 if kind == "digits" else 3)
