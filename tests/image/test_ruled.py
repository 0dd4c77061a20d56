import numpy as np
import pytest

from inkdigits.image.ruled import remove_ruled_lines

from .drawing import SEVEN, canvas, draw


def ruled(rows, thickness=2):
    ink = np.zeros((240, 240), np.float32)
    for row in rows:
        ink[row : row + thickness] = 1
    return ink


def seven(width=8):
    picture = draw(canvas(240, 240, (0,)), SEVEN, (60, 50, 110, 150), ((255,), width))
    return (picture > 128).astype(np.float32)


def test_ruled_lines_go_and_the_stroke_stays():
    stroke = seven()
    cleaned = remove_ruled_lines(np.maximum(stroke, ruled(range(10, 240, 40))))
    assert cleaned[stroke == 0].sum() < 0.05 * stroke.sum()
    assert cleaned[stroke == 1].mean() > 0.95


def test_squares_go():
    stroke = seven()
    grid = np.maximum(ruled(range(10, 240, 40)), ruled(range(15, 240, 40)).T)
    cleaned = remove_ruled_lines(np.maximum(stroke, grid))
    assert cleaned[stroke == 0].sum() < 0.1 * stroke.sum()
    assert cleaned[stroke == 1].mean() > 0.95


def test_slightly_turned_lines_go():
    stroke = seven()
    lines = canvas(240, 240, (0,))
    for row in (20, 100, 180):
        draw(lines, [(0, 0), (1, 1)], (0, row, 239, 8), ((255,), 2))
    cleaned = remove_ruled_lines(np.maximum(stroke, (lines > 128).astype(np.float32)))
    assert cleaned[stroke == 0].sum() < 0.1 * stroke.sum()


@pytest.mark.parametrize(
    "ink", [seven(), seven(2), np.rot90(ruled([118], 9))], ids=["marker", "hairline", "one"]
)
def test_strokes_alone_are_left_exactly(ink):
    assert remove_ruled_lines(ink) is ink


def test_a_four_whose_stem_crosses_the_picture_is_left():
    ink = np.zeros((200, 120), np.float32)
    ink[:, 70:82] = 1
    ink[110:122, 10:110] = 1
    assert remove_ruled_lines(ink) is ink


def test_small_pictures_are_left():
    ink = np.zeros((28, 28), np.float32)
    ink[14] = 1
    assert remove_ruled_lines(ink) is ink
