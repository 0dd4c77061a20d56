import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inkdigits.data.negatives import (
    LOOK_ALIKES,
    choose_negatives,
    cut_piece,
    is_bar,
    join_pair,
    scribble,
    texture_image,
)
from inkdigits.data.strokes import StrokeSet

HOOK = np.array([[0, 10], [6, 10], [2, 0]], np.float32)


def letters(*named: tuple[str, np.ndarray]) -> StrokeSet:
    lengths = [len(stroke) for _, stroke in named]
    return StrokeSet(
        np.concatenate([stroke for _, stroke in named]).astype(np.float32),
        np.concatenate([[0], np.cumsum(lengths)]),
        np.arange(len(named) + 1),
        np.array([name for name, _ in named]),
        np.array(["abc/one"] * len(named)),
    )


def test_look_alikes_are_never_negatives() -> None:
    banned = " ".join(LOOK_ALIKES.values()).split()
    strokes = letters(*((name, HOOK) for name in [*banned, "A", "k", "#"]))
    assert strokes.label[choose_negatives(strokes)].tolist() == ["A", "k", "#"]
    assert set("OoIl|SsZzqgbBD") <= set(banned)


@pytest.mark.parametrize(
    ("points", "bar"),
    [
        ([[0, 0], [0, 9]], True),
        ([[0, 0], [5, 9]], True),
        ([[0, 0], [9, 1]], False),
        ([[0, 0], [0.3, 4], [0, 9]], True),
        ([[0, 0], [5, 5], [0, 9]], False),
        ([[1, 1]], True),
        ([[1, 1], [1, 1]], True),
    ],
)
def test_a_bar_is_a_one(points: list[list[float]], bar: bool) -> None:  # noqa: FBT001
    stroke = np.array(points, np.float32)
    assert is_bar([stroke]) is bar
    chosen = choose_negatives(letters(("A", HOOK), ("A", stroke)))
    assert chosen.tolist() == ([0] if bar else [0, 1])


def test_nothing_is_no_negative() -> None:
    assert is_bar([])


@given(st.integers(0, 2**32))
def test_a_pair_is_wider_than_one(seed: int) -> None:
    first, second = join_pair([HOOK], [HOOK * 7 + 3], np.random.default_rng(seed))
    assert np.ptp(first[:, 1]) == pytest.approx(1)
    assert 0.8 <= np.ptp(second[:, 1]) <= 1.25
    assert -0.06 <= second[:, 0].min() - first[:, 0].max() <= 0.21


@given(st.integers(0, 2**32), st.sampled_from(["top", "bottom"]))
def test_a_piece_is_half_of_its_digit(seed: int, part: str) -> None:
    angle = np.linspace(0, 2 * np.pi, 60)
    ring = np.stack([np.cos(angle), np.sin(angle)], axis=1).astype(np.float32)
    piece = np.concatenate(cut_piece([ring], part, np.random.default_rng(seed)))
    assert 0.5 < np.ptp(piece[:, 1]) <= 1.1
    assert (piece[:, 1].max() > 0.9) == (part == "top")


def test_a_cut_stroke_becomes_several() -> None:
    wave = np.array([[x, np.cos(x)] for x in np.linspace(0, 4 * np.pi, 80)], np.float32)
    assert len(cut_piece([wave], "top", np.random.default_rng(0))) == 3


@settings(deadline=None)
@given(st.integers(0, 2**32))
def test_scribbles_and_textures_can_be_drawn(seed: int) -> None:
    rng = np.random.default_rng(seed)
    strokes = scribble(rng)
    assert np.isfinite(np.concatenate(strokes)).all()
    assert not is_bar(strokes)
    image = texture_image(rng)
    assert image.dtype == np.uint8
    assert 28 <= min(image.shape) <= max(image.shape) <= 160


def test_textures_are_seldom_blank() -> None:
    rng = np.random.default_rng(0)
    assert sum(texture_image(rng).std() > 5 for _ in range(100)) > 90
