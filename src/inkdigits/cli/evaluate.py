"""`inkdigits evaluate`: a model and pictures whose digits are known in, a report out."""

import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from inkdigits.cli.figures import missed_bars, print_figures
from inkdigits.cli.output import complain, print_table
from inkdigits.cli.progress import Tell, progress_bars
from inkdigits.data.folders import data_dir
from inkdigits.errors import FileError, SettingError, require

if TYPE_CHECKING:
    from inkdigits.evaluation.report import Findings, Report
    from inkdigits.evaluation.suite import Suite
    from inkdigits.reader import Reader


def evaluate(  # noqa: PLR0913, PLR0917  # Typer reads the options from the signature
    model: Annotated[
        str, typer.Option(help="A shipped name (see `models`), or the path of a model file.")
    ] = "cnn",
    against: Annotated[
        str | None, typer.Option(help="Another model, to compare with on the same pictures.")
    ] = None,
    suite: Annotated[
        list[str] | None,
        typer.Option(help="What to read; may be repeated; see --list. [all there are]"),
    ] = None,
    images: Annotated[
        Path | None,
        typer.Option(help="Your own pictures: a folder or a CSV. Alone unless --suite."),
    ] = None,
    out: Annotated[Path, typer.Option(help="Folder for report.json and report.html.")] = Path(
        "report"
    ),
    limit: Annotated[
        int, typer.Option(min=0, help="At most so many pictures a suite, to try; 0 for all.")
    ] = 0,
    gates: Annotated[
        Path | None, typer.Option(help="A file of bars; exit status 1 when one is missed.")
    ] = None,
    data: Annotated[Path | None, typer.Option(help="Data folder. [INKDIGITS_DATA]")] = None,
    show_suites: Annotated[bool, typer.Option("--list", help="List the suites.")] = False,
) -> None:
    """Measure how well a model reads, and show every mistake it makes.

    Writes report.html, to look at, and report.json, to compute with: how many digits are right
    and how certain that is, whether its confidence is true, what it accepts, what it takes for a
    digit that is none, and each mistake from upload to sample.

    \b
      inkdigits evaluate --list
      inkdigits evaluate --limit 200                     a first look at everything
      inkdigits evaluate --suite mnist --suite mnist-c
      inkdigits evaluate --images scans/                 your own pictures
      inkdigits evaluate --model runs/mine/cnn.onnx --against cnn
      inkdigits evaluate --gates gates.toml              fail where a figure falls short

    Your own pictures say what they show: by folders 0 to 9 (and x for what is no digit), by how
    the file is called (7_marker.png, x_cat.jpg), or by a CSV with the columns path and label.
    """
    if show_suites:
        _list_suites()
        return
    from inkdigits.evaluation.gates import read_gates  # noqa: PLC0415
    from inkdigits.evaluation.report import Findings  # noqa: PLC0415

    # All is found and checked before hours are spent on reading.
    require("writing an evaluation report", "eval", "matplotlib", "jinja2")
    bars = read_gates(gates) if gates else []
    reader, other = _load(model), _load(against) if against else None
    suites, missing = _find_suites(suite or [], images, data, limit)
    folder = data_dir(data)
    circumstances = {
        "date": f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        "data": folder.resolve().name if folder else "",
        "limit": limit,
    }
    _make_folder(out)
    task = Findings(
        reader, suites, {}, (other, {}) if other else None, missing, bars, circumstances
    )
    _show(_evaluate(task, out), out)


def _list_suites() -> None:
    from inkdigits.evaluation.suites import list_suites  # noqa: PLC0415  # NumPy, OpenCV

    rows = [(name, about, needs or "nothing") for name, (about, needs) in list_suites().items()]
    print_table(("Suite", "What it holds", "Needs"), rows)


def _load(model: str) -> "Reader":
    from inkdigits.model.loading import load_model  # noqa: PLC0415  # ONNX Runtime
    from inkdigits.reader import Reader  # noqa: PLC0415  # OpenCV

    return Reader(load_model(model))


def _find_suites(
    names: list[str], images: Path | None, data: Path | None, limit: int
) -> tuple[list["Suite"], list[str]]:
    from inkdigits.evaluation.suites import build_images, build_suites  # noqa: PLC0415  # OpenCV

    own = build_images(images, limit) if images else []
    if own and not names:
        return own, []
    suites, missing = build_suites(names, data, limit)
    if names and missing:
        raise SettingError("suite", "; ".join(missing), "the data, or other suites")
    return [*own, *suites], missing


def _make_folder(out: Path) -> None:
    """Make the folder before the work is done, not after."""
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FileError(str(out), error.strerror or str(error), "a folder to write to") from None


def _evaluate(task: "Findings", out: Path) -> "Report":
    from inkdigits.evaluation.report import build_report  # noqa: PLC0415  # NumPy, OpenCV

    with progress_bars() as tell:
        findings = _read(task, tell)
        report = build_report(findings)
        _write(findings, report, out, tell)
    return report


def _show(report: "Report", out: Path) -> None:
    print_figures(report)
    for told in report["missing"]:
        typer.echo(f"not measured: {told}")
    typer.echo(out / "report.html")
    for told in missed_bars(report):
        complain(f"bar missed: {told}")
    if missed_bars(report):
        raise typer.Exit(1)


def _read(task: "Findings", tell: Tell) -> "Findings":
    from inkdigits.evaluation.run import run_suites  # noqa: PLC0415  # NumPy, OpenCV

    def tell_again(what: str, done: int, total: int) -> None:
        tell(what.replace("Reading", "Comparing", 1), done, total)

    start = time.monotonic()
    ours, against = run_suites(task.reader, task.suites, tell), task.against
    if against is not None:
        against = (against[0], run_suites(against[0], task.suites, tell_again))
    told = {**task.circumstances, "seconds": round(time.monotonic() - start)}
    return replace(task, outcomes=ours, against=against, circumstances=told)


def _write(findings: "Findings", report: "Report", out: Path, tell: Tell) -> None:
    import json  # noqa: PLC0415

    from inkdigits.evaluation.gallery import show_mistakes  # noqa: PLC0415  # OpenCV
    from inkdigits.evaluation.page import write_page  # noqa: PLC0415

    text = json.dumps(report, indent=1, ensure_ascii=False) + "\n"
    (out / "report.json").write_text(text, encoding="utf-8")
    galleries, count = {}, len(findings.suites)
    theirs = findings.against[1] if findings.against else {}
    for number, suite in enumerate(findings.suites):
        tell(f"Showing mistakes of {suite.name}", number, count)
        said, other = findings.outcomes[suite.name], theirs.get(suite.name)
        galleries[suite.name] = show_mistakes(findings.reader, suite, said, other)
    tell("Showing mistakes", count, count)
    (out / "report.html").write_text(write_page(report, galleries), encoding="utf-8")
