"""Stroke sets and a random generator in → things that are drawn and are no digit out.

The rule is to be sure rather than complete: a letter that somebody writes like a digit teaches
the model to refuse digits, while a kind of letter left out is refused a little later.
"""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from inkdigits.data.penmanship import cut_corners
from inkdigits.data.strokes import Stroke, StrokeSet
from inkdigits.data.tables import read_table
from inkdigits.sample import Image

_TABLE = read_table("data/negatives.toml")
LOOK_ALIKES: dict[str, str] = _TABLE["look_alikes"]
"""Which characters somebody writes like which digit."""
PIECES = ((0, "top"), (0, "bottom"), (2, "bottom"))
"""Halves of digits that are no digit themselves. An 8 would leave 0 or 3, a 9 0 or 1, a 4 or a 7
a 1; the left half of a 5 still reads as a 5."""

_BAR = 0.15
_LEVEL = 0.5


def choose_negatives(strokes: StrokeSet) -> NDArray[np.int64]:
    """Give the indices of the characters that nobody takes for a digit.

    Left out are all look-alikes, what has no shape of its own, and every character, whatever
    its label, that is but one upright or slanted bar: UNIPEN's letters are at times cut after
    the first stroke, and a bar is a 1. A level bar (a minus) stays: no digit looks like it.
    """
    banned = set(" ".join(LOOK_ALIKES.values()).split()) | set(_TABLE["without_shape"].split())
    allowed = np.flatnonzero(~np.isin(strokes.label, sorted(banned)))
    kept = [index for index in allowed.tolist() if not is_bar(strokes.strokes_of(index))]
    return np.array(kept, np.int64)


def is_bar(strokes: Sequence[Stroke]) -> bool:
    """Tell whether strokes make one straight bar that is not level, or nothing at all."""
    points = np.concatenate(strokes) if strokes else np.empty((0, 2))
    if len(np.unique(points, axis=0)) <= 1:
        return True
    centred = points - points.mean(axis=0)
    _, spread, axes = np.linalg.svd(centred, full_matrices=False)
    straight = len(spread) < 2 or spread[1] < _BAR * spread[0]
    return bool(straight and abs(axes[0, 1]) > _LEVEL * abs(axes[0, 0]))


def join_pair(
    first: Sequence[Stroke], second: Sequence[Stroke], rng: np.random.Generator
) -> list[Stroke]:
    """Write two digits side by side, close or touching, about as tall as each other."""
    left, right = _of_height_one(first), _of_height_one(second)
    size = float(rng.uniform(0.8, 1.25))
    gap = float(rng.uniform(-0.05, 0.2))
    edge = max(stroke[:, 0].max() for stroke in left) + gap
    start = min(stroke[:, 0].min() for stroke in right)
    shift = np.array([edge - start * size, rng.uniform(-0.15, 0.15)], np.float32)
    return [*left, *(stroke * np.float32(size) + shift for stroke in right)]


def cut_piece(strokes: Sequence[Stroke], part: str, rng: np.random.Generator) -> list[Stroke]:
    """Keep about half of a digit: its "top" or its "bottom". Strokes are cut in two there."""
    heights = np.concatenate(strokes)[:, 1]
    low, high = heights.min(), heights.max()
    share = rng.uniform(0.4, 0.55)
    limit = high - (high - low) * share if part == "top" else low + (high - low) * share
    kept = []
    for stroke in strokes:
        inside = stroke[:, 1] >= limit if part == "top" else stroke[:, 1] <= limit
        ends = np.flatnonzero(np.diff(inside)) + 1
        runs = zip(np.split(stroke, ends), np.split(inside, ends), strict=True)
        kept += [run for run, within in runs if within[0] and len(run) > 1]
    return kept


def scribble(rng: np.random.Generator) -> list[Stroke]:
    """Draw a scrawl, hatching, a star of lines, a minus, or a dot or two: what hands do idly."""
    kind = rng.choice(["scrawl", "hatching", "star", "level"], p=[0.55, 0.15, 0.2, 0.1])
    if kind == "scrawl":
        count = int(rng.integers(10, 40))
        knots = rng.uniform(-1, 1, (count, 2)) + np.cumsum(rng.normal(0, 0.15, (count, 2)), axis=0)
        return [cut_corners(knots, keep_ends=False)]
    if kind == "level":
        lines = np.linspace(0, rng.uniform(0.15, 0.6), int(rng.integers(1, 4)))
        return [np.array([[0, y], [1, y + rng.normal(0, 0.05)]], np.float32) for y in lines]
    count = int(rng.integers(4, 9))
    angles = np.linspace(0, np.pi, count, endpoint=False) + rng.uniform(0, np.pi)
    if kind == "star":
        ends = np.stack([np.cos(angles), np.sin(angles)], axis=1) * rng.uniform(0.6, 1, (count, 1))
        return [np.stack([-end, end]).astype(np.float32) for end in ends]
    turn = rng.uniform(0, np.pi)
    along, across = np.array([np.cos(turn), np.sin(turn)]), np.array([-np.sin(turn), np.cos(turn)])
    zigzag = [
        across * (i / count) * 2 + along * (i % 2 + rng.normal(0, 0.1)) for i in range(2 * count)
    ]
    return [np.array(zigzag, np.float32)]


def texture_image(rng: np.random.Generator) -> Image:
    """Make a picture of no strokes at all: noise, clouds, stripes or blots, 28 to 160 px."""
    side = int(rng.integers(28, 161))
    grain = int(rng.integers(1, max(2, side // 4)))
    small = rng.standard_normal((side // grain + 2, side // grain + 2), dtype=np.float32)
    if rng.random() < 0.2:
        small = np.tile(small[:1], (len(small), 1))
    cloud = cv2.resize(small, (side, side), interpolation=cv2.INTER_CUBIC)
    if rng.random() < 0.4:
        cloud = np.where(cloud > rng.uniform(-0.5, 1.5), 1.5, -1.5)
    values = rng.uniform(60, 200) + rng.uniform(20, 90) * cloud
    return np.asarray(np.clip(values, 0, 255).astype(np.uint8))


def _of_height_one(strokes: Sequence[Stroke]) -> list[Stroke]:
    points = np.concatenate(strokes)
    size = max(float(np.ptp(points[:, 1])), 0.3 * float(np.ptp(points[:, 0])), 1e-6)
    return [((stroke - points.min(axis=0)) / size).astype(np.float32) for stroke in strokes]
