"""A data folder in → plans for pictures of numbers, composed of held-out writers or real, out."""

import csv
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inkdigits.data.labelled import Labelled
from inkdigits.data.numbers import (
    NUMBER_STYLES,
    NumberStock,
    compose_number,
    load_number_stock,
    load_test_stock,
    sample_digits,
    sample_number_style,
)
from inkdigits.data.pool import NOT_A_DIGIT
from inkdigits.data.render import render
from inkdigits.data.strokes import Stroke, load_stroke_set
from inkdigits.data.style import Frame, Hand, Style
from inkdigits.decision.number import to_number
from inkdigits.errors import DataError
from inkdigits.evaluation.suite import Entry, Plan, generator
from inkdigits.evaluation.suites_sets import tune_file
from inkdigits.sample import SYMBOLS, Image

COMPOSED = 2_000
"""Pictures of each spacing: a share of 98 % is known to 0.3 points."""
_LENGTHS = (2, 13)
_MOST_PX = 1_500  # width of a number that is drawn
_LOW = 0.5  # of the highest stroke: lower ones are separators, and parts of digits
_COMPOSED_OF = (
    ("numbers-composed", "held-out writers", "training"),
    ("numbers-composed-test", "the writers of MNIST's test images", "test"),
)
"""Group, whose digits, in which of MNIST's images. The first are for tuning, too; on the others
nothing is chosen, but on their pens, which are those held out in both."""

_Corrections = Mapping[tuple[int, str], str]
"""Which picture with which label → the number that is written there."""
MISLABELLED: _Corrections = {
    (33, "2"): "109",
    (57, "611"): "671",
    (87, "59300"): "39300",
    (176, "97066"): "97060",
    (181, "13317"): "13817",
    (269, "11620"): "19620",
    (278, "11775"): "15775",
    (355, "7397"): "7393",
    (484, "10369"): "10362",
    (511, "153"): "15371",
    (526, "178"): "198",
    (534, "1111"): "1119",
    (563, "26304"): "28304",
    (585, "32711"): "32712",
    (625, "17746"): "17146",
    (699, "115711"): "11574",
    (774, "44000"): "40000",
    (783, "80800"): "89800",
    (845, "72107"): "22107",
    (1041, "5966"): "5965",
    (1063, "110800"): "110820",
}
"""Of the 1,080 cheques. Found by eye among those that line reader 6 read otherwise than labelled;
what may be read as labelled was left. A second reading, blind to labels and answers and with 39
other cheques among them, found each as it is here."""


def _plan_composed(folder: Path | None, spacing: str, *, tested: bool) -> Plan:
    stock = _stock(folder, tested=tested)
    name = f"numbers-composed/{spacing}"  # the same numbers in the same styles by both

    def make(index: int) -> Labelled:
        rng = generator(name, index)
        text = sample_digits(int(rng.integers(*_LENGTHS)), rng)
        picture = compose_number(stock, text, rng, sample_number_style(rng, spacing))
        return _labelled(picture.image, picture.label, f"{spacing}/{index}")

    return Plan(COMPOSED, make)


@lru_cache(maxsize=2)
def _stock(folder: Path | None, *, tested: bool) -> NumberStock:
    return load_test_stock(folder) if tested else load_number_stock(folder, held=True)


def _plan_wild(folder: Path | None) -> Plan:
    manifest = tune_file("wild/manifest.csv", folder)
    try:
        with manifest.open(encoding="utf-8-sig", newline="") as file:
            rows = [row for row in csv.DictReader(file) if row["group"] == "multi"]
        files = [(manifest.parent / row["path"], row["label"]) for row in rows]
    except (OSError, KeyError, TypeError, csv.Error) as error:
        needed = "a CSV with the columns group, label and path"
        raise DataError(str(manifest), f"cannot be read ({error!r})", needed) from error
    if not files:
        raise DataError(str(manifest), "no pictures of the group multi", "at least one")

    def make(index: int) -> Labelled:
        path, label = files[index]
        try:
            return _labelled(path.read_bytes(), label, path.name)
        except OSError as error:
            found = f"cannot be read ({error.strerror or error})"
            raise DataError(str(path), found, "a JPEG or PNG picture") from error

    return Plan(len(files), make)


def _plan_cheques(folder: Path | None, corrected: _Corrections) -> Plan:
    names = ("pixels", "shape", "offset", "label")
    pixels, shape, offset, label = _load(tune_file("orand_car_a.npz", folder), names)

    def make(index: int) -> Labelled:
        image = pixels[offset[index] : offset[index + 1]].reshape(shape[index])
        number = str(label[index])
        number = corrected.get((index, number), number)
        return _labelled(image, number, f"orand-car-a/{index}")

    return Plan(len(label), make)


def _plan_strokes(folder: Path | None) -> Plan:
    strokes = load_stroke_set(tune_file("unipen_numbers.npz", folder))
    labels = strokes.label.tolist()
    chosen = [i for i, text in enumerate(labels) if set(text) <= set(SYMBOLS) and to_number(text)]

    def make(index: int) -> Labelled:
        sample = chosen[index]
        image = _drawn(strokes.strokes_of(sample), generator("unipen-numbers", sample))
        return _labelled(image, labels[sample], f"unipen-numbers/{sample}")

    return Plan(len(chosen), make)


def _drawn(strokes: Sequence[Stroke], rng: np.random.Generator) -> Image:
    """Draw a number as composed ones are: so high, with such a pen, on such paper, no form."""
    style = sample_number_style(rng)
    whole = np.maximum(np.ptp(np.concatenate(strokes), axis=0), 1e-3)
    tall = _digit_height(strokes)
    digit = min(style.height, _MOST_PX * tall / whole[0])
    width, height = np.round((1.25 * whole / tall + 0.5) * digit).astype(int).tolist()
    tool = replace(style.tool, width=style.tool.width * tall / float(whole.max()))
    frame = Frame(height, width, share=1 / 1.25)
    return render(strokes, rng, Style(Hand(), frame, tool, style.ground, style.camera))


def _digit_height(strokes: Sequence[Stroke]) -> float:
    """How high most digits are, in the strokes' unit: dots and dashes are lower, slashes higher."""
    heights = np.array([np.ptp(stroke[:, 1]) for stroke in strokes])
    return max(float(np.median(heights[heights >= _LOW * heights.max()])), 1e-3)


def _load(path: Path, names: tuple[str, ...]) -> tuple[NDArray[Any], ...]:
    try:
        with np.load(path, allow_pickle=False) as arrays:
            return tuple(arrays[name] for name in names)
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        needed = f"the arrays {', '.join(names)}"
        raise DataError(str(path), f"cannot be read ({error})", needed) from error


def _labelled(picture: Any, number: str, name: str) -> Labelled:
    return Labelled(picture, NOT_A_DIGIT, name, number)


NUMBERS = (
    *(
        Entry(
            f"{group}/{spacing}",
            f"numbers of 2 to 12 {spacing} digits, composed of what {writers} wrote",
            "number",
            f"mnist {split} images, train/unipen_*.npz",
            partial(_plan_composed, spacing=spacing, tested=split == "test"),
        )
        for group, writers, split in _COMPOSED_OF
        for spacing in NUMBER_STYLES
    ),
    Entry(
        "numbers-wild",
        "numbers that people drew and photographed",
        "number",
        "tune/wild/manifest.csv",
        _plan_wild,
    ),
    Entry(
        "orand-car-a",
        "amounts on real cheques; never trained on",
        "number",
        "tune/orand_car_a.npz",
        partial(_plan_cheques, corrected={}),
    ),
    Entry(
        "orand-car-a-corrected",
        f"the same, {len(MISLABELLED)} wrong labels of which are corrected",
        "number",
        "tune/orand_car_a.npz",
        partial(_plan_cheques, corrected=MISLABELLED),
    ),
    Entry(
        "unipen-numbers",
        "numbers, dates, telephone numbers written with a pen, drawn anew; never trained on",
        "number",
        "tune/unipen_numbers.npz",
        _plan_strokes,
    ),
)
