"""Bytes of a file that is neither PNG nor JPEG → image, decoded in a process of its own.

The libraries behind these formats are large and old, and PDFium bears no threads: a file that
makes one of them crash, hang or grow costs that process, and its sender an error.
"""

from dataclasses import asdict
from functools import cache
from importlib.util import find_spec
from typing import Any

import numpy as np

from inkdigits.budget import GivenUp, never
from inkdigits.child import Child, ChildDied, bound
from inkdigits.errors import BrokenImage, DeadlineExceeded, InkdigitsError, MissingExtra
from inkdigits.files.header import find_orientation
from inkdigits.files.limits import MIB, ImageLimits
from inkdigits.files.pages import open_page
from inkdigits.files.settle import Wanted, find_part, settle
from inkdigits.sample import Box, Image

_EXTRAS = {"PDF": ("pypdfium2", "pdf"), "HEIC": ("pillow_heif", "heic")}
_MAX_CPU_S = 2.0
"""Processor time for one page. A HEIC photo of 12 megapixels takes a quarter of it."""
_MAX_S = 20.0
"""The same by the clock, for systems that cannot bound the other, and for busy machines."""
_MAX_MEMORY_BYTES = 1024 * MIB
"""Address space of that process."""


def decode_apart(
    data: bytes,
    kind: str,
    page: int | None,
    limits: ImageLimits,
    wanted: Wanted,
    *,
    given_up: GivenUp = never,
) -> tuple[Image, int, int]:
    """Decode one page.

    Args:
        data: the whole file.
        kind: of `FORMATS`, neither PNG nor JPEG.
        page: from 1; None: only count them.
        limits: what it may cost.
        wanted: the part of it, and how large.
        given_up: tells whether nobody waits for it any more.

    Returns:
        The image, empty for None; how many px one px of it is wide; how many pages there are.

    Raises:
        ImageError: broken, too large, or more than two seconds' work.
        Mismatch: there is no such page.
        MissingExtra: the library of this format is not installed.
        DeadlineExceeded: it was given up.
    """
    check_installed(kind)
    asked = {"limits": asdict(limits), "wanted": asdict(wanted)}
    try:
        (shape, *numbers), pixels = _decoder().ask(data, given_up, kind=kind, page=page, **asked)
    except ChildDied:
        if given_up():
            raise DeadlineExceeded from None
        found = f"{kind}: it takes more than {_MAX_CPU_S:g} s, or brings down what decodes it"
        raise BrokenImage(found) from None
    return np.frombuffer(bytearray(pixels), np.uint8).reshape(shape), *numbers


def is_installed(kind: str) -> bool:
    """Tell whether the library behind a format is here."""
    return kind not in _EXTRAS or find_spec(_EXTRAS[kind][0]) is not None


def check_installed(kind: str) -> None:
    """Make sure that the library behind a format is here.

    Raises:
        MissingExtra: it is not; says how to install it.
    """
    if not is_installed(kind):
        raise MissingExtra(f"reading {kind}", *_EXTRAS[kind])


def answer(data: bytes, kind: str, **asked: Any) -> tuple[list[Any], bytes]:
    """In the other process: decode what is asked."""
    bound(_MAX_CPU_S, _MAX_MEMORY_BYTES)
    try:
        return _decoded(data, kind, **asked)
    except InkdigitsError:
        raise
    except MemoryError:
        reason = f"it needs more than {_MAX_MEMORY_BYTES // MIB} MiB of memory"
    except Exception as error:  # noqa: BLE001  (the libraries raise over ten kinds)
        reason = f"{error}"[:120] or type(error).__name__
    raise BrokenImage(f"{kind}: {reason}")


def _decoded(
    data: bytes, kind: str, page: int | None, limits: dict[str, Any], wanted: dict[str, Any]
) -> tuple[list[Any], bytes]:
    part_of = Wanted(**wanted | {"box": wanted["box"] and Box(**wanted["box"])})
    picture, pages = open_page(data, kind, page, ImageLimits(**limits))
    if picture is None:
        return [[0], 1, pages], b""
    orientation = find_orientation((picture.info.get("exif") or b"").removeprefix(b"Exif\0\0"))
    part = find_part(picture.size, orientation, part_of)
    image = part.cut(settle(picture, part.scale))
    return [image.shape, part.scale, pages], image.tobytes()


@cache
def _decoder() -> Child:
    return Child(f"{__name__}:answer", _MAX_S)
