"""A text and a stock of writers in → the picture of a number that one of them wrote out."""

from dataclasses import dataclass, replace

import numpy as np

from inkdigits.data.number_glyphs import choose_writer
from inkdigits.data.number_line import write_line
from inkdigits.data.number_sheet import lay_on_sheet, spoil
from inkdigits.data.number_stock import NumberStock
from inkdigits.data.number_style import NumberStyle, sample_number_style
from inkdigits.data.paper import paint, photograph
from inkdigits.sample import Box, Image


@dataclass(frozen=True, slots=True, eq=False)
class NumberPicture:
    """A number as somebody would upload it.

    Attributes:
        image: uint8, (H, W) grey or (H, W, 3) RGB.
        label: what is written, without spaces.
        boxes: where each character of the label stands, px of `image`.
    """

    image: Image
    label: str
    boxes: tuple[Box, ...]


def compose_number(
    stock: NumberStock, text: str, rng: np.random.Generator, style: NumberStyle | None = None
) -> NumberPicture:
    """Write a number in the hand of one writer, and take a picture of it.

    Digits that the writer has not written are borrowed from others of the same stock.

    Args:
        stock: who can write: `load_number_stock`.
        text: digits, `.,-/:$%()` and spaces, which are gaps; at least one character is no space.
        rng: all randomness; the same state gives the same picture.
        style: how, as `sample_number_style` draws it, also for one spacing of `NUMBER_STYLES`;
            a random one where None.
    """
    style = style or sample_number_style(rng)
    writer = choose_writer(stock, style, rng)
    if writer.images:  # what is drawn beside MNIST's digits has a pen like theirs
        style = replace(style, tool=replace(style.tool, width=0.2 - 0.22 * style.script.edge))
    line = write_line(text, writer, style, rng)
    cover, place = lay_on_sheet(line.ink, style, rng)
    if style.tool.grain:
        cover = cover * (1 - np.float32(style.tool.grain) * rng.random(cover.shape, np.float32))
    picture = photograph(paint(cover, style.ground, rng), style.camera, rng)
    scale = picture.shape[1] / cover.shape[1]
    moved = np.round((line.boxes + (place.left, place.top) * 2) * scale).astype(int)
    boxes = tuple(Box(x0, y0, x1 - x0, y1 - y0) for x0, y0, x1, y1 in moved.tolist())
    return NumberPicture(spoil(picture, style.sheet, rng), text.replace(" ", ""), boxes)
