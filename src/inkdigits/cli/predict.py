"""`inkdigits predict`: paths of pictures in, their digits out, a table or JSON lines."""

import sys
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

from inkdigits.cli.output import percent, print_json, print_table, readable
from inkdigits.cli.pictures import find_pictures, read_picture
from inkdigits.errors import InkdigitsError

if TYPE_CHECKING:
    from inkdigits.reader import Reader

MANY = 20
"""Pictures from which on a progress bar is worth its line."""

Answer = dict[str, Any]


def predict(
    paths: Annotated[list[str], typer.Argument(help="Pictures, folders of pictures, or - .")],
    model: Annotated[
        str, typer.Option(help="A shipped name (see `models`), or the path of a model file.")
    ] = "cnn",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON line a picture.")] = False,
) -> None:
    """Read the handwritten digit in each picture.

    PNG and JPEG are read, whatever the file is called. The exit status is 1 when any
    picture could not be read.

    \b
      inkdigits predict seven.png
      inkdigits predict scans/ more/*.jpg
      inkdigits predict --json scans/ | jq -r '[.file, .digit] | @tsv'
      curl -s https://example.org/7.png | inkdigits predict -
      inkdigits predict --model path/to/MNIST_model.keras seven.png
    """
    from inkdigits.model.loading import load_model  # noqa: PLC0415  # ONNX Runtime
    from inkdigits.reader import Reader  # noqa: PLC0415

    reader = Reader(load_model(model))
    names = _with_progress(list(find_pictures(paths)), as_json=as_json)
    answers = []
    for answer in _read_all(reader, names):
        answers.append(answer)
        if as_json:
            print_json(answer)
    if not as_json:
        print_table(("File", "Digit", "Confidence", "Remark"), map(_row, answers))
    if any("error" in answer for answer in answers):
        raise typer.Exit(1)


def _read_all(reader: "Reader", names: Iterable[str]) -> Iterator[Answer]:
    from inkdigits.service.answers import answer_fields  # noqa: PLC0415  # NumPy

    for name in names:
        try:
            prediction = reader.predict_digit(read_picture(name, reader.limits.max_bytes))
        except InkdigitsError as error:
            yield _failure(name, error.code, str(error))
        except FileNotFoundError:
            yield _failure(name, "file-not-found", "there is no such file")
        except OSError as error:
            yield _failure(name, "unreadable-file", error.strerror or str(error))
        except Exception as error:  # noqa: BLE001  # one bad picture must not cost the others
            yield _failure(name, InkdigitsError.code, f"{type(error).__name__}: {error}")
        else:
            yield {"file": name, **answer_fields(prediction, reader.model.card)}


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
    digit = "-" if answer["digit"] is None else answer["digit"]
    return name, digit, percent(answer["confidence"]), _remark(answer)


def _remark(answer: Answer) -> str:
    if answer["reason"] == "not_a_digit":
        return f"not a digit ({percent(answer['not_a_digit'])})"
    if answer["reason"] is None:
        return ""
    others = [f"{o['digit']} {percent(o['probability'])}" for o in answer["alternatives"][1:3]]
    return "not sure" + (f"; or {', '.join(others)}" if others else "")
