"""Answers and complaints in, lines and tables on standard output and error out."""

import csv
import json
import os
import sys
from collections.abc import Iterable, Sequence
from typing import Any, TextIO

Row = Sequence[str]


def print_json(value: Any, file: TextIO | None = None) -> None:
    """Print one JSON line at once, ASCII only: file names may be in any encoding."""
    file = file or sys.stdout
    file.write(json.dumps(value) + "\n")
    file.flush()


def write_csv(heads: Row, rows: Iterable[dict[str, Any]], file: TextIO) -> None:
    """Write comma-separated values, each row at once; what a row lacks stays empty."""
    lines = csv.DictWriter(file, heads)
    lines.writeheader()
    for row in rows:
        lines.writerow({**row, "file": readable(row["file"])})
        file.flush()


def print_table(heads: Row, rows: Iterable[Row]) -> None:
    """Print a table for people. Texts are taken as they are, without markup.

    Args:
        heads: one a column.
        rows: as many cells each as there are heads.
    """
    from rich import box  # noqa: PLC0415  # Rich costs a tenth of a second
    from rich.console import Console  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    table = Table(*heads, box=box.SIMPLE_HEAD)
    for column in table.columns:
        column.overflow = "fold"
    for row in rows:
        table.add_row(*(Text(readable(cell)) for cell in row))
    Console().print(table)


def readable(text: str) -> str:
    """Make a text printable: file names may hold bytes that are no characters."""
    return os.fsencode(text).decode("utf-8", "replace") if not text.isascii() else text


def percent(share: float) -> str:
    """Write a probability the way people read it: 0.9987 → 99.9%."""
    return f"{100 * share:.1f}%"


def complain(sentence: str) -> None:
    """Print what is wrong, one line, on standard error."""
    sys.stderr.write(f"inkdigits: {readable(' '.join(sentence.split()))}\n")
