"""Strips that can be learned in seconds: one bar is a 1, two are a 7, a thick one is a dash."""

import numpy as np

from inkdigits.data.strip_pool import StripPool

SHAPES = {"1": ((0, 3),), "7": ((0, 3), (7, 10)), "-": ((0, 9),)}


def draw(text: str) -> np.ndarray:
    strip = np.zeros((32, 16 * len(text) + 8), np.float32)
    for place, symbol in enumerate(text):
        for first, last in SHAPES[symbol]:
            strip[6:26, 16 * place + 8 + first : 16 * place + 8 + last] = 1
    return strip


def make_strips(count: int = 60) -> StripPool:
    rng = np.random.default_rng(3)
    texts = ["".join(rng.choice(list(SHAPES), rng.integers(1, 5))) for _ in range(count)]
    strips = [draw(text) for text in texts]
    return StripPool(
        columns=np.rint(np.concatenate([strip.T for strip in strips]) * 255).astype(np.uint8),
        offset=np.cumsum([0, *(strip.shape[1] for strip in strips)]),
        text=np.array(texts),
        kind=np.array(["any" if index % 8 else "spaced" for index in range(count)]),
        validation=np.arange(count) % 4 == 0,
        skipped=np.array([0]),
    )
