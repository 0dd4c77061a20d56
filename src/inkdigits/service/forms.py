"""A streamed `multipart/form-data` body in, its parts out, within limits.

Starlette's own parser writes files to disk from 1 MiB on, decodes names by a charset that the
client chooses, and leaves the file of a form that was cut short open. Here a body is
bounded by `BodyLimit` already, so that its parts may stay in memory.
"""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

if TYPE_CHECKING:
    from python_multipart.multipart import MultipartCallbacks

MAX_PARTS = 16
"""Of a form with one picture. Who expects more says so."""
MAX_TEXT_BYTES = 16 * 1024
"""Of a part that is no file. There is none that we read."""

_ONE_FILE = re.compile(
    rb'content-disposition: form-data; name="(\w+)"; filename="([ !#-\[\]-~]*)"'
    rb"(?:\r\ncontent-type: [ -~]*)?",
    re.IGNORECASE,
)


class BrokenForm(ValueError):
    """The form cannot be taken apart; the message says why."""


@dataclass(slots=True)
class Part:
    """One part of a form.

    Attributes:
        name: of the form field.
        file: the file name that it came with; None where it is no file. Only to be shown.
        data: its content.
    """

    name: str = ""
    file: str | None = None
    data: bytearray = field(default_factory=bytearray)

    @property
    def is_file(self) -> bool:
        """Whether it is a file."""
        return self.file is not None


async def read_form(
    content_type: str, chunks: AsyncIterator[bytes], max_parts: int = MAX_PARTS
) -> list[Part]:
    """Take a form apart while it comes in.

    Args:
        content_type: the request's header, with the boundary.
        chunks: the body.
        max_parts: how many parts it may have.

    Returns:
        The parts in their order.

    Raises:
        BrokenForm: no boundary, a part without a name, too many or too large parts,
            or the end is missing.
    """
    boundary = parse_options_header(content_type)[1].get(b"boundary")
    if not boundary:
        raise BrokenForm("its content type names no boundary")
    collected = _Collector(max_parts)
    try:
        parser = MultipartParser(boundary, collected.callbacks())
        first = await anext(chunks, b"")
        if (alone := _read_one_file(boundary, first)) is not None:
            async for _ in chunks:  # what comes after the end of a form counts for nothing
                pass
            return [alone]
        parser.write(first)
        async for chunk in chunks:
            parser.write(chunk)
    except FormParserError as error:
        raise BrokenForm(_printable(str(error))) from error
    if not collected.ended:
        raise BrokenForm("it is cut short")
    return collected.parts


def _read_one_file(boundary: bytes, body: bytes) -> Part | None:
    """Take a form of one file apart at once, in a tenth of the parser's time.

    Returns:
        The file; None for what is not written the way of browsers and curl, or not all there.
    """
    mark = b"--" + boundary
    start, end = mark + b"\r\n", b"\r\n" + mark + b"--"
    body = body.removesuffix(b"\r\n")
    if not (body.startswith(start) and body.endswith(end)) or body.count(mark) != 2:
        return None
    head, blank, data = body[len(start) : -len(end)].partition(b"\r\n\r\n")
    found = _ONE_FILE.fullmatch(head)
    if not blank or found is None:
        return None
    return Part(found[1].decode("ascii"), _file_name(found[2]), bytearray(data))


class _Collector:
    """Takes the parser's events and gathers parts from them."""

    def __init__(self, max_parts: int) -> None:
        self.max_parts = max_parts
        self.parts: list[Part] = []
        self.ended = False
        self._header = (bytearray(), bytearray())
        self._disposition = ""

    def callbacks(self) -> "MultipartCallbacks":
        return {
            "on_part_begin": self._begin_part,
            "on_header_field": lambda data, start, end: self._header[0].extend(data[start:end]),
            "on_header_value": lambda data, start, end: self._header[1].extend(data[start:end]),
            "on_header_end": self._end_header,
            "on_headers_finished": self._end_headers,
            "on_part_data": self._take_data,
            "on_end": self._end,
        }

    def _begin_part(self) -> None:
        if len(self.parts) == self.max_parts:
            raise BrokenForm(f"it has more than {self.max_parts} parts")
        self.parts.append(Part())
        self._disposition = ""

    def _end_header(self) -> None:
        name, value = self._header
        if name.lower() == b"content-disposition":
            self._disposition = value.decode("latin-1")
        self._header = (bytearray(), bytearray())

    def _end_headers(self) -> None:
        options = parse_options_header(self._disposition)[1]
        if b"name" not in options:
            raise BrokenForm("a part has no name")
        self.parts[-1].name = options[b"name"].decode("utf-8", "replace")
        if b"filename" in options:
            self.parts[-1].file = _file_name(options[b"filename"])

    def _take_data(self, data: bytes, start: int, end: int) -> None:
        part = self.parts[-1]
        part.data += data[start:end]
        if not part.is_file and len(part.data) > MAX_TEXT_BYTES:
            raise BrokenForm(f"a part that is no file has more than {MAX_TEXT_BYTES:,} bytes")

    def _end(self) -> None:
        self.ended = True


def _file_name(name: bytes) -> str:
    """Leave what can be shown of a name; it is never opened."""
    return _printable(name.decode("utf-8", "replace"))


def _printable(text: str) -> str:
    return "".join(letter if letter.isprintable() else "?" for letter in text[:200])
