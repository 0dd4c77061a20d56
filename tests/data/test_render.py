import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inkdigits.data.render import draw, draw_image, render
from inkdigits.data.style import BLACK, WHITE, Camera, Frame, Ground, Hand, Style, Tool
from inkdigits.image.stages import walk_line
from inkdigits.sample import Box

SEVEN = [np.array([[0, 10], [6, 10], [2, 0]], np.float32), np.array([[1, 5], [5, 5]], np.float32)]
PLAIN = Style(hand=Hand(smoothing=0))


def seven_sample() -> np.ndarray:
    return walk_line(render(SEVEN, np.random.default_rng(0), PLAIN)).sample


@settings(deadline=None)
@given(st.integers(0, 2**32))
def test_the_seed_decides(seed: int) -> None:
    image = render(SEVEN, np.random.default_rng(seed))
    assert image.dtype == np.uint8
    assert image.ndim == 2 or image.shape[2:] == (3,)
    np.testing.assert_array_equal(image, render(SEVEN, np.random.default_rng(seed)))


def test_what_is_drawn_is_seen() -> None:
    # Of 1,500 characters one falls off the edge of its picture; pools leave such ones out.
    seen = [np.ptp(render(SEVEN, np.random.default_rng(seed))) > 20 for seed in range(200)]
    assert sum(seen) >= 199


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9])
@pytest.mark.parametrize("width", [0.01, 0.1, 0.2])
def test_the_character_takes_its_share_of_the_room(share: float, width: float) -> None:
    style = dataclasses.replace(PLAIN, frame=Frame(300, 200, share, 0, 1), tool=Tool(width=width))
    image, box = draw(SEVEN, np.random.default_rng(0), style)
    assert image.shape == (300, 200)
    height = share * min(300, 200 * (1 + width) / (0.6 + width))
    assert box.height == pytest.approx(height, abs=4)
    assert box.left == pytest.approx(0, abs=2)
    assert box.top + box.height == pytest.approx(300, abs=2)


def test_the_box_is_where_the_ink_is() -> None:
    image, box = draw(SEVEN, np.random.default_rng(0), PLAIN)
    rows, columns = np.nonzero(image < 255)
    assert (box.left, box.top) == (columns.min(), rows.min())
    assert (box.width, box.height) == (np.ptp(columns) + 1, np.ptp(rows) + 1)
    reduced = dataclasses.replace(PLAIN, camera=Camera(side=50))
    small, where = draw(SEVEN, np.random.default_rng(0), reduced)
    assert small.shape == (50, 50)
    assert where.width == pytest.approx(box.width / 4, abs=1)


def test_nothing_to_draw_is_a_blank_page() -> None:
    image, box = draw([], np.random.default_rng(0), PLAIN)
    assert (image == 255).all()
    assert box == Box(0, 0, 0, 0)
    assert (draw_image(np.zeros((28, 28)), np.random.default_rng(0), PLAIN)[0] == 255).all()


@pytest.mark.parametrize("frame", [Frame(28, 28, 0.8), Frame(150, 210, 0.5), Frame(700, 700, 0.2)])
@pytest.mark.parametrize(
    "colours", [(WHITE, BLACK), (BLACK, WHITE), ((240, 230, 90), (20, 30, 150))]
)
def test_the_line_reads_a_drawn_sample_back(frame: Frame, colours: tuple) -> None:
    sample = seven_sample()
    style = Style(frame=frame, ground=Ground(*colours))
    image, box = draw_image(sample, np.random.default_rng(0), style)
    again = walk_line(image)
    found = again.box
    assert np.corrcoef(sample.ravel(), again.sample.ravel())[0, 1] > 0.85
    assert found.left == pytest.approx(box.left, abs=3 + box.width * 0.1)
    assert found.height == pytest.approx(box.height, rel=0.15, abs=3)


def test_bytes_and_shares_are_the_same_sample() -> None:
    sample = np.round(seven_sample() * 255) / 255
    one, _ = draw_image(sample, np.random.default_rng(1), PLAIN)
    other, _ = draw_image((sample * 255).astype(np.uint8), np.random.default_rng(1), PLAIN)
    assert np.abs(one.astype(int) - other).max() <= 1


def test_grain_makes_the_ink_uneven() -> None:
    style = dataclasses.replace(PLAIN, tool=Tool(width=0.15, grain=0.5))
    plain, rough = (render(SEVEN, np.random.default_rng(0), s) for s in (PLAIN, style))
    assert len(np.unique(rough)) > len(np.unique(plain)) + 50


def test_a_hollow_character_is_its_outline() -> None:
    style = dataclasses.replace(PLAIN, tool=Tool(width=0.2))
    hollow = dataclasses.replace(style, tool=Tool(width=0.2, hollow=True))
    solid, _ = draw(SEVEN, np.random.default_rng(0), style)
    outline, box = draw(SEVEN, np.random.default_rng(0), hollow)
    assert 0.1 < (outline < 128).sum() / (solid < 128).sum() < 0.5
    assert not (outline < 100)[solid > 200].any()
    assert box.height > 130


def test_a_stray_line_crosses_the_picture_and_the_box_does_not_count_it() -> None:
    style = dataclasses.replace(PLAIN, ground=Ground(stray=True))
    for seed in range(5):
        clean, box = draw(SEVEN, np.random.default_rng(seed), PLAIN)
        image, crossed = draw(SEVEN, np.random.default_rng(seed), style)
        assert crossed == box
        added = (image < 128) & (clean >= 128)
        rows, columns = np.nonzero(added)
        assert max(np.ptp(rows), np.ptp(columns)) > 150
