"""What became of a picture, read or not → what was read, or its error raised with nothing kept."""

from typing import TypeVar

from inkdigits.errors import InkdigitsError

T = TypeVar("T")


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
