"""`inkdigits predict`: paths of pictures in, their digits out, a table or JSON lines."""

import sys
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

from inkdigits.cli.output import print_json, print_table, readable
from inkdigits.cli.pictures import find_pictures, read_picture
from inkdigits.decision.shown import show_probability
from inkdigits.errors import InkdigitsError, Mismatch

if TYPE_CHECKING:
    from inkdigits.decision.expected import Expected
    from inkdigits.reader import Reader

MANY = 20
"""Pictures from which on a progress bar is worth its line."""

MIN_SHOWN = 0.0005
"""Probability of "no digit" from which it is named, as another digit would be."""

Answer = dict[str, Any]


def predict(  # noqa: PLR0913, PLR0917  # Typer reads the options from the signature
    paths: Annotated[list[str], typer.Argument(help="Pictures, folders of pictures, or - .")],
    model: Annotated[
        str, typer.Option(help="A shipped name (see `models`), or the path of a model file.")
    ] = "cnn",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON line a picture.")] = False,
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

    PNG and JPEG are read, whatever the file is called. The exit status is 1 when any
    picture could not be read.

    \b
      inkdigits predict seven.png
      inkdigits predict scans/ more/*.jpg
      inkdigits predict --numbers --length 5 forms/
      inkdigits predict --box 10,20,80,80 --allowed 0123 forms/
      inkdigits predict --json scans/ | jq -r '[.file, .digit] | @tsv'
      curl -s https://example.org/7.png | inkdigits predict -
      inkdigits predict --model path/to/MNIST_model.keras seven.png
    """
    from inkdigits.model.loading import load_model  # noqa: PLC0415  # ONNX Runtime
    from inkdigits.reader import Reader  # noqa: PLC0415

    lines = (length, min_length, max_length, pattern)
    if not numbers and any(value is not None for value in lines):
        raise typer.BadParameter("lengths and patterns are of --numbers")
    expected = _expected(*lines, allowed=allowed, box=box)
    reader = Reader(load_model(model))
    names = _with_progress(list(find_pictures(paths)), as_json=as_json)
    answers = []
    for answer in _read_all(reader, names, expected, numbers=numbers):
        answers.append(answer)
        if as_json:
            print_json(answer)
    if not as_json:
        head = "Number" if numbers else "Digit"
        print_table(("File", head, "Confidence", "Remark"), map(_row, answers))
    if any("error" in answer for answer in answers):
        raise typer.Exit(1)


def _expected(*lines: Any, **others: Any) -> "Expected":
    from inkdigits.decision.expected import expect  # noqa: PLC0415  # NumPy

    try:
        return expect(*lines, **others)
    except Mismatch as error:
        raise typer.BadParameter(str(error)) from None


def _read_all(
    reader: "Reader", names: Iterable[str], expected: "Expected", *, numbers: bool
) -> Iterator[Answer]:
    for name in names:
        try:
            data = read_picture(name, reader.limits.max_bytes)
            answer = _read(reader, data, expected, numbers=numbers)
        except InkdigitsError as error:
            yield _failure(name, error.code, str(error))
        except FileNotFoundError:
            yield _failure(name, "file-not-found", "there is no such file")
        except OSError as error:
            yield _failure(name, "unreadable-file", error.strerror or str(error))
        except Exception as error:  # noqa: BLE001  # one bad picture must not cost the others
            yield _failure(name, InkdigitsError.code, f"{type(error).__name__}: {error}")
        else:
            yield {"file": name, **answer}


def _read(reader: "Reader", data: bytes, expected: "Expected", *, numbers: bool) -> Answer:
    from inkdigits.service.answers import answer_fields, number_fields  # noqa: PLC0415  # NumPy

    if not numbers:
        return answer_fields(reader.predict_digit(data, expected=expected), reader.model.card)
    prediction = reader.predict_number(data, expected)
    return number_fields(prediction, reader.model.card, reader.numbers.line.card)


def _failure(name: str, code: str, detail: str) -> Answer:
    return {"file": name, "error": {"code": code, "detail": detail}}


def _with_progress(names: list[str], *, as_json: bool) -> Iterator[str]:
    # Lines and a bar on the same terminal would run into each other.
    hidden = len(names) < MANY or not sys.stderr.isatty() or (as_json and sys.stdout.isatty())
    if hidden:
        yield from names
        return
    from rich.console import Console  # noqa: PLC0415  # a tenth of a second
    from rich.progress import Progress  # noqa: PLC0415

    # Rich would send standard output through its own console, which is standard error here.
    console = Console(stderr=True)
    with Progress(console=console, transient=True, redirect_stdout=False) as progress:
        yield from progress.track(names, description="Reading")


def _row(answer: Answer) -> tuple[str, str, str, str]:
    name = readable(answer["file"])
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
