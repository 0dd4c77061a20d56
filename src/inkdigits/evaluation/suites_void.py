"""A random generator in → plans for pictures that show nothing, or nothing to be read, out."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from inkdigits.data.labelled import Labelled, encode_png
from inkdigits.data.negatives import scribble, texture_image
from inkdigits.data.paper import paint, photograph
from inkdigits.data.pool import NOT_A_DIGIT
from inkdigits.data.render import render
from inkdigits.data.style import BLACK, WHITE, Camera, Ground
from inkdigits.evaluation.suite import Plan, entry, generator
from inkdigits.evaluation.suites_drawn import paint_style

_Pixels = NDArray[np.uint8]


def _scribble(rng: np.random.Generator, _index: int) -> _Pixels:
    return render(scribble(rng), rng, paint_style(rng))


def _blank(rng: np.random.Generator, index: int) -> _Pixels:
    """Make an empty canvas: white, black, coloured, transparent in turn, then a sheet of paper."""
    height, width = rng.integers(28, 401, 2).tolist()
    if index % 2:
        return _empty_sheet((height, width), rng)
    colours = [WHITE, BLACK, rng.integers(0, 256, 3).tolist(), (0, 0, 0, 0)]
    colour = np.array(colours[index // 2 % len(colours)], np.uint8)
    return np.asarray(np.full((height, width, len(colour)), colour))


def _empty_sheet(size: tuple[int, int], rng: np.random.Generator) -> _Pixels:
    """Photograph paper with nothing on it, under an uneven light, with a camera's noise."""
    tone = int(rng.integers(150, 246))
    ground = Ground(paper=(tone, tone, tone - int(rng.integers(0, 20))), ink=BLACK)
    slope, vignette, noise = rng.uniform(0, (0.35, 0.25, 0.02))
    camera = Camera(slope=slope, vignette=vignette, blur=0.7, noise=noise)
    return photograph(paint(np.zeros(size, np.float32), ground, rng), camera, rng)


def _noise(rng: np.random.Generator, index: int) -> _Pixels:
    """Make noise of one kind in turn: even, Gaussian about a grey, black and white."""
    side = int(rng.integers(28, 129))
    if index % 3 == 0:
        return rng.integers(0, 256, (side, side), np.uint8)
    if index % 3 == 1:
        values = rng.normal(rng.uniform(60, 200), rng.uniform(15, 60), (side, side))
        return np.asarray(np.clip(np.rint(values), 0, 255).astype(np.uint8))
    return np.asarray((rng.random((side, side)) < rng.uniform(0.05, 0.95)) * np.uint8(255))


def _texture(rng: np.random.Generator, _index: int) -> _Pixels:
    """Make clouds, blots, and stripes that lie level: an upright one is a 1."""
    image = texture_image(rng)
    return np.ascontiguousarray(image.T) if (image == image[0]).all() else image


_Draw = Callable[[np.random.Generator, int], _Pixels]


def _plan(_folder: Path | None, name: str, draw: _Draw, count: int) -> Plan:
    kind = name.rpartition("/")[2]

    def make(index: int) -> Labelled:
        picture = encode_png(draw(generator(kind, index), index))
        return Labelled(picture, NOT_A_DIGIT, f"{kind}/{index}")

    return Plan(count, make)


VOID = tuple(
    entry(f"not-a-digit/{name}", partial(_plan, draw=draw, count=count))
    for name, draw, count in (
        ("scribbles", _scribble, 500),
        ("blank", _blank, 200),
        ("noise", _noise, 300),
        ("textures", _texture, 300),
    )
)
