import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inkdigits.image.normalize import to_sample
from inkdigits.image.strokes import THINNEST, match_stroke, stroke_width, widened

from .drawing import SEVEN, canvas, draw


def seven(side, width):
    picture = draw(canvas(side, side, (0,)), SEVEN, (0, 0, side, side), ((255,), width))
    ink = picture.astype(np.float32) / 255
    rows, columns = np.flatnonzero(ink.any(1)), np.flatnonzero(ink.any(0))
    return ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


@pytest.mark.parametrize("width", [5, 9, 21])
def test_width_of_a_ribbon(width):
    ink = np.zeros((200, 100), np.float32)
    ink[20:180, 40 : 40 + width] = 1
    assert stroke_width(ink) == pytest.approx(width, rel=0.15)


@given(side=st.integers(60, 900), share=st.floats(0.001, 0.05))
def test_no_hairline_fades(side, share):
    ink = seven(side, max(1, round(side * share)))
    sample = to_sample(match_stroke(ink))
    enlarged = np.kron(sample, np.ones((8, 8), np.float32))
    assert stroke_width(enlarged) / 8 > THINNEST - 0.7
    assert sample.sum() > 45


@pytest.mark.parametrize("by", [2, 9, 40, 150])
def test_a_line_is_widened_by_as_much_as_is_asked_at_whatever_resolution(by):
    ink = np.zeros((400, 400), np.float32)
    ink[:, 200] = 1
    wide = widened(ink, by)
    scale = len(ink) / len(wide)
    assert wide[len(wide) // 2].sum() * scale == pytest.approx(by + 1, rel=0.15, abs=1)


def test_fit_stroke_of_a_small_glyph_is_left_exactly():
    ink = np.zeros((20, 12), np.float32)
    ink[:, 4:8] = 1
    assert match_stroke(ink) is ink


def test_thick_stroke_is_not_thickened():
    ink = seven(300, 60)
    before = to_sample(ink)
    assert np.abs(to_sample(match_stroke(ink)) - before).mean() < 0.01
