import gzip
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from inkdigits.data.idx import read_idx
from inkdigits.errors import DataError

HEADER = b"\0\0\x08\x02" + struct.pack(">2I", 2, 3)
BYTES = HEADER + bytes(range(6))


def written(folder: Path, content: bytes) -> Path:
    path = folder / "file.idx"
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_plain_and_gzipped_read_the_same(tmp_path: Path, pack: type[bytes]) -> None:
    read = read_idx(written(tmp_path, pack(BYTES)))
    assert read.dtype == np.uint8
    assert read.tolist() == [[0, 1, 2], [3, 4, 5]]


@pytest.mark.parametrize(("kind", "dtype"), [(0x0B, ">i2"), (0x0C, ">i4"), (0x0D, ">f4")])
def test_wider_types_arrive_in_the_machines_byte_order(
    tmp_path: Path, kind: int, dtype: str
) -> None:
    values = np.array([1, -2, 300], dtype=dtype)
    content = bytes((0, 0, kind, 1)) + struct.pack(">I", 3) + values.tobytes()
    read = read_idx(written(tmp_path, content))
    assert read.tolist() == [1, -2, 300]
    assert read.dtype.isnative


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "magic"),
        (b"PK\3\4....", "magic"),
        (b"\0\0\x07\1" + bytes(8), "magic"),
        (b"\0\0\x08\0", "dimensions"),
        (b"\0\0\x08\xff" + bytes(2000), "dimensions"),
        (HEADER[:-1], "header"),
        (BYTES[:-1], "5 bytes"),
        (BYTES + b"x", "more than 6"),
        (gzip.compress(BYTES)[:-9], "cannot be read"),
        (b"\x1f\x8b\x08" + b"nonsense", "cannot be read"),
        (HEADER[:4] + b"\xff" * 8, "at most"),
    ],
)
def test_a_bad_file_is_one_clear_error(tmp_path: Path, content: bytes, word: str) -> None:
    path = written(tmp_path, content)
    with pytest.raises(DataError, match=word) as caught:
        read_idx(path)
    assert caught.value.path == str(path)


def test_a_wrong_checksum_is_found(tmp_path: Path) -> None:
    content = bytearray(gzip.compress(BYTES))
    content[-8:-4] = struct.pack("<I", zlib.crc32(BYTES) ^ 1)
    with pytest.raises(DataError, match="CRC"):
        read_idx(written(tmp_path, bytes(content)))


def test_a_gzip_bomb_is_not_unpacked(tmp_path: Path) -> None:
    bomb = gzip.compress(HEADER + bytes(50_000_000))
    with pytest.raises(DataError, match="more than 6"):
        read_idx(written(tmp_path, bomb))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="nowhere"):
        read_idx(tmp_path / "nowhere")


@given(
    hnp.arrays(np.uint8, hnp.array_shapes(max_dims=4, max_side=4)),
    st.sampled_from([bytes, gzip.compress]),
)
def test_what_is_written_is_read(
    tmp_path_factory: pytest.TempPathFactory, values: np.ndarray, pack: type[bytes]
) -> None:
    content = bytes((0, 0, 8, values.ndim)) + struct.pack(f">{values.ndim}I", *values.shape)
    content += values.tobytes()
    path = written(tmp_path_factory.mktemp("idx"), pack(content))
    np.testing.assert_array_equal(read_idx(path), values)
