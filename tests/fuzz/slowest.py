"""A seed in, the pictures that take the reader longest out: made, and grown.

Half of the pictures are drawn from patterns that are costly by their nature: many pieces, many
holes, many rows. The others are changes of the worst ones so far. What counts is processor time.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from io import BytesIO

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image as Pillow

from .watched import Outcome, Read, Watched, explain_with_cnn, read_numbers, read_with_cnn

Random = np.random.Generator
Picture = NDArray[np.uint8]

MAX_BYTES = 64 * 1024
BARS: dict[str, tuple[Callable[[], Read], float]] = {
    "predict": (read_with_cnn, 0.25),
    "explain": (explain_with_cnn, 0.25),
    "numbers": (read_numbers, 1.0),
}
"""What reads, and the processor time that one picture may take, s of an idle core."""
_SIDES = (28, 60, 100, 160, 320, 640, 1_000, 1_999, 3_999)
_MOST_PX, _MOST_SIDE, _ASPECT = 4_000_000, 12_000, 40
_KEPT = 12
_FRESH = 0.4  # of all pictures are drawn anew


@dataclass(frozen=True, slots=True)
class Slow:
    """A picture, what it was read by, and what became of it."""

    by: str
    data: bytes
    picture: Picture
    outcome: Outcome


def search(seed: int, more: Callable[[], bool]) -> Iterator[Slow]:
    """Look for slow pictures as long as there is more time; give each that is slower than before.

    What is read by one reader is compared with what was read by the same.
    """
    rng = np.random.default_rng(seed)
    kept: dict[str, list[Slow]] = {by: [] for by in BARS}
    with ExitStack() as stack:
        watched = {by: stack.enter_context(closing(Watched(BARS[by][0]))) for by in BARS}
        while more():
            by = [*BARS][rng.integers(len(BARS))]
            found = next_picture([one.picture for one in kept[by]], rng)
            if (data := encoded(found)) is None:
                continue
            one = Slow(by, data, found, watched[by].read(data))
            if kept[by] and one.outcome.seconds > kept[by][0].outcome.seconds:
                again = watched[by].read(data)  # another program may have been in the way
                one = min(one, Slow(by, data, found, again), key=lambda own: own.outcome.seconds)
            best = not kept[by] or one.outcome.seconds > kept[by][0].outcome.seconds
            kept[by] = sorted([*kept[by], one], key=lambda own: -own.outcome.seconds)[:_KEPT]
            if best:
                yield one


def next_picture(worst: list[Picture], rng: Random) -> Picture:
    """Draw a picture, or change one of the worst so far."""
    if not worst or rng.random() < _FRESH:
        return crafted(rng)
    picture = worst[int(len(worst) * rng.random() ** 2)]
    for _ in range(min(4, int(rng.geometric(0.5)))):
        other = worst[rng.integers(len(worst))]
        picture = _CHANGES[rng.integers(len(_CHANGES))](picture, other, rng)
    return _within(picture)


def crafted(rng: Random) -> Picture:
    """Draw a picture of one costly pattern, of any size."""
    height, width = (int(_SIDES[rng.integers(len(_SIDES))]) for _ in range(2))
    height, width = _within(np.zeros((height, width), np.uint8)).shape
    drawn = _PATTERNS[rng.integers(len(_PATTERNS))](height, width, rng)
    edge = int(rng.integers(0, 12))
    if edge and min(height, width) > 3 * edge:
        frame = np.zeros_like(drawn)
        frame[edge:-edge, edge:-edge] = drawn[edge:-edge, edge:-edge]
        drawn = frame
    paper, ink = (255, int(rng.integers(0, 180))) if rng.random() < 0.8 else (0, 255)
    return np.where(drawn > 0, np.uint8(ink), np.uint8(paper))


def encoded(picture: Picture) -> bytes | None:
    """Write a PNG, in one bit where two tones are all; None where it is too large."""
    tones = np.unique(picture)
    file = BytesIO()
    image = Pillow.fromarray(picture)
    if set(tones.tolist()) <= {0, 255}:
        image = image.convert("1")
    image.save(file, "PNG", compress_level=9)
    return file.getvalue() if len(file.getvalue()) <= MAX_BYTES else None


def _within(picture: Picture) -> Picture:
    """Cut a picture to what is allowed."""
    picture = picture[:_MOST_SIDE, :_MOST_SIDE]
    height, width = picture.shape
    longest = _ASPECT * min(height, width)
    picture = picture[:longest, :longest]
    return np.ascontiguousarray(picture[: max(1, _MOST_PX // picture.shape[1])])


def _lattice(height: int, width: int, rng: Random) -> Picture:
    """Dots, grids, lines and combs."""
    y, x = np.mgrid[:height, :width]
    down, across = rng.integers(2, 30, 2)
    thick = int(rng.integers(1, max(2, min(down, across))))
    rows, columns = y % down < thick, x % across < thick
    some = rng.random((height, width)) < rng.choice([0.5, 0.9, 0.99])
    kinds = (rows & columns, rows | columns, rows, columns, rows ^ columns, columns & some)
    drawn = kinds[rng.integers(len(kinds))]
    if rng.random() < 0.3:
        drawn = drawn | (abs(y - height * rng.random()) < thick)
    return drawn.astype(np.uint8)


def _noise(height: int, width: int, rng: Random) -> Picture:
    """Grains, fine or coarse."""
    size = int(rng.integers(1, 16))
    small = rng.random((height // size + 1, width // size + 1)).astype(np.float32)
    how = cv2.INTER_NEAREST if rng.random() < 0.5 else cv2.INTER_CUBIC
    return (cv2.resize(small, (width, height), interpolation=how) < rng.random()).astype(np.uint8)


def _rings(height: int, width: int, rng: Random) -> Picture:
    """Rings and spirals."""
    y, x = np.mgrid[:height, :width]
    from_middle = np.hypot(y - height / 2, x - width / 2)
    turn = np.arctan2(y - height / 2, x - width / 2) / (2 * np.pi) * (rng.random() < 0.5)
    step = int(rng.integers(3, 30))
    return ((from_middle / step + turn) % 1 < rng.uniform(0.1, 0.7)).astype(np.uint8)


def _strokes(height: int, width: int, rng: Random) -> Picture:
    """Short strokes and figures, as of writing."""
    drawn = np.zeros((height, width), np.uint8)
    size, thick = float(rng.uniform(4, 60)), int(rng.integers(1, 6))
    for _ in range(min(3_000, int(height * width / size**2 * rng.uniform(0.3, 3)))):
        at = rng.uniform((0, 0), (width, height))
        points = [at, *(at + rng.uniform(-size, size, (int(rng.integers(1, 4)), 2)))]
        cv2.polylines(drawn, [np.int32(points)], bool(rng.random() < 0.3), 1, thick)
    return drawn


def _figures(height: int, width: int, rng: Random) -> Picture:
    """Rows of printed digits, close or apart."""
    drawn, scale = np.zeros((height, width), np.uint8), float(rng.uniform(0.3, 3))
    step = int(24 * scale * rng.uniform(0.8, 2))
    for y in range(step, height, step):
        text = "".join(rng.choice([*"0123456789-.,/()%$ "], min(400, int(width / 8 / scale) + 1)))
        cv2.putText(drawn, text, (4, y), int(rng.integers(0, 8)), scale, 1, int(rng.integers(1, 4)))
    return drawn


def _mix(picture: Picture, other: Picture, rng: Random) -> Picture:
    other = cv2.resize(other, picture.shape[::-1], interpolation=cv2.INTER_NEAREST)
    ways = (np.minimum, np.maximum, lambda a, b: np.hstack((a, b)), lambda a, b: np.vstack((a, b)))
    return np.asarray(ways[rng.integers(len(ways))](picture, other), np.uint8)


def _turn(picture: Picture, _: Picture, rng: Random) -> Picture:
    return np.ascontiguousarray(np.rot90(picture, int(rng.integers(1, 4))))


def _resize(picture: Picture, _: Picture, rng: Random) -> Picture:
    height, width = np.maximum(8, (picture.shape * rng.uniform(0.5, 2.0, 2)).astype(int)).tolist()
    how = cv2.INTER_NEAREST if rng.random() < 0.7 else cv2.INTER_AREA
    return np.asarray(cv2.resize(picture, (width, height), interpolation=how), np.uint8)


def _sprinkle(picture: Picture, _: Picture, rng: Random) -> Picture:
    hit = rng.random(picture.shape) < 10.0 ** rng.uniform(-4, -1)
    return np.where(hit, np.uint8(rng.integers(0, 256)), picture)


def _cut_out(picture: Picture, _: Picture, rng: Random) -> Picture:
    y, x = (np.array(picture.shape) * rng.random(2) * 0.4).astype(int)
    return np.ascontiguousarray(picture[y:, x:])


def _pattern(picture: Picture, _: Picture, rng: Random) -> Picture:
    drawn = _PATTERNS[rng.integers(len(_PATTERNS))](*picture.shape, rng)
    return np.where(drawn > 0, np.uint8(rng.choice([0, 255])), picture)


def _soften(picture: Picture, _: Picture, rng: Random) -> Picture:
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), float(rng.uniform(0.4, 2))), np.uint8)


_PATTERNS = (_lattice, _noise, _rings, _strokes, _figures)
_CHANGES = (_mix, _turn, _resize, _sprinkle, _cut_out, _pattern, _soften)
