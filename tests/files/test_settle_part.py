"""Which part is wanted, and how much smaller it may be: counted by hand."""

import numpy as np
import pytest

from inkdigits.errors import Mismatch
from inkdigits.files.settle import Part, Wanted, find_part
from inkdigits.sample import Box

ALL = Wanted(1_000, None, 25_000_000)


@pytest.mark.parametrize(("side", "scale"), [(1_999, 1), (2_000, 2), (4_000, 4), (9_000, 8)])
def test_the_longest_side_decides(side: int, scale: int) -> None:
    assert find_part((side, 300), 1, ALL) == Part(Box(0, 0, side, 300), scale)


def test_of_a_part_its_own_side_counts_and_the_picture_is_upright() -> None:
    wanted = Wanted(1_000, Box(0, 5_000, 10, 900), 25_000_000)
    assert find_part((6_000, 3_000), 6, wanted) == Part(wanted.box, 1, 6)
    with pytest.raises(Mismatch, match="6000x3000"):
        find_part((6_000, 3_000), 1, wanted)


def test_no_more_is_decoded_for_a_part_than_a_whole_may_have() -> None:
    assert find_part((6_000, 5_000), 1, Wanted(1_000, Box(0, 0, 9, 9), 25_000_000)).scale == 2


def test_a_part_is_cut_out() -> None:
    image = np.arange(48, dtype=np.uint8).reshape(6, 8)
    assert Part(Box(2, 1, 3, 2), 1).cut(image).tolist() == [[10, 11, 12], [18, 19, 20]]
    assert Part(Box(2, 2, 5, 4), 2).cut(image).shape == (2, 3)
