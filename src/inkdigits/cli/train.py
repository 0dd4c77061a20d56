"""`inkdigits train`: a recipe and a folder in, a model file and its card out."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from inkdigits.cli.output import print_table
from inkdigits.errors import TrainingError

if TYPE_CHECKING:
    from inkdigits.training.recipes import Recipe

Tell = Callable[[str, int, int], None]

_BACKENDS = ("tensorflow", "torch", "jax")


def train(  # noqa: PLR0913, PLR0917  # Typer reads the options from the signature
    recipe: Annotated[str, typer.Option(help="What to train; see --list.")] = "cnn",
    out: Annotated[
        Path | None, typer.Option(help="Folder of this run: new, or to go on with. [runs/RECIPE]")
    ] = None,
    data: Annotated[
        Path | None,
        typer.Option(help="Data folder. [INKDIGITS_DATA; MNIST is downloaded where it is missing]"),
    ] = None,
    seed: Annotated[int, typer.Option(min=0, max=2**31, help="Of everything random.")] = 0,
    epochs: Annotated[int, typer.Option(min=0, help="Other than the recipe's; 0 keeps it.")] = 0,
    limit: Annotated[
        int, typer.Option(min=0, help="Use only so many samples, to try things out; 0 for all.")
    ] = 0,
    teacher: Annotated[
        list[Path] | None,
        typer.Option(help="A model.keras to learn from too; may be given several times."),
    ] = None,
    workers: Annotated[
        int, typer.Option(min=1, help="Processes and threads that prepare data.")
    ] = (os.cpu_count() or 1),
    backend: Annotated[
        str | None, typer.Option(help="tensorflow, torch or jax. [KERAS_BACKEND, else tensorflow]")
    ] = None,
    show_recipes: Annotated[bool, typer.Option("--list", help="List the recipes.")] = False,
) -> None:
    """Train a model: draw the samples, fit, export to ONNX, write the card.

    Stopped or killed, the same command goes on where it was and comes to the same model.
    A GPU is used where the backend finds one. In the folder you will find NAME.onnx with its
    card NAME.json, log.csv with a row for each epoch, and model.keras.

    \b
      inkdigits train --list
      inkdigits train --recipe mlp --out runs/mlp              a minute, MNIST alone
      inkdigits train --recipe cnn --data DATA --workers 16    the model that is shipped
      inkdigits train --recipe cnn --out /tmp/try --epochs 1 --limit 2000
      inkdigits train --recipe teacher --out runs/teacher
      inkdigits train --recipe cnn --out runs/small --teacher runs/teacher/model.keras
      inkdigits predict --model runs/mlp/mlp.onnx seven.png

    JAX cannot write ONNX: train with --backend jax, then give the same command with
    --backend tensorflow, which only does what is left.
    """
    from inkdigits.training.recipes import RECIPES, find_recipe  # noqa: PLC0415  # NumPy, OpenCV

    if show_recipes:
        heads = ("Recipe", "Network", "Classes", "Epochs", "Samples an epoch", "Varied")
        print_table(heads, [_row(known) for known in RECIPES.values()])
        return
    _choose_backend(backend)
    chosen = find_recipe(recipe)
    teachers = tuple(map(str, teacher)) if teacher else chosen.teachers
    chosen = replace(chosen, epochs=epochs or chosen.epochs, teachers=teachers)
    _train(chosen, out or Path("runs") / recipe, (data, seed, workers, limit))


def _train(recipe: "Recipe", out: Path, choices: tuple[Path | None, int, int, int]) -> None:
    from inkdigits.training.run import TrainOptions  # noqa: PLC0415  # ONNX Runtime
    from inkdigits.training.run import train as train_recipe  # noqa: PLC0415

    data, seed, workers, limit = choices
    with _progress_bars() as tell:
        model = train_recipe(recipe, out, TrainOptions(data, seed, workers, tell, limit))
    sys.stdout.write(f"{model}\n")


def _choose_backend(backend: str | None) -> None:
    if backend is None:
        return
    if backend not in _BACKENDS:
        raise TrainingError("backend", backend, f"one of {', '.join(_BACKENDS)}")
    # Keras reads it once, when it is imported, which is later.
    os.environ["KERAS_BACKEND"] = backend


@contextmanager
def _progress_bars() -> Iterator[Tell]:
    """One bar a stage on standard error; a stage is known by the first word it says."""
    from rich.console import Console  # noqa: PLC0415  # a tenth of a second
    from rich.progress import (  # noqa: PLC0415
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True)) as bars:
        tasks: dict[str, int] = {}

        def tell(what: str, done: int, total: int) -> None:
            stage = what.split(" ", 1)[0]
            if stage not in tasks:
                tasks[stage] = int(bars.add_task(what, total=total))
            bars.update(tasks[stage], description=what, completed=done, total=total)  # type: ignore[arg-type]

        yield tell


def _row(recipe: "Recipe") -> tuple[str, ...]:
    samples = f"{recipe.samples_per_epoch:,}" if recipe.samples_per_epoch else "all"
    varied = "no" if recipe.augment is None else "yes"
    classes = str(recipe.classes)
    return recipe.name, recipe.architecture, classes, str(recipe.epochs), samples, varied
