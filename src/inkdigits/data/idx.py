"""The path of an IDX file, plain or gzipped, in → the array it holds out.

IDX is MNIST's own format: two zero bytes, one for the type, one for the number
of dimensions, the sides as big-endian uint32, then the values in row-major order.
"""

import gzip
import math
import os
import struct
import zlib
from io import BufferedIOBase
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inkdigits.errors import DataError

MAX_BYTES = 1 << 29
"""Values of one file in bytes. MNIST's largest has 47 MB; a gzip bomb has more."""
MAX_DIMENSIONS = 4

_TYPES = {0x08: ">u1", 0x09: ">i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}
_GZIP_MAGIC = b"\x1f\x8b"


def read_idx(path: str | os.PathLike[str], max_bytes: int = MAX_BYTES) -> NDArray[Any]:
    """Read one IDX file. Whether it is gzipped is found from its content.

    Args:
        path: the file.
        max_bytes: the most that its values may take in memory; checked against
            the header before anything is unpacked.

    Returns:
        The array, in the machine's byte order; dtype and shape as the file says.

    Raises:
        DataError: no such file, no IDX, cut short, damaged, or too large.

    Source:
        LeCun, Cortes, Burges, "The MNIST database", section "File formats".
    """
    name = os.fspath(path)
    try:
        with Path(name).open("rb") as raw:
            zipped = raw.read(2) == _GZIP_MAGIC
            raw.seek(0)
            if not zipped:
                return _read(raw, name, max_bytes)
            with gzip.GzipFile(fileobj=raw) as unpacked:
                return _read(unpacked, name, max_bytes)
    except (OSError, EOFError, zlib.error) as error:
        raise DataError(name, f"cannot be read ({error})", "an IDX file, plain or gzip") from error


def _read(stream: BufferedIOBase, name: str, max_bytes: int) -> NDArray[Any]:
    dtype, shape = _read_header(stream, name)
    size = math.prod(shape) * dtype.itemsize
    if size > max_bytes:
        raise DataError(name, f"{size:,} bytes of values", f"at most {max_bytes:,}")
    # One byte more than needed: a longer file is a damaged one. Reading to the end
    # also makes gzip check its CRC.
    values = stream.read(size + 1)
    if len(values) != size:
        found = f"{'more than ' * (len(values) > size)}{min(len(values), size):,} bytes of values"
        raise DataError(name, found, f"{size:,} for the shape {shape}")
    return np.frombuffer(values, dtype).astype(dtype.newbyteorder("=")).reshape(shape)


def _read_header(stream: BufferedIOBase, name: str) -> tuple[np.dtype[Any], tuple[int, ...]]:
    magic = stream.read(4)
    if len(magic) < 4 or magic[:2] != b"\0\0" or magic[2] not in _TYPES:
        raise DataError(name, f"a file that starts with {magic!r}", "the magic number of IDX")
    dimensions = magic[3]
    if not 1 <= dimensions <= MAX_DIMENSIONS:
        raise DataError(name, f"{dimensions} dimensions", f"1 to {MAX_DIMENSIONS}")
    sides = stream.read(4 * dimensions)
    if len(sides) < 4 * dimensions:
        raise DataError(name, "a header cut short", f"{4 + 4 * dimensions} bytes of header")
    return np.dtype(_TYPES[magic[2]]), struct.unpack(f">{dimensions}I", sides)
