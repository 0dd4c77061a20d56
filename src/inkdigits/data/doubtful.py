"""A stroke set in → which of its samples do not show what their label says.

UNIPEN was cut into characters by machine; which ones came out badly is in doubtful.toml.
"""

import zlib

import numpy as np
from numpy.typing import NDArray

from inkdigits.data.strokes import StrokeSet
from inkdigits.data.tables import read_table

_DIGITS = frozenset(read_table("data/doubtful.toml")["digits"])
"""CRC-32 of a sample's points, rounded to a thousandth."""


def doubtful(strokes: StrokeSet) -> NDArray[np.bool_]:
    """Tell which samples to leave out.

    Returns:
        bool, (N,).
    """
    sums = (_checksum(strokes, index) for index in range(len(strokes.label)))
    return np.array([each in _DIGITS for each in sums], np.bool_)


def _checksum(strokes: StrokeSet, index: int) -> int:
    rounded = [np.round(stroke, 3).astype("<f4") for stroke in strokes.strokes_of(index)]
    return zlib.crc32(b"".join(stroke.tobytes() for stroke in rounded))
