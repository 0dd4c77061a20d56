"""`inkdigits train`: a recipe and a folder in, a model file and its card out."""

import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from inkdigits.cli.output import complain, percent, print_table
from inkdigits.cli.progress import Tell, progress_bars
from inkdigits.errors import TrainingError

if TYPE_CHECKING:
    from inkdigits.training.line_recipe import LineRecipe
    from inkdigits.training.own import Own
    from inkdigits.training.recipes import Recipe

_LINE = "line"  # the recipe of what reads whole numbers: no network of single digits
_BACKENDS = ("tensorflow", "torch", "jax")

RecipeOption = Annotated[
    str | None,
    typer.Option(help="What to train; see --list. [cnn; with --images finetune]"),
]
ImagesOption = Annotated[
    Path | None,
    typer.Option(help="Your own labelled pictures, to fine-tune on: a folder or a CSV."),
]
StartOption = Annotated[
    str | None,
    typer.Option(help="What to fine-tune: a shipped name or a model.keras. [the recipe's]"),
]
TeacherOption = Annotated[
    list[Path] | None,
    typer.Option(help="A model.keras to learn from too; may be given several times."),
]


def train(  # noqa: PLR0913, PLR0917  # Typer reads the options from the signature
    recipe: RecipeOption = None,
    images: ImagesOption = None,
    start: StartOption = None,
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
    teacher: TeacherOption = None,
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
    card NAME.json, log.csv with a row for each epoch, and model.keras. The recipe line ends
    three times and takes the mean: its logs are in end-1, end-2 and end-3.

    \b
      inkdigits train --list
      inkdigits train --recipe mlp --out runs/mlp              a minute, MNIST alone
      inkdigits train --recipe cnn --data DATA --workers 16    the model that is shipped
      inkdigits train --recipe line --data DATA                what reads whole numbers
      inkdigits train --recipe line --start line --epochs 8    goes on from the shipped one
      inkdigits train --recipe cnn --out /tmp/try --epochs 1 --limit 2000
      inkdigits train --recipe teacher --out runs/teacher
      inkdigits train --recipe cnn --out runs/small --teacher runs/teacher/model.keras
      inkdigits predict --model runs/mlp/mlp.onnx seven.png

    With --images it goes on from the shipped model and learns your handwriting, too, in some
    minutes. The pictures say what they show as for `inkdigits evaluate`: in folders 0 to 9 (and
    x for what is no digit), by a file name like 7_marker.png, or in a CSV with path and label.

    \b
      inkdigits train --images my_digits/ --out runs/mine
      inkdigits evaluate --model runs/mine/finetune.onnx --images my_other_digits/

    JAX cannot write ONNX: train with --backend jax, then give the same command with
    --backend tensorflow, which only does what is left.
    """
    from inkdigits.training.recipes import find_recipe  # noqa: PLC0415  # NumPy, OpenCV

    if show_recipes:
        _list_recipes()
        return
    _choose_backend(backend)
    choices, named = (data, seed, workers, limit), recipe or ("finetune" if images else "cnn")
    if recipe == _LINE:
        _train(_choose_line(epochs, start, images or teacher), out, choices, None)
        return
    chosen = find_recipe(named)
    chosen = replace(chosen, epochs=epochs or chosen.epochs)
    _train(_learn_from(chosen, start, tuple(map(str, teacher or ()))), out, choices, images)


def _learn_from(recipe: "Recipe", start: str | None, teachers: tuple[str, ...]) -> "Recipe":
    """Put in what was asked for. A model that is fine-tuned is its own teacher."""
    if start is None:
        return replace(recipe, teachers=teachers or recipe.teachers)
    if not recipe.start:
        raise TrainingError(recipe.name, "it begins with random weights", "--recipe finetune")
    return replace(recipe, start=start, teachers=teachers or (start,))


def _choose_line(epochs: int, start: str | None, refused: object) -> "LineRecipe":
    """Put in what was asked for what reads whole numbers."""
    from inkdigits.training.line_recipe import LINE  # noqa: PLC0415

    if refused:
        raise TrainingError(_LINE, "it learns from composed numbers", "no --images, no --teacher")
    epochs = epochs or LINE.epochs
    fewer = min(epochs, LINE.end_epochs)
    return replace(LINE, epochs=epochs, end_epochs=fewer, start=start or LINE.start)


def _train(
    recipe: "Recipe | LineRecipe",
    out: Path | None,
    choices: tuple[Path | None, int, int, int],
    images: Path | None,
) -> None:
    from inkdigits.training import line_run, run  # noqa: PLC0415  # ONNX Runtime
    from inkdigits.training.recipes import TrainOptions  # noqa: PLC0415

    data, seed, workers, limit = choices
    make: Any = line_run.train_line if recipe.name == _LINE else run.train
    with progress_bars() as tell:
        own = _read_own(images, tell)
        options = TrainOptions(data, seed, workers, tell, limit, own)
        model = make(recipe, out or Path("runs") / recipe.name, options)
    if own is not None:
        _show_changes(model)
    sys.stdout.write(f"{model}\n")


def _read_own(images: Path | None, tell: Tell) -> "Own | None":
    if images is None:
        return None
    from inkdigits.training.own import read_own  # noqa: PLC0415  # NumPy, OpenCV

    own = read_own(images, tell)
    for path, why in own.skipped:
        complain(f"not used: {path}: {why}")
    return own


def _show_changes(model: Path) -> None:
    """Show what fine-tuning has made better and worse, on samples that it did not learn from."""
    from inkdigits.model.card import card_path, read_card  # noqa: PLC0415
    from inkdigits.training.change import find_changes, judge_changes  # noqa: PLC0415

    card = read_card(card_path(model))
    own, changes = card.training["own"], find_changes(card)
    heads = ("On samples held back", "Before", "After")
    print_table(heads, [(one.about, percent(one.before), percent(one.after)) for one in changes])
    sys.stdout.write(f"{own['learned']} pictures learned, {own['held_back']} held back.\n")
    sys.stdout.write("".join(f"{told}\n" for told in judge_changes(changes)))


def _choose_backend(backend: str | None) -> None:
    if backend is None:
        return
    if backend not in _BACKENDS:
        raise TrainingError("backend", backend, f"one of {', '.join(_BACKENDS)}")
    # Keras reads it once, when it is imported, which is later.
    os.environ["KERAS_BACKEND"] = backend


def _list_recipes() -> None:
    from inkdigits.training.recipes import RECIPES  # noqa: PLC0415

    heads = ("Recipe", "Network", "Classes", "Epochs", "Samples an epoch", "Varied")
    print_table(heads, [*(_row(known) for known in RECIPES.values()), _line_row()])


def _line_row() -> tuple[str, ...]:
    from inkdigits.sample import SYMBOLS  # noqa: PLC0415  # NumPy
    from inkdigits.training.line_recipe import LINE  # noqa: PLC0415

    shown = f"{LINE.strips_per_epoch:,}"
    return LINE.name, "line", str(len(SYMBOLS)), str(LINE.all_epochs), shown, "yes"


def _row(recipe: "Recipe") -> tuple[str, ...]:
    samples = f"{recipe.samples_per_epoch:,}" if recipe.samples_per_epoch else "all"
    varied = "no" if recipe.augment is None else "yes"
    classes = str(recipe.classes)
    return recipe.name, recipe.architecture, classes, str(recipe.epochs), samples, varied
