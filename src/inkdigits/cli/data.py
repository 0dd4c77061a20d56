"""`inkdigits data`: get the training data, list them, import strokes from UNIPEN's archive."""

from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

from inkdigits.cli.output import print_table
from inkdigits.cli.progress import progress_bars
from inkdigits.data.folders import cache_dir

Folder = Annotated[
    Path | None,
    typer.Option("--data", help="Data folder, looked through before the cache [INKDIGITS_DATA]."),
]


class _Kind(Enum):
    digits = "digits"
    upper = "upper"
    lower = "lower"
    symbols = "symbols"


app = typer.Typer(help="The data that training uses.", no_args_is_help=True)


@app.command()
def fetch(data: Folder = None) -> None:
    """Download MNIST where it is not there yet, and check it against its published sha256."""
    from inkdigits.data.sources import SOURCES, obtain  # noqa: PLC0415  # NumPy, HTTP

    names = [name for name, source in SOURCES.items() if source.urls]
    with progress_bars(percent=True) as tell:
        paths = {name: obtain(name, data, tell) for name in names}
    print_table(("Name", "File"), [(name, str(path)) for name, path in paths.items()])


@app.command(name="list")
def list_sources(data: Folder = None) -> None:
    """List every file that training may use: where it lies, and its licence."""
    from inkdigits.data.sources import SOURCES, find  # noqa: PLC0415  # NumPy, HTTP

    rows = []
    for name, source in SOURCES.items():
        path = find(name, data)
        missing = "not there; inkdigits data fetch" if source.urls else "not there"
        rows.append((name, str(path) if path else missing, source.licence))
    print_table(("Name", "File", "Licence"), rows)


@app.command(name="import-unipen")
def import_archive(
    archive_dir: Annotated[Path, typer.Argument(help="The unpacked train_r01_v07.")],
    out: Annotated[
        Path | None,
        typer.Option(help="The file to write. By default in the cache, where training finds it."),
    ] = None,
    kind: Annotated[_Kind, typer.Option(help="Which characters.")] = _Kind.digits,
) -> None:
    """Read pen strokes from the original UNIPEN text files."""
    from inkdigits.data.sources import SOURCES  # noqa: PLC0415  # NumPy, HTTP
    from inkdigits.data.strokes import save_whole  # noqa: PLC0415  # NumPy
    from inkdigits.data.unipen import import_unipen  # noqa: PLC0415  # NumPy

    with progress_bars(percent=True) as tell:
        found = import_unipen(archive_dir, kind.value, tell)
    path = out or cache_dir() / SOURCES[f"unipen_{kind.value}"].file
    save_whole(found.strokes, path)
    for problem in found.problems:
        typer.echo(f"left out: {problem}", err=True)
    writers = len(set(found.strokes.writer_file.tolist()))
    typer.echo(f"{path}: {len(found.strokes):,} characters from {writers:,} files")
