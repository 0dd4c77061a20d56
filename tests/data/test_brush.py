import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inkdigits.data.brush import draw_traces, shape_strokes, shrink
from inkdigits.data.style import Brush, Hand, Tool

RNG = np.random.default_rng(0)
SEVEN = [np.array([[0, 10], [6, 10], [2, 0]], np.float32), np.array([[1, 5], [5, 5]], np.float32)]
UPRIGHT = Hand(smoothing=0)


def test_strokes_are_turned_over_centred_and_of_size_one() -> None:
    traces = shape_strokes(SEVEN, UPRIGHT, RNG)
    points = np.concatenate(traces)
    assert points[:, 1].min() == pytest.approx(-0.5)
    assert points[:, 1].max() == pytest.approx(0.5)
    assert points[:, 0].min() == pytest.approx(-0.3, abs=0.02)
    assert points[:, 0].max() == pytest.approx(0.3, abs=0.02)
    # y was up and is down now: the bar of a seven lies at the top of the picture.
    assert traces[0][0] == pytest.approx(np.array([-0.3, -0.5]), abs=0.02)


@given(st.floats(-15, 15), st.floats(-0.35, 0.35), st.floats(0.7, 1.35), st.floats(0, 0.02))
def test_any_hand_gives_size_one(rotation: float, shear: float, aspect: float, jit: float) -> None:
    traces = shape_strokes(SEVEN, Hand(rotation, shear, aspect, jit), RNG)
    points = np.concatenate(traces)
    assert np.ptp(points, axis=0).max() == pytest.approx(1)
    assert points.min(axis=0) + points.max(axis=0) == pytest.approx([0, 0], abs=1e-9)


def test_dots_and_nothing_are_drawn_too() -> None:
    assert shape_strokes([], UPRIGHT, RNG) == []
    assert shape_strokes([np.empty((0, 2))], UPRIGHT, RNG) == []
    (dot,) = shape_strokes([np.array([[3, 3]], np.float32)], UPRIGHT, RNG)
    assert dot.tolist() == [[0, 0], [0, 0]]
    ink = draw_traces([dot + 10], (21, 21), Tool(width=5), RNG)
    assert ink[10, 10] == 1
    assert 15 < ink.sum() < 30


@pytest.mark.parametrize("smooth", [True, False])
@pytest.mark.parametrize("width", [1, 4, 15])
def test_a_line_is_as_wide_as_the_tool(width: float, smooth: bool) -> None:  # noqa: FBT001
    line = np.array([[100.0, 20.0], [100.0, 180.0]])
    ink = draw_traces([line], (200, 200), Tool(width=width, smooth_edge=smooth), RNG)
    assert ink.shape == (200, 200)
    assert ink[60:140].sum() / 80 == pytest.approx(width, abs=1.01, rel=0.15)
    assert ink[:, :80].max() == ink[:10].max() == 0
    assert set(np.unique(ink)) <= {0, 1} or smooth


@pytest.mark.parametrize("brush", ["pressure", "nib", "marker"])
def test_uneven_brushes_vary_along_the_stroke(brush: Brush) -> None:
    angle = np.linspace(0, 2 * np.pi, 200)
    ring = 100 + 70 * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    tool = Tool(brush, width=12)
    ink = draw_traces([ring], (200, 200), tool, np.random.default_rng(1))
    even = draw_traces([ring], (200, 200), Tool(width=12), RNG)
    parts = [ink[y : y + 20].sum() / even[y : y + 20].sum() for y in range(40, 160, 20)]
    assert max(parts) > 1.1 * min(parts)
    assert 0.3 < ink.sum() / even.sum() < 1.8


def test_reducing_keeps_the_ink() -> None:
    ink = np.zeros((40, 60), np.float32)
    ink[10:20, 6:18] = 1
    small = shrink(ink, (10, 15))
    assert small.sum() * 16 == pytest.approx(ink.sum())
    assert shrink(ink, (40, 60)) is ink
