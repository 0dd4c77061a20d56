"""A text, who writes it, and a style in → the ink of the line and each character's box out."""

import re
from dataclasses import dataclass, replace
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from inkdigits.data.number_glyphs import DIGITS, Patch, Writer, draw_digit, draw_mark, draw_zeros
from inkdigits.data.number_style import NumberStyle
from inkdigits.sample import Ink

_Rng = np.random.Generator
Boxes = NDArray[np.float64]
"""(N, 4): left, top, right, bottom, px."""

_SMALL = 0.66
"""Raised cents are so high, of the other digits."""
_PART = 0.6, 1.0
"""So high are the digits before and after the slash of a fraction."""
_MOST_CONTACT = 0.5
"""Of the rows that two characters share, they touch or overlap in no more than this."""
_MARK_APART = 1.6
"""Separators come no closer to digits than this, px."""


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """A line of writing on its own canvas, cropped to its ink."""

    ink: Ink
    boxes: Boxes


@dataclass(frozen=True, slots=True, eq=False)
class _Placed:
    text: str  # one character, or zeros in one stroke
    patch: Patch
    left: int
    top: int

    @property
    def box(self) -> tuple[int, int, int, int]:
        height, width = self.patch.ink.shape
        return self.left, self.top, self.left + width, self.top + height


def write_line(text: str, writer: Writer, style: NumberStyle, rng: _Rng) -> Line:
    """Write `text`; its spaces stay empty and have no box."""
    placed = _place(text, writer, style, rng)
    canvas, boxes = _paste(placed)
    left, top = boxes[:, :2].min(axis=0)
    for pair in pairwise(placed):
        zeros = _are_zeros(*pair)
        share = max(style.spacing.ligature, style.script.zeros_joined * zeros)
        if rng.random() < share:
            points = _bridge(pair, (style, rng), low=0.2 if zeros else 0.6) - (left, top)
            _draw(canvas, points, (style, rng))
    shares = _shared_out(placed, boxes - (left, top, left, top))
    return _turned(Line(canvas, shares), style.script.slope_deg)


def _place(text: str, writer: Writer, style: NumberStyle, rng: _Rng) -> list[_Placed]:
    placed: list[_Placed] = []
    space, phase, index = 0.0, rng.uniform(0, 2 * np.pi), 0
    levels = _levels(text, style, rng)
    for unit in _units(text, style, rng):
        size, raised = levels[index]
        index += len(unit)
        if unit == " ":
            space = style.height * rng.uniform(0.25, 0.9)
            continue
        patch = _draw_unit(unit, writer, replace(style, height=style.height * size), rng)
        left = _left_of(placed, (style, rng)) + space
        bend = style.script.bend * style.height * np.sin(left / (3 * style.height) + phase)
        bottom = -patch.above - raised * style.height - bend
        placed.append(_Placed(unit, patch, round(left), round(bottom) - patch.ink.shape[0]))
        if len(placed) > 1 and not space:
            pair = placed[-2], placed[-1]
            placed[-1] = _moved(*pair, (_closer(style) if _are_zeros(*pair) else style, rng))
        space = 0.0
    return placed


def _units(text: str, style: NumberStyle, rng: _Rng) -> list[str]:
    """Divide a text into what is drawn at once: characters, and zeros in one stroke."""
    share = style.script.zeros_chained
    if not share:
        return list(text)
    units: list[str] = []
    for zeros, other in re.findall("(00+)|(.)", text):
        units += [zeros] if zeros and rng.random() < share else list(zeros or other)
    return units


def _draw_unit(unit: str, writer: Writer, style: NumberStyle, rng: _Rng) -> Patch:
    if len(unit) > 1:
        return draw_zeros(len(unit), style, rng)
    return (draw_digit if unit in DIGITS else draw_mark)(unit, writer, style, rng)


def _are_zeros(first: _Placed, second: _Placed) -> bool:
    return first.text[-1] == second.text[0] == "0"


def _closer(style: NumberStyle) -> NumberStyle:
    """Let zeros touch more often than other digits, as far as `zeros_joined` says."""
    spacing, share = style.spacing, style.script.zeros_joined
    if share <= spacing.joined:
        return style
    return replace(style, spacing=replace(spacing, joined=share, least=min(spacing.least, -0.06)))


def _levels(text: str, style: NumberStyle, rng: _Rng) -> list[tuple[float, float]]:
    """Give how large each character is, and how far it is raised, as shares of the height."""
    level = [(1.0, 0.0)] * len(text)
    if style.script.small_cents and (cents := re.search(r"[.,](\d\d)$", text)):
        level[cents.start(1) :] = [(_SMALL, 1 - _SMALL)] * 2
    if style.script.fractions and (parts := re.search(r"(?<!/)\b(\d\d?)/(\d\d?)(?!/)\b", text)):
        size, high, low = rng.uniform(*_PART), rng.uniform(0.1, 0.6), rng.uniform(0, 0.5)
        level[slice(*parts.span(1))] = [(size, high)] * len(parts[1])
        level[slice(*parts.span(2))] = [(size, -low)] * len(parts[2])
    return level


def _left_of(placed: list[_Placed], how: tuple[NumberStyle, _Rng]) -> float:
    """Give where the next box would begin, if the gap was between boxes."""
    if not placed:
        return 0.0
    style, rng = how
    spacing = style.spacing
    gap = rng.normal(spacing.gap, spacing.spread) * style.height
    return placed[-1].box[2] + gap


def _moved(first: _Placed, second: _Placed, how: tuple[NumberStyle, _Rng]) -> _Placed:
    """Move the second so that its outline keeps the distance from the first that is wanted."""
    style, rng = how
    spacing, unit = style.spacing, style.height
    distances = _distances(first, second)
    away = float(distances.min())
    wanted = second.left - first.box[2]
    shift = spacing.kern * (wanted - away)
    apart = first.patch.is_mark or second.patch.is_mark  # what touches a digit reads as its part
    least = spacing.least * unit
    if rng.random() < spacing.joined and not apart:
        least = min(least, 0.0)
        shift = rng.uniform(least, 0) - 1 - away
    shift = max(shift, (max(least, _MARK_APART) if apart else least - 1) - away)
    # Two that touch all along are one block, in which nobody could tell the 1s of an 11.
    clear = 1 - float(np.quantile(distances, _MOST_CONTACT))
    # However they are kerned, the order of the two stays what it was.
    middle = first.left + 0.35 * first.patch.ink.shape[1] - second.left
    return replace(second, left=second.left + round(max(shift, clear, middle)))


def _distances(first: _Placed, second: _Placed) -> NDArray[np.float64]:
    """Give the horizontal distance of two outlines in each row that they share, px.

    Of their boxes, alone, where they share none.
    """
    top, bottom = max(first.top, second.top) - 2, min(first.box[3], second.box[3]) + 2
    boxes = float(second.left - first.box[2])
    if bottom - top < 4:
        return np.array([boxes])
    right = _profile(first.patch.ink[:, ::-1], first.top, (top, bottom))
    left = _profile(second.patch.ink, second.top, (top, bottom))
    # Two px up or down is near, too.
    near = cv2.erode(right, np.ones((5, 1), np.uint8))
    return np.asarray(boxes + near + left, np.float64).ravel()


def _profile(ink: Ink, top: int, rows: tuple[int, int]) -> NDArray[np.float32]:
    """Give how far the ink is from the left border in each row, (R, 1) float32."""
    drawn = ink > 0.3
    depth = np.where(drawn.any(axis=1), drawn.argmax(axis=1), ink.shape[1]).astype(np.float32)
    whole = np.full(rows[1] - rows[0], np.float32(ink.shape[1]))
    low, high = max(rows[0], top), min(rows[1], top + len(depth))
    whole[low - rows[0] : high - rows[0]] = depth[low - top : high - top]
    return whole[:, None]


def _paste(placed: list[_Placed]) -> tuple[Ink, NDArray[np.int64]]:
    boxes = np.array([one.box for one in placed], np.int64)
    left, top = boxes[:, :2].min(axis=0)
    right, bottom = boxes[:, 2:].max(axis=0)
    canvas = np.zeros((int(bottom - top), int(right - left)), np.float32)
    for one, (x0, y0, x1, y1) in zip(placed, boxes.tolist(), strict=True):
        window = canvas[y0 - top : y1 - top, x0 - left : x1 - left]
        np.maximum(window, one.patch.ink, out=window)
    return canvas, boxes


def _shared_out(placed: list[_Placed], boxes: NDArray[np.int64]) -> Boxes:
    """Give each of the zeros in one stroke its share of the stroke's box."""
    whole: list[list[float]] = []
    for one, (left, top, right, bottom) in zip(placed, boxes.tolist(), strict=True):
        ends = np.linspace(left, right, len(one.text) + 1).tolist()
        whole += [[start, top, end, bottom] for start, end in pairwise(ends)]
    return np.array(whole, np.float64)


def _bridge(
    pair: tuple[_Placed, _Placed], how: tuple[NumberStyle, _Rng], *, low: float
) -> NDArray[np.float64]:
    """Lead a stroke from one character to the next, as a pen that is not lifted does.

    Args:
        pair: the two characters.
        how: style and randomness.
        low: share of strokes that leave the lower half.

    Returns:
        Points, (P, 2).
    """
    style, rng = how
    below = bool(rng.random() < low)
    start = _end_of(pair[0], right=True, low=below)
    end = _end_of(pair[1], right=False, low=below if rng.random() < 0.5 else not below)
    sag = np.array([0, style.height * rng.uniform(-0.05, 0.2) * (1 if below else -1)])
    middle = (start + end) / 2 + sag
    along = np.linspace(0, 1, 10)[:, None]
    return np.asarray(
        (1 - along) ** 2 * start + 2 * along * (1 - along) * middle + along**2 * end, np.float64
    )


def _draw(canvas: Ink, points: NDArray[np.float64], how: tuple[NumberStyle, _Rng]) -> None:
    style, rng = how
    pen = max(1, round(style.tool.width * style.height * rng.uniform(0.5, 1)))
    drawn = np.zeros(canvas.shape, np.uint8)
    ends = [np.round(points * 16).astype(np.int32)]
    cv2.polylines(drawn, ends, False, 255, pen, cv2.LINE_AA, 4)  # noqa: FBT003 - cv2 takes it so
    np.maximum(canvas, drawn / np.float32(255), out=canvas)


def _end_of(one: _Placed, *, right: bool, low: bool) -> NDArray[np.float64]:
    """Give the outermost point of a character on one side, in its lower or its upper half."""
    ink = one.patch.ink
    half = ink.shape[0] // 2
    rows = np.s_[half:] if low else np.s_[: max(1, half)]
    ys, xs = np.nonzero(ink[rows] > 0.5)
    if not len(xs):
        ys, xs = np.array([0]), np.array([0])
    index = int(xs.argmax() if right else xs.argmin())
    return np.array([one.left + xs[index], one.top + ys[index] + (half if low else 0)], float)


def _turned(line: Line, angle_deg: float) -> Line:
    """Let the line rise or fall."""
    if abs(angle_deg) < 0.3:
        return line
    height, width = line.ink.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), angle_deg, 1.0)
    corners = np.array([[0, 0], [width, 0], [0, height], [width, height]], float)
    turned = corners @ matrix[:, :2].T
    low = turned.min(axis=0)
    size = np.ceil(turned.max(axis=0) - low).astype(int)
    move: NDArray[np.float64] = np.hstack([matrix[:, :2], -low[:, None]]).astype(np.float64)
    ink = np.asarray(cv2.warpAffine(line.ink, move, (int(size[0]), int(size[1]))), np.float32)
    boxes = np.array([_box_of(box, move) for box in line.boxes])
    return Line(np.clip(ink, 0, 1), boxes)


def _box_of(box: NDArray[np.float64], matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    x0, y0, x1, y1 = box
    middle = np.array([(x0 + x1) / 2, (y0 + y1) / 2]) @ matrix[:, :2].T + matrix[:, 2]
    half = np.array([x1 - x0, y1 - y0]) / 2  # a small turn leaves a character its size
    return np.concatenate([middle - half, middle + half])
