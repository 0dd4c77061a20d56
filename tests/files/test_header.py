"""Limits and orientation, from the header alone."""

import struct

import pytest

from inkdigits.errors import ImageTooLarge
from inkdigits.files.header import Header, check_limits, find_orientation
from inkdigits.files.limits import ImageLimits


def _exif(order: str, value: int, kind: int = 3) -> bytes:
    mark = {"<": b"II*\0", ">": b"MM\0*"}[order]
    entries = struct.pack(order + "HHIHH", 0x010F, 3, 1, 0, 0)
    entries += struct.pack(order + "HHIHH", 0x0112, kind, 1, value, 0)
    return mark + struct.pack(order + "IH", 8, 2) + entries + struct.pack(order + "I", 0)


@pytest.mark.parametrize("order", "<>")
@pytest.mark.parametrize("value", range(1, 9))
def test_orientation_is_found_in_both_byte_orders(order: str, value: int) -> None:
    assert find_orientation(_exif(order, value)) == value


@pytest.mark.parametrize(
    "exif",
    [
        b"",
        b"II*\0",
        b"nonsense",
        _exif("<", 0),
        _exif("<", 9),
        _exif("<", 6, kind=2),
        b"II*\0" + b"\xff" * 8,
    ],
)
def test_useless_exif_is_upright(exif: bytes) -> None:
    assert find_orientation(exif) == 1


@pytest.mark.parametrize("length", range(36))
def test_exif_cut_anywhere_does_not_fail(length: int) -> None:
    assert find_orientation(_exif(">", 6)[:length]) in (1, 6)


@pytest.mark.parametrize(
    ("header", "what", "found", "allowed"),
    [
        (Header("PNG", 12_001, 1_000, b""), "longest side", 12_001, 12_000),
        (Header("PNG", 5_001, 5_000, b""), "number of pixels", 25_005_000, 25_000_000),
        (Header("JPEG", 10_001, 5_000, b""), "number of pixels", 50_005_000, 50_000_000),
        (Header("PNG", 401, 10, b""), "longest side over", 40.1, 40.0),
        (Header("JPEG", 4_000, 4_000, b"", scans=50), "scans", 800_000_000, 600_000_000),
        (
            Header("JPEG", 7_680, 4_320, b"", scans=2, coefficients=4 * 7_680 * 4_320),
            "coefficients, in several scans",
            132_710_400,
            100_000_000,
        ),
    ],
)
def test_each_limit_says_what_was_found_and_what_is_allowed(
    header: Header, what: str, found: float, allowed: float
) -> None:
    with pytest.raises(ImageTooLarge, match=what) as caught:
        check_limits(header, ImageLimits())
    assert caught.value.found == pytest.approx(found)
    assert caught.value.allowed == allowed


@pytest.mark.parametrize(
    "header",
    [
        Header("PNG", 12_000, 300, b""),
        Header("PNG", 5_000, 5_000, b""),
        Header("JPEG", 10_000, 5_000, b""),
        Header("PNG", 1, 40, b""),
        Header("JPEG", 4_000, 3_000, b"", scans=10),
        Header("JPEG", 7_680, 4_320, b"", scans=10, coefficients=3 * 7_680 * 4_320),  # 8K
        Header("JPEG", 10_000, 5_000, b"", coefficients=150_000_000),  # in one scan: not kept
    ],
)
def test_exactly_the_limit_is_allowed(header: Header) -> None:
    check_limits(header, ImageLimits())
