"""A character, who writes it, and a style in → the ink of that character, to be placed, out."""

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from inkdigits.data.brush import draw_traces, shape_strokes, turn_and_slant
from inkdigits.data.number_marks import mark_strokes
from inkdigits.data.number_stock import Drawing, NumberStock, Writing
from inkdigits.data.number_style import NumberStyle
from inkdigits.data.number_ways import WAYS
from inkdigits.data.penmanship import trace, write
from inkdigits.data.strokes import Stroke
from inkdigits.data.style import Hand
from inkdigits.data.tables import read_table
from inkdigits.sample import CLASSES, SIDE, Ink

_Rng = np.random.Generator

DIGITS = frozenset(CLASSES)
"""What `draw_digit` draws."""


_SHAKE = 0.03  # of the digit's height: how far every point strays
_TURN = 10  # points of one zero of several
_STEADY = 0.6  # of the writers write a digit in one way
_OF_PENMANSHIP = 0.35  # of the rare ways; the others are those of quick hands


@dataclass(frozen=True, slots=True, eq=False)
class Patch:
    """The ink of one character, cropped; how far its foot is above the baseline, px; whether it
    is a separator.
    """

    ink: Ink
    above: float
    is_mark: bool = False


@dataclass(frozen=True, slots=True)
class Writer:
    """Who writes a number: his own digits, and those of others where he has none.

    Attributes:
        own: what he wrote.
        stock: what others wrote.
        images: whether he is of MNIST.
        habit: a number of his own, which decides which digits he writes in a rare way, and in
            which of the quick hands' ways. None for who writes each time anew.
    """

    own: Writing
    stock: NumberStock
    images: bool
    habit: int | None = None


def choose_writer(stock: NumberStock, style: NumberStyle, rng: _Rng) -> Writer:
    """Choose who writes, with MNIST's pictures or UNIPEN's strokes."""
    images = style.hand == "images" or (style.hand == "either" and rng.random() < 0.45)
    people = stock.images if images else stock.strokes
    own = people[rng.integers(len(people))] if people else {}
    steady = style.rare and rng.random() < _STEADY
    habit = int(rng.integers(2**32)) if steady else None
    return Writer(own, stock, images, habit)


def draw_digit(digit: str, writer: Writer, style: NumberStyle, rng: _Rng) -> Patch:
    """Draw a digit of a number, of the size and the hand that `style` says."""
    script = style.script
    height = style.height * float(np.clip(rng.normal(1, script.size_spread), 0.6, 1.5))
    above = style.height * float(rng.normal(0, script.base_spread))
    if digit == "0" and script.zero_size != 1:
        above += rng.uniform(0, 1 - script.zero_size) * height * (rng.random() < 0.5)
        height *= script.zero_size
        style = replace(style, script=replace(script, aspect=script.aspect * rng.uniform(1, 1.4)))
    drawing = _write_rarely(digit, writer, style, rng) or _find(digit, writer, rng)
    if isinstance(drawing, list):
        ink = _from_strokes(drawing, (1.9 * style.height, height), style, rng)
    else:
        ink = _from_image(drawing, height, style, rng)
    return Patch(ink, above)


def draw_zeros(count: int, style: NumberStyle, rng: _Rng) -> Patch:
    """Draw several zeros in one stroke of the pen."""
    script = style.script
    height = style.height * script.zero_size * rng.uniform(0.7, 1.1)
    above = style.height * float(rng.normal(0, script.base_spread))
    above += rng.uniform(0, max(0.0, style.height - height)) * (rng.random() < 0.3)
    most = (2 * count * height, height)
    return Patch(_from_strokes(write_zeros(count, rng), most, style, rng), above)


def write_quickly(digit: int, rng: _Rng, habit: _Rng | None = None) -> list[Stroke]:
    """Write a digit as a quick hand does.

    Args:
        digit: 0 to 9.
        rng: all randomness.
        habit: of the way and its proportions, if that is another: from the same state they are
            the same, as far as one person writes a digit twice alike.

    Returns:
        Strokes, (P, 2) each, about 1 high, y up.
    """
    ways, habit = WAYS[digit], habit or rng
    strokes = ways[habit.integers(len(ways))](habit)
    return [trace(points, _SHAKE, rng) for points in strokes]


def write_zeros(count: int, rng: _Rng) -> list[Stroke]:
    """Write zeros without lifting the pen: rings that hang together below or above.

    Args:
        count: at least 1.
        rng: all randomness.

    Returns:
        One stroke, (P, 2), about 1 high, y up; each ring takes as much room to the right.
    """
    points = (_coil if rng.random() < 0.5 else _linked)(count, rng)
    return [trace(points, 0.7 * _SHAKE, rng)]


def draw_mark(mark: str, writer: Writer, style: NumberStyle, rng: _Rng) -> Patch:
    """Draw a separator or another sign."""
    width, height, low = (style.height * rng.uniform(start, end) for start, end in _PLACES[mark])
    if mark == "-" and rng.random() < _LONG:
        width *= rng.uniform(1, 3)
    strokes = mark_strokes(mark, writer.stock, rng)
    level = replace(style, script=replace(style.script, aspect=1))
    return Patch(_from_strokes(strokes, (width, height), level, rng), low, is_mark=True)


def _write_rarely(digit: str, writer: Writer, style: NumberStyle, rng: _Rng) -> list[Stroke] | None:
    """Write a digit in a rare way, or say that it is not written so."""
    if not style.rare:
        return None
    rarely = habit = rng
    if writer.habit is not None:
        # Who rises to a 1 from the line crosses the 7: one of the two alone would be read as both.
        rarely = np.random.default_rng((writer.habit, 1 if digit == "7" else int(digit)))
        habit = np.random.default_rng((writer.habit, 10 + int(digit)))
    if rarely.random() >= style.rare:
        return None
    if habit.random() < _OF_PENMANSHIP:
        return write(int(digit), rng)
    return write_quickly(int(digit), rng, habit)


def _find(digit: str, writer: Writer, rng: _Rng) -> Drawing:
    others = writer.stock.other_images if writer.images else writer.stock.other_strokes
    drawings = writer.own.get(digit) or others.get(digit)
    if not drawings:  # in a small collection nobody wrote it
        return write(int(digit), rng)
    return drawings[rng.integers(len(drawings))]


_PLACES: dict[str, list[list[float]]] = read_table("data/number_marks.toml")
"""Of each mark the most width, the most height, and its foot above the baseline: from, to."""
_LONG = 0.25
"""Of the dashes are longer: nobody shall write on after an amount."""


def _from_strokes(
    strokes: list[Stroke], most: tuple[float, float], style: NumberStyle, rng: _Rng
) -> Ink:
    """Draw strokes as large as fits into `most`, width and height in px."""
    script, pen = style.script, max(1.0, style.tool.width * style.height)
    turn = float(rng.normal(0, script.turn_spread_deg))
    hand = Hand(turn, script.slant, script.aspect, rng.uniform(0, 0.012), int(rng.integers(0, 3)))
    traces = shape_strokes(strokes, hand, rng)
    low = np.min([trace.min(axis=0) for trace in traces], axis=0)
    extent = np.max([trace.max(axis=0) for trace in traces], axis=0) - low
    # A stroke is as wide as the pen whatever the size: only the middle line is scaled.
    room = np.maximum(np.array(most) - pen, 0.02 * style.height)
    scale = float((room / np.maximum(extent, 1e-3)).min())
    margin = np.ceil(pen / 2) + 2
    placed = [(trace - low) * scale + margin for trace in traces]
    size = np.ceil(extent * scale + 2 * margin).astype(int) + 1
    tool = replace(style.tool, width=pen)
    return _cropped(draw_traces(placed, (int(size[1]), int(size[0])), tool, rng))


def _from_image(image: NDArray[np.uint8], height: float, style: NumberStyle, rng: _Rng) -> Ink:
    """Enlarge an MNIST image: cubic, then a steep edge where the ink was."""
    script = style.script
    rows, columns = np.flatnonzero(image.max(axis=1) > 96), np.flatnonzero(image.max(axis=0) > 96)
    # A 1 that leans far is as long as other digits, not as high.
    tall = max(float(np.ptp(rows)) + 1, 0.8 * float(np.ptp(columns)) + 0.8, 10) if len(rows) else 20
    scale, angle = height / tall, float(rng.normal(0, script.turn_spread_deg))
    turn = turn_and_slant(Hand(angle, script.slant, script.aspect))
    wide = max(1.1, script.aspect + 0.1) + abs(script.slant)
    size = int(np.ceil(SIDE * scale * wide)), int(np.ceil(SIDE * scale * 1.15))
    warp = np.zeros((2, 3))
    warp[:, :2] = turn * scale
    warp[:, 2] = np.array(size) / 2 - warp[:, :2] @ np.full(2, (SIDE - 1) / 2)
    ink = np.asarray(image / np.float32(255), np.float32)
    large = cv2.warpAffine(ink, warp, size, flags=cv2.INTER_CUBIC)
    soft = cv2.GaussianBlur(large, (0, 0), max(0.5, 0.42 * scale))
    # At least so steep that paper is 0.
    steep = max(scale, 0.55 / script.edge) if style.tool.smooth_edge else 1e6
    edged = np.clip((soft - script.edge) * steep + 0.5, 0, 1)
    return _cropped(np.asarray(edged, np.float32))


def _cropped(ink: Ink) -> Ink:
    left, top, width, height = cv2.boundingRect((ink != 0).astype(np.uint8))
    return ink[top : top + height, left : left + width] if width else np.ones((1, 1), np.float32)


def _coil(count: int, rng: _Rng) -> NDArray[np.float64]:
    """Cross below each ring and go on along the line, like eee."""
    half, haste = rng.uniform(0.28, 0.6), rng.uniform(-0.2, 0.9)
    step = half * rng.uniform(1.5, 2.6)
    first, last = rng.uniform(-0.25, 0.1), rng.uniform(-0.15, 0.35)
    turn = np.linspace(first, count + last, round(_TURN * (count + last - first)))
    size = np.interp(turn, np.arange(count), rng.uniform(0.75, 1.0, count))
    # Between two rings the pen hurries to the right.
    x = step * (turn + haste * np.sin(2 * np.pi * turn) / (2 * np.pi))
    x += half * size * np.sin(2 * np.pi * turn)
    return np.stack([x, 0.5 * size * (1 - np.cos(2 * np.pi * turn))], axis=1)


def _linked(count: int, rng: _Rng) -> NDArray[np.float64]:
    """Close each ring above, and go on from there to the next, like ooo."""
    half, start = rng.uniform(0.3, 0.6), rng.uniform(0.1, 0.4) * np.pi
    step = half * rng.uniform(1.7, 2.8)
    rings = []
    for place in range(count):
        turn = start + np.linspace(0, rng.uniform(1.75, 2.15) * np.pi, _TURN)
        ring = np.stack([half * np.cos(turn), 0.5 + 0.5 * np.sin(turn)], axis=1)
        rings.append(ring * rng.uniform(0.75, 1.0) + (place * step, 0))
    if rng.random() < 0.4:  # a last stroke leads away
        end = (count - 1) * step + half * rng.uniform(1.2, 2.2)
        rings.append(np.array([[end, rng.uniform(0.6, 1.0)]]))
    return np.concatenate(rings)
