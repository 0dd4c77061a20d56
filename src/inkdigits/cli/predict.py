"""`inkdigits predict`: paths of pictures in, their digits out: a table, CSV or JSON."""

import os
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TextIO

import typer

from inkdigits.cli.output import complain, print_json, print_table, readable, write_csv
from inkdigits.cli.progress import progress_bars
from inkdigits.decision.shown import show_probability
from inkdigits.errors import InkdigitsError, Mismatch

if TYPE_CHECKING:
    from inkdigits.reading import Reading

MANY = 20
"""Pictures from which on a progress bar is worth its line."""

MIN_SHOWN = 0.0005
"""Probability of "no digit" from which it is named, as another digit would be."""

Answer = dict[str, Any]


def predict(  # noqa: PLR0913, PLR0917  # Typer reads the options from the signature
    paths: Annotated[list[str], typer.Argument(help="Pictures, folders of them, *.png, or - .")],
    model: Annotated[
        str, typer.Option(help="A shipped name (see `models`), or the path of a model file.")
    ] = "cnn",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON line a picture.")] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Comma-separated values.")] = False,
    out: Annotated[
        Path | None, typer.Option(help="A file to write: .csv, .jsonl or .json, by its suffix.")
    ] = None,
    workers: Annotated[int, typer.Option(min=1, help="Processes. The order stays.")] = 1,
    numbers: Annotated[
        bool, typer.Option("--numbers", help="Read all digits of a picture: its number.")
    ] = False,
    length: Annotated[
        int | None, typer.Option(help="Of --numbers: digits that a line has exactly.")
    ] = None,
    min_length: Annotated[int | None, typer.Option(help="Digits at least.")] = None,
    max_length: Annotated[int | None, typer.Option(help="Digits at most.")] = None,
    pattern: Annotated[
        str | None, typer.Option(help="What a line looks like: 99-99-9999, 9 for each digit.")
    ] = None,
    allowed: Annotated[str | None, typer.Option(help="The digits that there may be: 0123.")] = None,
    box: Annotated[
        str | None, typer.Option(help="Read this part only: left,top,width,height in px.")
    ] = None,
) -> None:
    """Read the handwritten digit, or the number, in each picture.

    PNG, JPEG, WebP, BMP, GIF, TIFF and AVIF are read, PDF and HEIC where their extras are
    installed, whatever the file is called. Each page of a TIFF or PDF has an answer of its own.
    The exit status is 1 when any picture could not be read.

    \b
      inkdigits predict seven.png
      inkdigits predict scans/ more/*.jpg
      inkdigits predict --numbers --length 5 forms.pdf
      inkdigits predict --box 10,20,80,80 --allowed 0123 forms/
      inkdigits predict --workers 4 --out digits.csv scans/
      inkdigits predict --json scans/ | jq -r '[.file, .digit] | @tsv'
      curl -s https://example.org/7.png | inkdigits predict -
      inkdigits predict --model path/to/MNIST_model.keras seven.png
    """
    from inkdigits.decision.expected import expect  # noqa: PLC0415  # NumPy
    from inkdigits.files.folder import STDIN, list_pictures  # noqa: PLC0415  # NumPy
    from inkdigits.reading import read_files  # noqa: PLC0415  # ONNX Runtime

    kind = _kind(out, as_json=as_json, as_csv=as_csv)
    lines = (length, min_length, max_length, pattern)
    if not numbers and any(value is not None for value in lines):
        raise typer.BadParameter("lengths and patterns are of --numbers")
    try:
        expected = expect(*lines, allowed=allowed, box=box)
    except Mismatch as error:
        raise typer.BadParameter(str(error)) from None
    listing, counts = list_pictures(paths), Counter[str]()
    stream = out is None and kind == ".jsonl"
    pictures = (
        (name, sys.stdin.buffer.read() if name == STDIN else name)
        for name in _with_progress(listing.files, as_json=stream)
    )
    readings = _counted(
        read_files(pictures, expected, model=model, numbers=numbers, workers=workers), counts
    )
    with out.open("w", encoding="utf-8", newline="") if out else nullcontext(sys.stdout) as file:
        _WRITERS[kind](readings, numbers, file)
    if any(map(os.path.isdir, paths)):
        _sum_up(counts, listing.left_out)
    if counts["failed"]:
        raise typer.Exit(1)


def _kind(out: Path | None, *, as_json: bool, as_csv: bool) -> str:
    if out is None:
        return ".jsonl" if as_json else ".csv" if as_csv else ""
    if (kind := out.suffix.lower()) in _WRITERS and not (as_json or as_csv):
        return kind
    raise typer.BadParameter("--out takes a .csv, .jsonl or .json, and neither --json nor --csv")


def _counted(readings: "Iterator[Reading]", counts: Counter[str]) -> "Iterator[Reading]":
    for reading in readings:
        if isinstance(reading.result, InkdigitsError):
            counts["failed"] += 1
        else:
            counts["accepted" if reading.result.accepted else "unsure"] += 1
        yield reading


def _sum_up(counts: Counter[str], left_out: Counter[str]) -> None:
    parts = [f"{counts[what]:,} {what}" for what in ("accepted", "unsure", "failed")]
    complain(f"read {counts.total():,}: {', '.join(parts)}")
    if left_out:
        complain("left out: " + ", ".join(f"{n:,} {suffix}" for suffix, n in left_out.items()))


def _write_table(readings: "Iterator[Reading]", numbers: bool, _file: TextIO) -> None:
    head = "Number" if numbers else "Digit"
    rows = [_row(reading.to_dict()) for reading in readings]
    print_table(("File", head, "Confidence", "Remark"), rows)


def _write_csv(readings: "Iterator[Reading]", numbers: bool, file: TextIO) -> None:
    said = ("number", "text") if numbers else ("digit",)
    heads = ("file", "page", *said, "accepted", "reason", "confidence", "error")
    write_csv(heads, (reading.to_row() for reading in readings), file)


def _write_lines(readings: "Iterator[Reading]", _numbers: bool, file: TextIO) -> None:
    for reading in readings:
        print_json(reading.to_dict(), file)


def _write_list(readings: "Iterator[Reading]", _numbers: bool, file: TextIO) -> None:
    print_json([reading.to_dict() for reading in readings], file)


_WRITERS = {"": _write_table, ".csv": _write_csv, ".jsonl": _write_lines, ".json": _write_list}


def _with_progress(names: list[str], *, as_json: bool) -> Iterator[str]:
    # Lines and a bar on the same terminal would run into each other.
    hidden = len(names) < MANY or not sys.stderr.isatty() or (as_json and sys.stdout.isatty())
    if hidden:
        yield from names
        return
    # Rich would send standard output through its own console, which is standard error here.
    with progress_bars(transient=True, redirect_stdout=False) as tell:
        for number, name in enumerate(names):
            tell("Reading", number, len(names))
            yield name


def _row(answer: Answer) -> tuple[str, str, str, str]:
    name = readable(answer["file"]) + (f", page {answer['page']}" if answer.get("page") else "")
    if "error" in answer:
        return name, "", "", answer["error"]["detail"]
    said = answer["text"] if "text" in answer else answer["digit"]
    return name, said or "-", show_probability(answer["confidence"]), _remark(answer)


def _remark(answer: Answer) -> str:
    if answer["reason"] is None:
        return ""
    hint = "; several digits: try --numbers" if answer.get("hint") else ""
    kind = "number" if "number" in answer else "digit"
    if answer["reason"] == "not_a_digit":
        return f"not a {kind}{hint}"
    if answer["reason"] == "not_as_expected":
        return "nothing that was expected"
    if answer["reason"] == "not_calibrated":
        return "may be wrong: nobody has fitted when this model is sure" + hint
    others = [(one["probability"], one[kind]) for one in answer["alternatives"][1:3]]
    if answer.get("not_a_digit", 0) >= MIN_SHOWN:
        others.append((answer["not_a_digit"], "no digit"))
    told = [f"{other} {show_probability(share)}" for share, other in sorted(others, reverse=True)]
    return "not sure" + (f"; or {', '.join(told)}" if told else "") + hint
