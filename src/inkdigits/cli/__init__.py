"""The command line: one file a verb. Heavy libraries are imported where a verb needs them."""

import os
import sys
from typing import Annotated

import typer

from inkdigits.cli.calibrate import calibrate
from inkdigits.cli.data import app as data
from inkdigits.cli.doctor import doctor
from inkdigits.cli.evaluate import evaluate
from inkdigits.cli.models import models
from inkdigits.cli.output import complain
from inkdigits.cli.predict import predict
from inkdigits.cli.serve import serve
from inkdigits.cli.train import train
from inkdigits.data.folders import cache_dir
from inkdigits.errors import InkdigitsError

_ABOUT = """\
Read handwritten digits that people draw, scan and photograph.

\b
  inkdigits predict seven.png        the digit in one picture
  inkdigits predict --json scans/    one JSON line a picture of a folder
  inkdigits serve                    the same over HTTP, with a page to try it
  inkdigits evaluate                 how well it reads, with every mistake it makes
  inkdigits doctor                   what is wrong here, and how to mend it
"""


_PLACES = {"KERAS_HOME": "keras", "MPLCONFIGDIR": "matplotlib"}
"""Where libraries keep settings and caches: parts of our folder, or they would use the home."""


def build_app() -> typer.Typer:
    """Put the verbs together."""
    app = typer.Typer(
        help=_ABOUT,
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    for verb in (predict, serve, train, evaluate, calibrate, models, doctor):
        app.command()(verb)
    app.add_typer(data, name="data")
    app.callback(invoke_without_command=True)(_common)
    return app


def main() -> None:
    """Run the command line. Failures become one line on standard error and exit status 1."""
    for name, place in _PLACES.items():
        os.environ.setdefault(name, str(cache_dir() / place))
    try:
        build_app()()
    except InkdigitsError as error:
        complain(str(error))
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        # The reader (`| head`) has gone; Python would complain again when it flushes.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except Exception as error:
        if sys.flags.dev_mode:
            raise
        trace = "python -X dev -m inkdigits … shows where"
        complain(f"this is a fault of inkdigits: {type(error).__name__}: {error} ({trace})")
    else:
        return
    sys.exit(1)


def _common(
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    if version:
        from importlib.metadata import version as find_version  # noqa: PLC0415  # 10 ms

        typer.echo(find_version("inkdigits"))
        raise typer.Exit
