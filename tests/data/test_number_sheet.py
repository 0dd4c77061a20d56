from dataclasses import replace

import numpy as np
import pytest

from inkdigits.data.number_sheet import lay_on_sheet, spoil
from inkdigits.data.number_style import NumberStyle, Sheet

INK = np.ones((30, 90), np.float32)
MARGIN = (0.5, 0.5, 0.5, 0.5)


def sheet(seed: int = 0, **parts) -> tuple[np.ndarray, object]:
    style = NumberStyle(40, sheet=replace(Sheet(MARGIN), **parts))
    return lay_on_sheet(INK, style, np.random.default_rng(seed))


def test_the_line_stands_where_it_is_said_to() -> None:
    cover, place = sheet()
    assert cover.shape == (70, 130)
    assert (place.left, place.top, place.width, place.height) == (20, 20, 90, 30)
    assert cover.sum() == INK.sum()
    assert cover[20:50, 20:110].min() == 1


def test_a_margin_below_zero_cuts_off() -> None:
    cover, place = sheet(margin=(-0.25, 0, 0, 0))
    assert cover.shape == (30, 80)
    assert place.left == -10


@pytest.mark.parametrize("form", ["underline", "field", "rules", "comb", "squares"])
def test_forms_are_printed_beside_and_under_the_ink(form: str) -> None:
    for seed in range(5):
        cover, _ = sheet(seed, form=form, form_strength=0.4)
        printed = cover[(cover > 0) & (cover < 1)]
        assert printed.size > 60
        assert 0.3 < printed.max() <= 0.41
        assert cover[20:50, 20:110].min() == 1


def test_a_comb_has_teeth_and_an_underline_has_none() -> None:
    comb, _ = sheet(form="comb")
    line, _ = sheet(form="underline")
    tall = [(part[50:] > 0.3).sum(axis=0).max() for part in (comb, line)]
    assert tall[0] > tall[1] >= 1


@pytest.mark.parametrize("pattern", ["waves", "hatch", "grain"])
def test_patterns_are_paler_than_ink(pattern: str) -> None:
    cover, _ = sheet(pattern=pattern, pattern_strength=0.3)
    outside = cover[:15]
    assert outside.std() > 0.02
    assert outside.max() <= 0.3 + 1e-6


def test_neighbours_come_in_from_above_and_below() -> None:
    cover, _ = sheet(3, neighbours=True)
    assert cover[:7].max() > 0 or cover[-7:].max() > 0
    assert cover[8:18].max() == 0


def test_salt_and_two_levels() -> None:
    rng = np.random.default_rng(0)
    image = np.full((60, 80), 200, np.uint8)
    image[20:40, 20:60] = 60
    salted = spoil(image, Sheet(salt=0.05), rng)
    assert 0.03 < (salted != image).mean() < 0.07
    assert image[0, 0] == 200
    binary = spoil(np.dstack([image] * 3), Sheet(binary=True), rng)
    assert binary.shape == (60, 80)
    assert set(np.unique(binary)) == {0, 255}
    assert (binary[20:40, 20:60] == 0).all()
    assert spoil(image, Sheet(), rng) is image
