"""Whatever a caller calls a picture → the bytes of its file, or its pixels as Pillow holds them."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image as Pillow

from inkdigits.errors import BrokenImage, Mismatch, MissingFile, UnreadableFile
from inkdigits.files.header import Header, check_limits
from inkdigits.files.limits import ImageLimits
from inkdigits.files.settle import reduce_depth

TAKEN = (
    "a path, bytes, an open binary file, a Pillow image, or an array (H, W), (H, W, 3) RGB or "
    "(H, W, 4) RGBA of uint8, uint16, bool, or floats from 0 to 1"
)
"""What a picture may be."""
Picture = Any
"""`TAKEN`, or a `Page` of it. No type says all of that."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a TIFF or a PDF. Goes wherever a picture does.

    Attributes:
        picture: the whole file: a path, bytes or an open binary file.
        number: from 1.
    """

    picture: Picture
    number: int = 1


def take(picture: Picture, limits: ImageLimits) -> bytes | Pillow.Image:
    """Take a picture as it is given.

    Args:
        picture: what `TAKEN` says.
        limits: no more is read of a file than shows that it is too large; pixels are checked.

    Returns:
        The bytes of a file, or a picture of one of Pillow's modes.

    Raises:
        MissingFile, UnreadableFile: there is no file of this name, or it cannot be read.
        Mismatch: nothing that can be taken, an array of another shape, type or range.
        BrokenImage: an array without pixels.
        ImageTooLarge: the pixels.
    """
    if isinstance(picture, bytearray | memoryview):
        return bytes(picture)
    if isinstance(picture, str | os.PathLike):
        return _read(os.fspath(picture), limits)
    if isinstance(picture, Pillow.Image):
        check_limits(Header(picture.mode, *picture.size, b""), limits)
        return picture
    if hasattr(picture, "__array__"):
        return _take_array(np.asarray(picture), limits)
    if hasattr(picture, "read"):
        data = picture.read(limits.max_document_bytes + 1)
        if isinstance(data, bytes):
            return data
        raise Mismatch("a file that was opened as text", TAKEN)
    raise Mismatch(f"an object of type {type(picture).__name__}", TAKEN)


def _read(path: str | bytes, limits: ImageLimits) -> bytes:
    try:
        with Path(os.fsdecode(path)).open("rb") as file:
            return file.read(limits.max_document_bytes + 1)
    except (FileNotFoundError, ValueError):  # the latter: a name with a zero in it
        raise MissingFile(os.fsdecode(path), "there is no such file", "a picture") from None
    except IsADirectoryError:
        raise UnreadableFile(os.fsdecode(path), "a folder, no picture", "a picture") from None
    except OSError as error:
        found = error.strerror or str(error)
        raise UnreadableFile(os.fsdecode(path), found, "a picture that may be read") from None


def _take_array(array: NDArray[Any], limits: ImageLimits) -> Pillow.Image:
    shape, kind = array.shape, array.dtype
    if len(shape) == 3 and shape[2] == 1:
        array = array[..., 0]
    if array.ndim != 2 and not (array.ndim == 3 and shape[2] in (3, 4)):
        raise Mismatch(f"an array of shape {shape}", TAKEN)
    if not array.size:
        raise BrokenImage("an array without pixels")
    check_limits(Header("array", array.shape[1], array.shape[0], b""), limits)
    if not (kind in (np.uint8, np.uint16, np.bool_) or kind.kind == "f"):
        raise Mismatch(f"an array of {kind}", TAKEN)
    if kind.kind == "f" and not (array.min() >= 0 and array.max() <= 1):  # NaN is neither
        raise Mismatch(f"an array of {kind} from {array.min():g} to {array.max():g}", TAKEN)
    return Pillow.fromarray(np.ascontiguousarray(reduce_depth(array)))
