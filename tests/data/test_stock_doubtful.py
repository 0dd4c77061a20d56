import zlib

import numpy as np

from inkdigits.data import stock
from inkdigits.data.strokes import StrokeSet

POINTS = np.array([[0, 0], [1, 2], [3, 4.00004], [5, 6], [7, 8]], np.float32)
TWO = StrokeSet(
    POINTS,
    np.array([0, 2, 4, 5]),
    np.array([0, 1, 3]),
    np.array(["4", "0"]),
    np.array(["a/1", "a/1"]),
)


def test_no_drawing_of_ours_is_on_the_list() -> None:
    assert stock.find_doubtful(TWO).tolist() == [False, False]


def test_a_sample_is_known_by_its_points(monkeypatch) -> None:
    known = np.array([[3, 4], [5, 6], [7, 8]], "<f4").tobytes()
    monkeypatch.setattr(stock, "_DOUBTFUL", (zlib.crc32(known),))
    assert stock.find_doubtful(TWO).tolist() == [False, True]
