"""`inkdigits calibrate`: a model and pictures whose digits are known in, its card out."""

from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from inkdigits.cli.output import complain, percent
from inkdigits.cli.progress import progress_bars
from inkdigits.errors import DataError, FileError, ImageError, UnsupportedModel

if TYPE_CHECKING:
    from inkdigits.reader import Reader
    from inkdigits.training.scores import Validation

LEAST_OF_EACH = 10
"""Pictures of each digit: below it, one slip of the pen decides whether a digit is believed."""


def calibrate(
    model: Annotated[str, typer.Option(help="The path of a model file.")],
    images: Annotated[
        Path, typer.Option(help="Pictures whose digits are known: a folder or a CSV.")
    ],
    error: Annotated[
        float,
        typer.Option(min=0.0001, max=0.5, help="Share of errors allowed among the accepted."),
    ] = 0.01,
) -> None:
    """Find out how sure a model has to be for its answers to be believed.

    A model of your own answers with confidences that nobody has checked, so nothing it says is
    "accepted". This reads your pictures with it, compares its confidences with what is right, and
    writes the temperature and the thresholds to the card beside the file, from where `predict` and
    `serve` take them. Needed are 10 pictures of each digit; better are some hundreds, written by
    others than those whom the model has learned from.

    \b
      inkdigits calibrate --model mine.onnx --images scans/
      inkdigits calibrate --model mine.keras --images scans/labels.csv --error 0.003

    The pictures say what they show, as for `evaluate`: by folders 0 to 9 (and x for what is no
    digit), by how the file is called (7_marker.png), or by a CSV with the columns path and label.
    """
    from inkdigits.model.card import card_path, write_card  # noqa: PLC0415
    from inkdigits.model.loading import builtin_names, load_model  # noqa: PLC0415  # ONNX Runtime
    from inkdigits.reader import Reader  # noqa: PLC0415  # OpenCV
    from inkdigits.training.recipes import find_recipe  # noqa: PLC0415
    from inkdigits.training.scores import cross_score, fit_policy  # noqa: PLC0415

    if model in builtin_names():
        raise UnsupportedModel(model, "a shipped model, calibrated already", "a file of your own")
    loaded = load_model(model)
    validation = _read(Reader(loaded), images)
    recipe = replace(find_recipe("cnn"), classes=loaded.card.classes, target_error=error)
    policy, scores = fit_policy(validation, recipe), cross_score(validation, recipe)
    card = replace(
        loaded.card,
        temperature=policy.temperature,
        min_confidence=policy.min_confidence,
        max_not_a_digit=policy.max_not_a_digit,
        target_error=error,
        scores={**scores, "validation/pictures": len(validation.labels)},
    )
    path = card_path(Path(model))
    try:
        write_card(card, path)
    except OSError as fault:
        raise FileError(str(path), f"{fault.strerror}", "a card that can be written") from None
    for name, about in _SHOWN.items():
        if name in scores:  # where nothing is accepted, there are no errors among it
            typer.echo(f"{about:42} {percent(scores[name])}")
    typer.echo(f"fitted on {len(validation.labels)} pictures: {path}")


_SHOWN = {
    "validation/digits/accuracy": "best digit right",
    "validation/digits/accepted": "accepted, of pictures that were held out",
    "validation/digits/error_among_accepted": "wrong among these",
}


def _read(reader: "Reader", images: Path) -> "Validation":
    import numpy as np  # noqa: PLC0415

    from inkdigits.evaluation.suites import build_images  # noqa: PLC0415  # OpenCV
    from inkdigits.training.scores import Validation  # noqa: PLC0415

    suites = build_images(images)
    pictures = chain.from_iterable(suite.pictures() for suite in suites)
    samples, labels, total = [], [], sum(suite.count for suite in suites)
    with progress_bars() as tell:
        for number, picture in enumerate(pictures, 1):
            try:
                samples.append(reader.find_sample(picture.picture)[0])
                labels.append(picture.label)
            except ImageError as error:
                complain(f"{picture.name} is left out: {error}")
            tell("Reading pictures", number, total)
    found = np.bincount(np.array(labels, int), minlength=11)[:10]
    if found.min() < LEAST_OF_EACH:
        few = ", ".join(f"{count} of {digit}" for digit, count in enumerate(found))
        raise DataError(str(images), f"too few pictures: {few}", f"{LEAST_OF_EACH} of each digit")
    said = reader.model.logits(np.stack(samples))
    return Validation(said, np.array(labels), np.array(["images"] * len(labels)))
