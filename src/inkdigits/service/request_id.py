"""Headers of a request in, the id under which everything about this request is logged out."""

import os
import re
from collections.abc import Iterable
from contextvars import ContextVar

HEADER = b"x-request-id"
_VALID = re.compile(rb"[!-~]{1,128}")
"""Printable ASCII without blanks: nothing that could end a line of a log or of a header."""

current_id: ContextVar[str] = ContextVar("current_id", default="")
"""Of the request that is being answered; the log writes it into every line."""


def choose_id(headers: Iterable[tuple[bytes, bytes]]) -> str:
    """Take the id that a client or a proxy has given, or make one.

    Args:
        headers: of an ASGI scope, their names in lower case.

    Returns:
        The `X-Request-ID` of the request when it has one of up to 128 printable ASCII
        letters; else 32 hexadecimal digits that nobody else has.
    """
    for name, value in headers:
        if name == HEADER:
            return value.decode("ascii") if _VALID.fullmatch(value) else _new_id()
    return _new_id()


def _new_id() -> str:
    return os.urandom(16).hex()
