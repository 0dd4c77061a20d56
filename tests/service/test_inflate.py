import contextlib
import gzip
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inkdigits.errors import ImageTooLarge, InferenceError, InkdigitsError
from inkdigits.service.inflate import inflate

MOST = 10_000
PACK = {"gzip": gzip.compress, "deflate": zlib.compress, "identity": bytes, "": bytes}


@pytest.mark.parametrize("coding", PACK)
@pytest.mark.parametrize("plain", [b"", b"seven", bytes(MOST)])
def test_what_was_packed_comes_back(coding: str, plain: bytes) -> None:
    assert inflate(PACK[coding](plain), coding, MOST) == plain
    assert inflate(PACK[coding](plain), f" {coding.upper()} ", MOST) == plain


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
def test_a_bomb_is_refused(coding: str) -> None:
    bomb = PACK[coding](bytes(50 * 1024 * 1024))
    with pytest.raises(ImageTooLarge, match=r"unpacked, is 10,001; .* at most 10,000"):
        inflate(bomb, coding, MOST)


@pytest.mark.parametrize("coding", ["br", "gzip, gzip", "x" * 1000])
def test_another_coding_is_refused(coding: str) -> None:
    with pytest.raises(InferenceError, match="gzip, deflate or none") as refused:
        inflate(b"", coding, MOST)
    assert len(str(refused.value)) < 100


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b"no gzip at all", "that is no gzip"),
        (zlib.compress(b"seven"), "that is no gzip"),
        (gzip.compress(b"seven")[:-1], "cut short"),
        (b"", "cut short"),
        (gzip.compress(b"seven") + b"more", "goes on"),
        (gzip.compress(b"seven") + gzip.compress(b"more"), "goes on"),
    ],
)
def test_damage_is_named(data: bytes, found: str) -> None:
    with pytest.raises(InferenceError, match=found):
        inflate(data, "gzip", MOST)


@given(st.binary(max_size=200), st.sampled_from(["gzip", "deflate"]))
def test_whatever_comes_only_our_errors_come_out(data: bytes, coding: str) -> None:
    with contextlib.suppress(InkdigitsError):
        assert len(inflate(data, coding, 100)) <= 100
