"""The ink of a line and a style in → the ink on its sheet, with lines, patterns and dirt, out."""

import cv2
import numpy as np
from numpy.typing import NDArray

from inkdigits.data.number_style import NumberStyle, Sheet
from inkdigits.sample import Box, Ink

_Rng = np.random.Generator
_Marks = NDArray[np.uint8]


def lay_on_sheet(ink: Ink, style: NumberStyle, rng: _Rng) -> tuple[Ink, Box]:
    """Put a line of writing on a sheet.

    Returns:
        How much of each px is covered by pen or print, 0 to 1; and the place of the line on it.
        What lies outside is cut off.
    """
    left, top, right, bottom = (round(share * style.height) for share in style.sheet.margin)
    width, height = max(8, ink.shape[1] + left + right), max(8, ink.shape[0] + top + bottom)
    place = Box(left, top, ink.shape[1], ink.shape[0])
    sheet = np.zeros((height, width), np.float32)
    _paste(sheet, ink, (left, top))
    if style.sheet.neighbours:
        _add_neighbour(sheet, style, rng)
    if style.sheet.form != "none":
        marks = np.zeros((height, width), np.uint8)
        _FORMS[style.sheet.form](marks, place, (style, rng))
        np.maximum(sheet, marks * np.float32(style.sheet.form_strength / 255), out=sheet)
    if style.sheet.pattern != "none":
        pattern = _pattern((height, width), style, rng)
        sheet = np.asarray(1 - (1 - sheet) * (1 - pattern * style.sheet.pattern_strength))
    return np.asarray(sheet, np.float32), place


def spoil(image: NDArray[np.uint8], sheet: Sheet, rng: _Rng) -> NDArray[np.uint8]:
    """Add salt and pepper, or leave only two levels, as cheap scanners do."""
    if sheet.salt:
        image = image.copy()
        image[rng.random(image.shape[:2]) < sheet.salt] = 255 * int(rng.random() < 0.3)
    if not sheet.binary:
        return image
    grey = image if image.ndim == 2 else image.mean(axis=2).astype(np.uint8)
    level, _ = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    level += rng.normal(0, 6)
    return np.where(grey > level, 255, 0).astype(np.uint8)


def _paste(sheet: Ink, ink: Ink, corner: tuple[int, int]) -> None:
    left, top = corner
    x0, y0 = max(0, left), max(0, top)
    x1, y1 = min(sheet.shape[1], left + ink.shape[1]), min(sheet.shape[0], top + ink.shape[0])
    if x1 > x0 and y1 > y0:
        window = sheet[y0:y1, x0:x1]
        np.maximum(window, ink[y0 - top : y1 - top, x0 - left : x1 - left], out=window)


def _add_neighbour(sheet: Ink, style: NumberStyle, rng: _Rng) -> None:
    """Let a piece of the line above or below, or of a word beside, come into the picture."""
    height, width = sheet.shape
    pen = max(1, round(style.tool.width * style.height))
    marks = np.zeros(sheet.shape, np.uint8)
    for _ in range(int(rng.integers(1, 4))):
        x, y = rng.uniform(0, width), 0.0 if rng.random() < 0.5 else float(height)
        points = np.array([x, y]) + rng.normal(0, 0.16, (4, 2)) * style.height
        points = np.round(points * 16).astype(np.int32)
        cv2.polylines(marks, [points], False, 255, pen, cv2.LINE_AA, 4)  # noqa: FBT003 - cv2 takes it so
    edge = max(2, round(0.16 * style.height))
    marks[edge:-edge] = 0
    np.maximum(sheet, marks / np.float32(255), out=sheet)


_How = tuple[NumberStyle, _Rng]


def _underline(marks: _Marks, place: Box, how: _How) -> None:
    style, rng = how
    y = place.top + place.height + rng.uniform(-0.12, 0.2) * style.height
    _level(marks, y, how)
    if rng.random() < 0.1:
        _level(marks, y + 0.12 * style.height, how)


def _field(marks: _Marks, place: Box, how: _How) -> None:
    """A printed field: a line below, mostly one above, at times a whole box."""
    style, rng = how
    top = place.top - rng.uniform(0.0, 0.35) * style.height
    bottom = place.top + place.height + rng.uniform(-0.08, 0.3) * style.height
    _level(marks, bottom, how)
    if rng.random() < 0.7:
        _level(marks, top, how)
    for side in (place.left, place.left + place.width):
        if rng.random() < 0.3:
            x = side + rng.uniform(0.0, 0.3) * style.height * (1 if side > place.left else -1)
            _upright(marks, x, (top, bottom), how)


def _rules(marks: _Marks, place: Box, how: _How) -> None:
    style, rng = how
    step = style.height * rng.uniform(0.8, 2.2)
    base = place.top + place.height + rng.uniform(-0.5, 0.15) * style.height
    for y in np.arange(base % step, marks.shape[0], step):
        _level(marks, float(y), how)


def _squares(marks: _Marks, _: Box, how: _How) -> None:
    style, rng = how
    step = style.height * rng.uniform(0.35, 1.2)
    for y in np.arange(rng.uniform(0, step), marks.shape[0], step):
        _level(marks, float(y), how)
    for x in np.arange(rng.uniform(0, step), marks.shape[1], step):
        _upright(marks, float(x), (0, marks.shape[0]), how)


def _comb(marks: _Marks, place: Box, how: _How) -> None:
    """Boxes or combs of one width; the digits were not written to keep to them."""
    style, rng = how
    top = place.top - rng.uniform(0.05, 0.35) * style.height
    bottom = place.top + place.height + rng.uniform(0.05, 0.35) * style.height
    tooth = top if rng.random() < 0.6 else bottom - 0.4 * style.height
    step = style.height * rng.uniform(0.9, 1.4)
    start = place.left - rng.uniform(0.1, 0.5) * step
    for x in np.arange(start, place.left + place.width + step, step):
        _upright(marks, float(x), (tooth, bottom), how)
    _level(marks, bottom, how)
    if tooth == top:
        _level(marks, top, how)


_FORMS = {
    "underline": _underline,
    "field": _field,
    "rules": _rules,
    "squares": _squares,
    "comb": _comb,
}


def _level(marks: _Marks, y: float, how: _How) -> None:
    style, rng = how
    tilt = rng.normal(0, 0.006) * marks.shape[1]
    ends = np.round(np.array([[-1, y], [marks.shape[1] + 1, y + tilt]]) * 16).astype(int).tolist()
    _draw(marks, ends, style)


def _upright(marks: _Marks, x: float, ends: tuple[float, float], how: _How) -> None:
    points = np.round(np.array([[x, ends[0]], [x, ends[1]]]) * 16).astype(int).tolist()
    _draw(marks, points, how[0])


def _draw(marks: _Marks, ends: list[list[int]], style: NumberStyle) -> None:
    thick = max(1, round(style.height * 0.035))
    cv2.line(marks, ends[0], ends[1], 255, thick, cv2.LINE_AA, 4)


def _pattern(shape: tuple[int, int], style: NumberStyle, rng: _Rng) -> Ink:
    """Print what makes cheques hard to copy: families of waves, hatching, or a grain."""
    if style.sheet.pattern == "grain":
        noise = rng.standard_normal((shape[0] // 2 + 1, shape[1] // 2 + 1), dtype=np.float32)
        return np.asarray(np.clip(cv2.resize(noise, shape[::-1]) * 0.5 + 0.3, 0, 1), np.float32)
    y, x = np.mgrid[: shape[0], : shape[1]].astype(np.float32) / style.height
    total = np.zeros(shape, np.float32)
    waving = style.sheet.pattern == "waves"
    for _ in range(int(rng.integers(1, 4))):
        angle = rng.normal(0, 0.4) if waving else rng.uniform(0, np.pi)
        along, across = (
            np.cos(angle) * x + np.sin(angle) * y,
            np.cos(angle) * y - np.sin(angle) * x,
        )
        if waving:
            bend = np.sin(along * rng.uniform(0.4, 4) + rng.uniform(0, 6))
            across = across + rng.uniform(0.05, 0.5) * bend
        wave = np.sin(across * 2 * np.pi / rng.uniform(0.1, 0.35) + rng.uniform(0, 6))
        np.maximum(total, np.clip((wave - rng.uniform(0.2, 0.8)) * 3, 0, 1), out=total)
    return total
