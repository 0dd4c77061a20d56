"""A data folder in → plans for pictures of numbers, composed of held-out writers or real, out."""

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from inkdigits.data.labelled import Labelled
from inkdigits.data.number_stock import NumberStock, load_number_stock, load_test_stock
from inkdigits.data.number_style import NUMBER_STYLES, sample_number_style
from inkdigits.data.number_text import sample_digits
from inkdigits.data.numbers import compose_number
from inkdigits.data.pool import NOT_A_DIGIT
from inkdigits.data.render import render
from inkdigits.data.strokes import Stroke, load_stroke_set, read_arrays
from inkdigits.data.style import Frame, Hand, Style
from inkdigits.data.tables import read_table
from inkdigits.decision.number import to_number
from inkdigits.evaluation.suite import Plan, entry, generator
from inkdigits.evaluation.suites_sets import read_picture, tune_file, wild_files
from inkdigits.sample import SYMBOLS, Image

COMPOSED = 2_000
"""Pictures of each spacing: a share of 98 % is known to 0.3 points."""
_LENGTHS = (2, 13)
_MOST_PX = 1_500  # width of a number that is drawn
_LOW = 0.5  # of the highest stroke: lower ones are separators, and parts of digits
MISLABELLED: dict[tuple[int, str], str] = {
    (index, label): number
    for index, label, number in read_table("evaluation/labels.toml")["cheques"]
}
"""Which of the 1,080 cheques with which label → the number that is written there."""


def _plan_composed(folder: Path | None, name: str) -> Plan:
    group, _, spacing = name.partition("/")
    stock = _stock(folder, tested=group.endswith("-test"))
    seed_name = f"numbers-composed/{spacing}"  # the same numbers in the same styles by both

    def make(index: int) -> Labelled:
        rng = generator(seed_name, index)
        text = sample_digits(int(rng.integers(*_LENGTHS)), rng)
        picture = compose_number(stock, text, rng, sample_number_style(rng, spacing))
        return _labelled(picture.image, picture.label, f"{spacing}/{index}")

    return Plan(COMPOSED, make)


@lru_cache(maxsize=2)
def _stock(folder: Path | None, *, tested: bool) -> NumberStock:
    return load_test_stock(folder) if tested else load_number_stock(folder, held=True)


def _plan_wild(folder: Path | None, _name: str) -> Plan:
    files = wild_files(folder, "multi", str)

    def make(index: int) -> Labelled:
        path, label = files[index]
        return _labelled(read_picture(path), label, path.name)

    return Plan(len(files), make)


def _plan_cheques(folder: Path | None, name: str) -> Plan:
    corrected = MISLABELLED if name.endswith("-corrected") else {}
    names = ("pixels", "shape", "offset", "label")
    path = tune_file("orand_car_a.npz", folder)
    arrays = read_arrays(path, names, f"the arrays {', '.join(names)}")
    pixels, shape, offset, label = (arrays[name] for name in names)

    def make(index: int) -> Labelled:
        image = pixels[offset[index] : offset[index + 1]].reshape(shape[index])
        number = str(label[index])
        number = corrected.get((index, number), number)
        return _labelled(image, number, f"orand-car-a/{index}")

    return Plan(len(label), make)


def _plan_strokes(folder: Path | None, _name: str) -> Plan:
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


def _labelled(picture: Any, number: str, name: str) -> Labelled:
    return Labelled(picture, NOT_A_DIGIT, name, number)


NUMBERS = (
    *(
        entry(f"{group}/{spacing}", _plan_composed)
        for group in ("numbers-composed", "numbers-composed-test")
        for spacing in NUMBER_STYLES
    ),
    entry("numbers-wild", _plan_wild),
    entry("orand-car-a", _plan_cheques),
    entry("orand-car-a-corrected", _plan_cheques),
    entry("unipen-numbers", _plan_strokes),
)
