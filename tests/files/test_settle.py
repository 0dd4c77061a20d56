"""Pictures of every mode → the image, checked on tones that can be counted by hand."""

import numpy as np
import pytest
from PIL import Image as Pillow

from inkdigits.files.settle import reduce_depth, settle, turn_upright

from .files import SEVEN


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA", "LA", "PA", "CMYK", "YCbCr", "HSV"])
def test_every_mode_shows_the_drawing(mode: str) -> None:
    image = settle(Pillow.fromarray(SEVEN).convert("RGB").convert(mode))
    grey = image if image.ndim == 2 else image[..., 1]
    assert image.dtype == np.uint8
    assert np.abs(grey.astype(int) - SEVEN).max() <= 2


def test_a_picture_stays_as_it_was() -> None:
    picture = Pillow.fromarray(SEVEN).convert("P")
    picture.info["transparency"] = 0
    before = picture.tobytes(), dict(picture.info), picture.mode
    settle(picture, 2)
    assert (picture.tobytes(), dict(picture.info), picture.mode) == before


@pytest.mark.parametrize(
    ("values", "found"),
    [
        (np.array([[0, 255]], np.uint8), [0, 255]),
        (np.array([[0, 257, 65_535]], np.uint16), [0, 1, 255]),
        (np.array([[False, True]]), [0, 255]),
        (np.array([[0.0, 0.2, 1.0]]), [0, 51, 255]),
        (np.array([[0.9, 0.92]]), [230, 235]),  # paper: nothing is drawn, and that stays so
        (np.array([[-100.0, 0.0, 100.0]]), [0, 128, 255]),
        (np.array([[7, 70_000]], np.int32), [0, 255]),
        (np.array([[5.0, 5.0]]), [0, 0]),
        (np.array([[np.nan, 1.0]]), [0, 255]),
    ],
)
def test_values_become_bytes(values: np.ndarray, found: list[int]) -> None:
    assert reduce_depth(values).tolist() == [found]


@pytest.mark.parametrize("scale", [1, 2, 4])
def test_a_picture_is_reduced(scale: int) -> None:
    assert settle(Pillow.new("F", (40, 80)), scale).shape == (80 // scale, 40 // scale)


def test_an_orientation_is_undone() -> None:
    array = np.array([[1, 2], [3, 4]], np.uint8)
    turned = {1: [1, 2, 3, 4], 2: [2, 1, 4, 3], 3: [4, 3, 2, 1], 6: [3, 1, 4, 2], 8: [2, 4, 1, 3]}
    assert {k: turn_upright(array, k).ravel().tolist() for k in turned} == turned
