"""A stroke set in → which of its samples do not show what their label says.

UNIPEN was cut into characters by machine: of some digits only the first stroke is left, a 4 or a
0 that is one bar. These are the digits to which a model trained on all of them gave less than
3% likelihood, drawn with two brushes; each was then looked at.
"""

import zlib

import numpy as np
from numpy.typing import NDArray

from inkdigits.data.strokes import StrokeSet

_DIGITS = (
    # CRC-32 of a sample's points, rounded to a thousandth
    0x03155D8D,
    0x045925C5,
    0x110C952E,
    0x121622BC,
    0x1BD14458,
    0x257673CC,
    0x26F4683B,
    0x2B9A8FBB,
    0x2E2142BA,
    0x2E523987,
    0x33C1A358,
    0x380E95E8,
    0x39C739E4,
    0x3BAEA5DD,
    0x3C174401,
    0x3C5C9763,
    0x40430CE1,
    0x47DAB2D5,
    0x5579FE38,
    0x5A542618,
    0x5B5094E3,
    0x5CD7417D,
    0x5D1DFBF2,
    0x6203E8E2,
    0x62743DAB,
    0x6311417A,
    0x647E7829,
    0x6A623739,
    0x6C2E2287,
    0x6D08436A,
    0x72F63DAC,
    0x7A242A38,
    0x7BAC3CCE,
    0x822E1419,
    0x869F8DD3,
    0x870FE74F,
    0x89FE3A5B,
    0x9025D845,
    0x92B63BE2,
    0x961DD3E4,
    0x9721972D,
    0x9B933962,
    0x9C46F4E5,
    0xAC769689,
    0xB045C6F9,
    0xB663A41E,
    0xB8BBEFB9,
    0xBC8D6193,
    0xC00E4217,
    0xC3BCACE8,
    0xC56CFE7E,
    0xC669EE5C,
    0xC860CD40,
    0xC9B0D4C5,
    0xCA85623B,
    0xCEB41679,
    0xCF8ACFAE,
    0xD9A1A610,
    0xDE2B185C,
    0xE0BB7564,
    0xE9F77F6C,
    0xFC98CCBB,
)


def doubtful(strokes: StrokeSet) -> NDArray[np.bool_]:
    """Tell which samples to leave out.

    Returns:
        bool, (N,).
    """
    known = frozenset(_DIGITS)
    sums = (_checksum(strokes, index) for index in range(len(strokes.label)))
    return np.array([each in known for each in sums], np.bool_)


def _checksum(strokes: StrokeSet, index: int) -> int:
    rounded = [np.round(stroke, 3).astype("<f4") for stroke in strokes.strokes_of(index)]
    return zlib.crc32(b"".join(stroke.tobytes() for stroke in rounded))
