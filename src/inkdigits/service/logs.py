"""Events in, one line each on standard error out: JSON for machines or text for people.

A line holds what a person wrote in this code, and names, numbers and codes. It holds
nothing of a picture, no address of a client, no path that a client made up, no key.
"""

import json
import logging
import warnings
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from inkdigits.service.request_id import current_id
from inkdigits.service.settings import Settings

FIELDS = "fields"
"""`extra={FIELDS: {...}}` gives an event more members."""
CONNECTIONS = "uvicorn.error.connections"
"""The logger of what uvicorn says of a single connection."""
_QUIET = {name: {"level": "ERROR"} for name in (CONNECTIONS, "python_multipart", "asyncio")}
"""These warn of what clients send. It is counted and answered; nobody may fill the log with it."""
_ENCODER = json.JSONEncoder(default=str)


class JsonLines(logging.Formatter):
    """An event as one line of JSON, ASCII only."""

    def format(self, record: logging.LogRecord) -> str:
        """Write `time`, `level`, `logger`, `message`, `request_id`, its fields and its trace."""
        line: dict[str, Any] = {
            "time": _moment(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if request_id := current_id.get():
            line["request_id"] = request_id
        line.update(getattr(record, FIELDS, {}))
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return _ENCODER.encode(line)


class TextLines(logging.Formatter):
    """An event as a line of text; a trace follows in lines of its own."""

    def format(self, record: logging.LogRecord) -> str:
        """Write time, level, message, fields and request id; what is not printable as `?`."""
        fields = dict(getattr(record, FIELDS, {}))
        if request_id := current_id.get():
            fields["request_id"] = request_id
        told = "".join(f" {name}={value}" for name, value in fields.items())
        line = f"{_moment(record)} {record.levelname:7} {record.getMessage()}{told}"
        if not line.isprintable():
            line = "".join(letter if letter.isprintable() else "?" for letter in line)
        trace = self.formatException(record.exc_info) if record.exc_info else ""
        return f"{line}\n{trace}" if trace else line


def log_config(settings: Settings) -> dict[str, Any]:
    """Say how a server logs.

    Args:
        settings: the format and the level.

    Returns:
        What `logging.config.dictConfig` and uvicorn's `log_config` take. Everything goes
        to standard error; the libraries' own lines come in the same form.
    """
    formatter = JsonLines if settings.log_format == "json" else TextLines
    logger = {"handlers": ["lines"], "level": settings.log_level.upper(), "propagate": False}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"lines": {"()": f"{formatter.__module__}.{formatter.__name__}"}},
        "handlers": {
            "lines": {
                "class": "logging.StreamHandler",
                "formatter": "lines",
                "stream": "ext://sys.stderr",
            }
        },
        "loggers": {"inkdigits": logger, "uvicorn": logger, **_QUIET},
        "root": {"handlers": ["lines"], "level": "WARNING"},
    }


def spare_unused() -> None:
    """Find out nothing for an event that no line tells: threads, processes. For a whole process.

    And write no warnings of libraries: of what a server reads, clients could choose them.
    """
    warnings.simplefilter("ignore")
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False


def _moment(record: logging.LogRecord) -> str:
    second = int(record.created)
    return f"{_second(second)}.{int(1000 * (record.created - second)):03}Z"


@lru_cache(maxsize=1)
def _second(second: int) -> str:
    return datetime.fromtimestamp(second, UTC).strftime("%Y-%m-%dT%H:%M:%S")
