"""Ink must show on the background that is chosen, wherever it lives."""

import numpy as np
import pytest
from PIL import Image as Pillow

from inkdigits.files.alpha import flatten, without_alpha
from inkdigits.sample import Image

SHAPE = (40, 40)
STROKE = (slice(8, 32), slice(18, 22))


def _flat(colour: Image, alpha: Image) -> Image:
    return np.asarray(flatten(Pillow.fromarray(np.dstack([colour, alpha]))))


@pytest.mark.parametrize("mode", ["LA", "RGBA"])
@pytest.mark.parametrize("alpha", ["any", "two", "one", "none"])
@pytest.mark.parametrize("size", [(40, 30), (61, 1_203), (1_030, 515)])  # more than one strip
@pytest.mark.parametrize("scale", [2, 8])
def test_it_is_reduced_as_if_it_were_flattened_first(
    mode: str, alpha: str, size: tuple[int, int], scale: int
) -> None:
    rng = np.random.default_rng(0)
    pixels = rng.integers(0, 256, (*size, len(mode)), dtype=np.uint8)
    chosen = {"any": pixels[..., -1], "two": 255 * (pixels[..., -1] > 200), "one": 128, "none": 0}
    pixels[..., -1] = chosen[alpha]
    image = Pillow.fromarray(pixels)
    whole = flatten(image).reduce(scale)
    np.testing.assert_array_equal(np.asarray(flatten(image, scale)), np.asarray(whole))


def _drawn(colour: tuple[int, int, int]) -> Image:
    """A stroke that lives in alpha alone."""
    alpha = np.zeros(SHAPE, np.uint8)
    alpha[STROKE] = 255
    return _flat(np.full((*SHAPE, 3), colour, np.uint8), alpha)


@pytest.mark.parametrize(
    ("ink", "paper"),
    [
        ((0, 0, 0), 255),
        ((255, 255, 255), 0),
        ((255, 255, 0), 0),
        ((200, 0, 0), 255),
        ((90, 90, 90), 255),
    ],
)
def test_ink_in_alpha_alone_stands_on_its_opposite(ink: tuple[int, int, int], paper: int) -> None:
    flat = _drawn(ink)
    assert (flat[STROKE] == ink).all()
    assert (flat[0, 0] == paper).all()


def test_ink_of_changing_darkness_stays_darker_than_its_paper() -> None:
    colour = np.zeros((*SHAPE, 3), np.uint8)
    colour[STROKE] = np.linspace(0, 110, 24, dtype=np.uint8)[:, None, None]
    alpha = np.zeros(SHAPE, np.uint8)
    alpha[STROKE] = 255
    alpha[8:12, 8:32] = 255  # a 7: fills little of its box
    flat = _flat(colour, alpha)
    assert flat[STROKE].max() <= 110
    assert flat[0, 0].min() == 255


@pytest.mark.parametrize(("paper", "ink"), [(235, 10), (30, 240)])
def test_a_sheet_with_transparent_corners_gets_no_edge(paper: int, ink: int) -> None:
    colour = np.full((*SHAPE, 3), 0, np.uint8)
    alpha = np.zeros(SHAPE, np.uint8)
    alpha[3:-3, 3:-3] = 255
    colour[3:-3, 3:-3] = paper
    colour[10:30, 20] = ink
    flat = _flat(colour, alpha)
    assert (flat[0, 0] == paper).all()
    assert (flat[10:30, 20] == ink).all()


def test_a_hole_in_a_white_sheet_is_ink() -> None:
    alpha = np.full(SHAPE, 255, np.uint8)
    alpha[STROKE] = 0
    flat = _flat(np.full((*SHAPE, 3), 255, np.uint8), alpha)
    assert flat[STROKE].max() == 0
    assert flat[0, 0].min() == 255


def test_the_same_alpha_everywhere_says_nothing() -> None:
    colour = np.random.default_rng(0).integers(0, 256, (*SHAPE, 3), dtype=np.uint8)
    assert (_flat(colour, np.full(SHAPE, 128, np.uint8)) == colour).all()


def test_fully_transparent_is_blank() -> None:
    colour = np.random.default_rng(0).integers(0, 256, (*SHAPE, 3), dtype=np.uint8)
    assert np.unique(_flat(colour, np.zeros(SHAPE, np.uint8))).tolist() == [255]


def test_a_soft_edge_runs_from_ink_to_paper() -> None:
    alpha = np.tile(np.linspace(0, 255, 40).astype(np.uint8), (40, 1))
    flat = _flat(np.zeros((*SHAPE, 3), np.uint8), alpha)
    assert (np.abs(flat[..., 0].astype(int) - (255 - alpha)) <= 1).all()


def test_grey_stays_grey() -> None:
    alpha = np.zeros(SHAPE, np.uint8)
    alpha[STROKE] = 255
    flat = np.asarray(flatten(Pillow.fromarray(np.dstack([alpha, alpha]), "LA")))
    assert flat.shape == SHAPE
    assert flat[STROKE].min() == 255
    assert flat[0, 0] == 0


@pytest.mark.parametrize(("alpha", "opaque"), [(255, True), (80, True), (0, False)])
@pytest.mark.parametrize("colour", [(9, 9, 9), (9, 99, 9)])
def test_alpha_that_is_the_same_everywhere_says_nothing_unless_nothing_is_seen(
    colour: tuple[int, int, int],
    alpha: int,
    opaque: bool,  # noqa: FBT001  # a parameter of the test
) -> None:
    pixels = np.full((5, 4, 4), (*colour, alpha), np.uint8)
    flat = without_alpha(pixels)
    assert (flat is not None) is opaque
    assert flat is None or (flat == (9 if flat.ndim == 2 else colour)).all()
    pixels[2, 3, 3] = 17
    assert without_alpha(pixels) is None


def test_what_paint_programs_write_in_black_becomes_grey() -> None:
    pixels = np.full((5, 4, 4), 255, np.uint8)
    pixels[2, 1:3, :3] = 0
    flat = without_alpha(pixels)
    assert flat is not None
    assert flat.tolist() == pixels[:, :, 0].tolist()
