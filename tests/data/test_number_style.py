import numpy as np
import pytest

from inkdigits.data.number_style import NUMBER_STYLES, NumberStyle, sample_number_style


@pytest.fixture(scope="module")
def styles() -> list[NumberStyle]:
    rng = np.random.default_rng(0)
    return [sample_number_style(rng) for _ in range(1500)]


def test_forms_patterns_and_brushes_all_occur(styles: list[NumberStyle]) -> None:
    assert {style.sheet.form for style in styles} == {
        *("none", "underline", "field", "rules", "comb", "squares"),
    }
    assert {style.sheet.pattern for style in styles} == {"none", "waves", "hatch", "grain"}
    assert {style.tool.brush for style in styles} == {"round", "pressure", "nib", "marker"}


def test_digits_are_large_enough_to_be_read(styles: list[NumberStyle]) -> None:
    heights = [style.height for style in styles]
    assert min(heights) >= 18
    assert max(heights) <= 110


def test_some_digits_touch_and_some_stand_apart(styles: list[NumberStyle]) -> None:
    touching = [style for style in styles if style.spacing.joined]
    assert 0.25 < len(touching) / len(styles) < 0.6
    assert any(style.spacing.least < -0.1 for style in styles)
    assert any(style.spacing.gap > 0.8 for style in styles)


def test_lines_slope_to_ten_degrees(styles: list[NumberStyle]) -> None:
    slopes = [abs(style.script.slope_deg) for style in styles]
    assert 9 < max(slopes) <= 10
    assert np.median(slopes) < 2


def test_a_spacing_can_be_chosen_and_nothing_else_is_hard() -> None:
    rng = np.random.default_rng(1)
    for name, spacing in NUMBER_STYLES.items():
        style = sample_number_style(rng, name)
        assert style.spacing == spacing
        assert style.sheet.form == style.sheet.pattern == "none"
        assert not style.rare
    with pytest.raises(KeyError):
        sample_number_style(rng, "cursive")
