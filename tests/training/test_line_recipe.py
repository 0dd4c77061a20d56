from dataclasses import asdict

from inkdigits.model.loading import LINE_NAME, builtin_names
from inkdigits.training.line_recipe import LINE
from inkdigits.training.recipes import RECIPES


def test_the_recipe_makes_the_shipped_line_reader_from_the_shipped_cnn() -> None:
    assert LINE.name == LINE_NAME
    assert LINE.start in builtin_names()
    assert LINE.name not in RECIPES


def test_enough_numbers_validate_to_tell_half_a_percent() -> None:
    assert LINE.strips.held >= 400
    assert LINE.strips.learned > 20 * LINE.strips.held


def test_an_epoch_shows_no_strip_twice() -> None:
    assert LINE.strips_per_epoch <= LINE.strips.learned


def test_a_card_can_hold_it() -> None:
    assert asdict(LINE)["strips"]["learned"] == LINE.strips.learned
