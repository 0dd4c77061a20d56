import numpy as np
import pytest

from inkdigits import Reader, load_model
from inkdigits.data.penmanship import write
from inkdigits.data.render import draw
from inkdigits.data.style import Frame, Style
from inkdigits.image.stages import walk_line

PLAIN = Style(frame=Frame(110, 110, 0.8))


@pytest.mark.parametrize("digit", range(10))
def test_a_rare_way_is_still_that_digit(digit: int) -> None:
    rng = np.random.default_rng(digit)
    pictures = [draw(write(digit, rng), rng, PLAIN)[0] for _ in range(20)]
    samples = np.stack([walk_line(picture).sample for picture in pictures])
    read = [p.alternatives[0].digit for p in Reader(load_model("cnn")).predict_samples(samples)]
    assert read.count(str(digit)) >= 18


@pytest.mark.parametrize("digit", range(10))
def test_strokes_are_about_one_high_and_no_two_alike(digit: int) -> None:
    rng = np.random.default_rng(0)
    written = [write(digit, rng) for _ in range(20)]
    for strokes in written:
        points = np.concatenate(strokes)
        assert points.dtype == np.float32
        assert 0.8 < np.ptp(points[:, 1]) < 1.4
        assert np.ptp(points[:, 0]) < 1.3
    assert len({np.concatenate(strokes).tobytes() for strokes in written}) == 20


def test_ones_come_with_and_without_a_foot_and_sevens_with_and_without_a_bar() -> None:
    rng = np.random.default_rng(0)
    for digit in (1, 7):
        assert {len(write(digit, rng)) for _ in range(30)} == {1, 2}


def test_the_same_generator_writes_the_same() -> None:
    one, other = (write(4, np.random.default_rng(5)) for _ in range(2))
    assert all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))
