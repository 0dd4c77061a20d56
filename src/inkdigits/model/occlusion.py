"""A model and a sample in → how much each pixel's ink carried the decision out.

A small window is wiped to paper wherever there is ink, all of these samples are read as one
batch, and what the answer loses is laid on the pixels that were wiped.

Source: Zeiler and Fergus, "Visualizing and Understanding Convolutional Networks" (ECCV 2014),
section 4.2. Theirs is a grey square and the probability of the class; ours is paper, which is
what a sample without this ink looks like, and the log-odds, since a probability of 0.9999
hardly moves whatever is wiped.
"""

import numpy as np
from numpy.typing import NDArray

from inkdigits.model.base import Model
from inkdigits.sample import SIDE, Logits, Sample, Samples

WINDOW = 4
"""px of a sample: two strokes wide, so that a wiped stroke is gone."""
STEP = 2
_STARTS = range(0, SIDE - WINDOW + 1, STEP)

Map = NDArray[np.float32]
"""float32 (28, 28), nats; above 0 the ink spoke for the class, below 0 against it."""


def map_occlusion(model: Model, sample: Sample, chosen: int) -> Map:
    """Find out which ink of a sample carried the decision.

    Args:
        model: which decided. It reads one batch of at most 169 samples.
        sample: (28, 28), 0 paper to 1 ink.
        chosen: the class that is to be explained, 0 to `model.card.classes` - 1.

    Returns:
        (28, 28), float32, nats: by how much the calibrated log-odds of `chosen` fall when a
        window of `WINDOW` px is wiped, as the mean over the windows that hold the pixel.
        0 where no window holds ink.
    """
    places, occluded = _wipe(sample)
    logits = model.logits(np.concatenate((sample[np.newaxis], occluded)))
    odds = _log_odds(logits / model.card.temperature, chosen)
    total, count = np.zeros((SIDE, SIDE)), np.zeros((SIDE, SIDE))
    for top in _STARTS:
        for left in _STARTS:
            count[top : top + WINDOW, left : left + WINDOW] += 1
    for (top, left), lost in zip(places, odds[0] - odds[1:], strict=True):
        total[top : top + WINDOW, left : left + WINDOW] += lost
    return np.asarray(total / count, np.float32)


def _wipe(sample: Sample) -> tuple[list[tuple[int, int]], Samples]:
    """Wipe each window that holds ink: their places, and one sample for each."""
    windows = ((top, left) for top in _STARTS for left in _STARTS)
    places = [(y, x) for y, x in windows if sample[y : y + WINDOW, x : x + WINDOW].any()]
    occluded = np.repeat(sample[np.newaxis], len(places), axis=0)
    for wiped, (top, left) in zip(occluded, places, strict=True):
        wiped[top : top + WINDOW, left : left + WINDOW] = 0
    return places, occluded


def _log_odds(logits: Logits, chosen: int) -> NDArray[np.float64]:
    """The chosen class against all others together, (N,), nats."""
    others = np.delete(logits.astype(np.float64), chosen, axis=1)
    highest = others.max(axis=1)
    against = highest + np.log(np.exp(others - highest[:, np.newaxis]).sum(axis=1))
    return np.asarray(logits[:, chosen] - against, np.float64)
