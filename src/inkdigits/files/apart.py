"""Bytes of a file that is neither PNG nor JPEG → image, decoded in a process of its own.

The libraries behind these formats are large and old, and PDFium bears no threads: a file that
makes one of them crash, hang or grow costs that process, and its sender an error.
"""

import json
import signal
from contextlib import suppress
from dataclasses import asdict
from functools import cache
from importlib.util import find_spec
from typing import Any

import numpy as np

from inkdigits import errors
from inkdigits.child import Child, ChildDied
from inkdigits.errors import BrokenImage, InkdigitsError, MissingExtra
from inkdigits.files.header import find_orientation
from inkdigits.files.limits import MIB, ImageLimits
from inkdigits.files.pages import open_page
from inkdigits.files.part import Wanted, find_part
from inkdigits.files.settle import settle, turn_upright
from inkdigits.sample import Box, Image

_EXTRAS = {"PDF": ("pypdfium2", "pdf"), "HEIC": ("pillow_heif", "heic")}
_MAX_CPU_S = 2.0
"""Processor time for one page. A HEIC photo of 12 megapixels takes a quarter of it."""
_MAX_S = 20.0
"""The same by the clock, for systems that cannot bound the other, and for busy machines."""
_MAX_MEMORY_BYTES = 1024 * MIB
"""Address space of that process."""
_HEAD_BYTES = 4  # the length of the JSON that goes before pixels or a file


def decode_apart(
    data: bytes, kind: str, page: int | None, limits: ImageLimits, wanted: Wanted
) -> tuple[Image, int, int]:
    """Decode one page.

    Args:
        data: the whole file.
        kind: of `FORMATS`, neither PNG nor JPEG.
        page: from 1; None: only count them.
        limits: what it may cost.
        wanted: the part of it, and how large.

    Returns:
        The image, empty for None; how many px one px of it is wide; how many pages there are.

    Raises:
        ImageError: broken, too large, or more than two seconds' work.
        Mismatch: there is no such page.
        MissingExtra: the library of this format is not installed.
    """
    check_installed(kind)
    head = {"kind": kind, "page": page, "limits": asdict(limits), "wanted": asdict(wanted)}
    try:
        said, pixels = _split(_decoder().ask(_join(head, data)))
    except ChildDied:
        found = f"{kind}: it takes more than {_MAX_CPU_S:g} s, or brings down what decodes it"
        raise BrokenImage(found) from None
    if "error" in said:
        raise getattr(errors, said["error"])(*said["args"])
    return np.frombuffer(bytearray(pixels), np.uint8).reshape(said["shape"]), *said["numbers"]


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


def answer(question: bytes) -> bytes:
    """In the other process: decode what is asked."""
    asked, data = _split(question)
    _bound()
    try:
        return _decoded(data, asked)
    except InkdigitsError as error:
        return _join({"error": type(error).__name__, "args": error.__reduce__()[1]}, b"")
    except MemoryError:
        reason = f"it needs more than {_MAX_MEMORY_BYTES // MIB} MiB of memory"
    except Exception as error:  # noqa: BLE001  (the libraries raise over ten kinds)
        reason = f"{error}"[:120] or type(error).__name__
    return _join({"error": "BrokenImage", "args": [f"{asked['kind']}: {reason}"]}, b"")


def _decoded(data: bytes, asked: dict[str, Any]) -> bytes:
    limits, box = ImageLimits(**asked["limits"]), asked["wanted"]["box"]
    wanted = Wanted(**asked["wanted"] | {"box": box and Box(**box)})
    picture, pages = open_page(data, asked["kind"], asked["page"], limits)
    if picture is None:
        return _join({"shape": [0], "numbers": [1, pages]}, b"")
    orientation = find_orientation((picture.info.get("exif") or b"").removeprefix(b"Exif\0\0"))
    part = find_part(picture.size, orientation, wanted)
    image = part.cut(turn_upright(settle(picture, part.scale), orientation))
    return _join({"shape": image.shape, "numbers": [part.scale, pages]}, image.tobytes())


def _bound() -> None:
    """Let the system end this process where one page takes too long, and refuse it memory."""
    with suppress(ImportError, ValueError, OSError, AttributeError):  # as on Windows
        import resource  # noqa: PLC0415

        signal.setitimer(signal.ITIMER_PROF, _MAX_CPU_S)
        hard = resource.getrlimit(resource.RLIMIT_AS)[1]
        resource.setrlimit(resource.RLIMIT_AS, (_MAX_MEMORY_BYTES, hard))


@cache
def _decoder() -> Child:
    return Child(f"{__name__}:answer", _MAX_S)


def _join(head: dict[str, Any], body: bytes) -> bytes:
    written = json.dumps(head).encode()
    return len(written).to_bytes(_HEAD_BYTES) + written + body


def _split(block: bytes) -> tuple[dict[str, Any], bytes]:
    end = _HEAD_BYTES + int.from_bytes(block[:_HEAD_BYTES])
    return json.loads(block[_HEAD_BYTES:end]), block[end:]
