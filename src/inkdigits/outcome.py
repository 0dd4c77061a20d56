"""What became of a picture, read or not → what was read, or its error raised with nothing kept."""

import errno
from typing import TypeVar

from inkdigits.errors import InkdigitsError

T = TypeVar("T")

_SHORT = {errno.ENOMEM, errno.EMFILE, errno.ENFILE}
_SAID = ("can't start new thread", "bad_alloc", "ailed to allocate", "out of memory error")
"""By Python, and by ONNX Runtime, OpenCV and Pillow, whose errors have no class of their own."""


def or_raise(outcome: T | InkdigitsError) -> T:
    """Give what was read, or raise why nothing was.

    A raised error holds the frames that it came through. A frame that holds it in turn, under a
    name of its own, lives until the next collection of garbage, and the picture with it; so call
    this with what has no name there.

    Raises:
        InkdigitsError: that is the outcome.
    """
    if not isinstance(outcome, InkdigitsError):
        return outcome
    try:
        raise outcome
    finally:
        del outcome


def is_shortage(error: BaseException) -> bool:
    """Tell whether what failed is the machine: it has no memory, thread or file left."""
    if isinstance(error, MemoryError) or (isinstance(error, OSError) and error.errno in _SHORT):
        return True
    return not isinstance(error, InkdigitsError) and any(said in f"{error}" for said in _SAID)
