"""A network in → its classes, its kind of answer and of input, found by asking it."""

from itertools import product
from pathlib import Path
from typing import NamedTuple, get_args

import numpy as np
from numpy.typing import NDArray

from inkdigits.errors import BrokenModel, UnsupportedModel
from inkdigits.model.base import Network, as_input, shorten
from inkdigits.model.card import Output, Polarity
from inkdigits.sample import CLASSES, SIDE, Samples

_SUM_TOLERANCE = 1e-3  # float16 sums of eleven probabilities stay within it
_CLASSES = (10, 11)
_KNOWN = Path(__file__).parent / "builtin" / "known_digits.npz"
"""Drawn by this project (`tests/golden/draw_known.py`): uint8 (N, 28, 28), and their digits."""
_INPUTS = tuple(product((1, 255), get_args(Polarity)))  # what is as good as another: first
_LEAST_RIGHT = 0.5
"""Share of the known digits. A linear model of MNIST reads 0.8 of them, a blind one 0.1."""
_AS_RIGHT, _AS_LIKELY = 0.05, 0.3
"""Shares, and nats a digit, that mean nothing: a network without thresholds reads any scale."""


class Traits(NamedTuple):
    """What a network answers.

    Attributes:
        classes: 10 or 11.
        output: "probabilities" where no value is negative and each row sums to 1, else "logits".
    """

    classes: int
    output: Output


class Input(NamedTuple):
    """How a network has learned its samples, as on its card: scale, polarity, and who says so."""

    scale: int
    polarity: Polarity
    found: str


def probe(network: Network, path: str) -> Traits:
    """Ask a network a few samples. Warms it up as well.

    Args:
        network: just opened.
        path: only for the errors.

    Raises:
        UnsupportedModel: the answer is not (N, 10) or (N, 11).
        BrokenModel: the network fails, or answers something that is no finite number.
    """
    batch = _probes()
    _ask(network, batch[:1], path)
    answer = _ask(network, batch, path)
    if answer.shape not in {(len(batch), classes) for classes in _CLASSES}:
        found = f"an answer of shape {answer.shape} to {len(batch)} samples"
        raise UnsupportedModel(path, found, "(N, 10), or (N, 11) with 'not a digit' last")
    if not np.isfinite(answer).all():
        raise BrokenModel(path, "answers that are no finite numbers", "sound weights")
    sums_to_one = (np.abs(answer.sum(axis=1) - 1) < _SUM_TOLERANCE).all() and (answer >= 0).all()
    return Traits(answer.shape[1], "probabilities" if sums_to_one else "logits")


def find_input(network: Network, traits: Traits, path: str) -> Input:
    """Find out whether ink is 1 or 255 to a network, and light or dark: how does it read best?

    Args:
        network: of these traits.
        traits: of `probe`.
        path: only for the errors.

    Returns:
        The first of the ways under which it reads about as many known digits right as under any,
        and is about as sure of them; 1 and light ink, where it reads few under any.

    Raises:
        BrokenModel: the network fails.
    """
    with np.load(_KNOWN) as known:
        samples, digits = known["samples"].astype(np.float32) / 255, known["labels"]
    judged = {}
    for scale, polarity in _INPUTS:
        answer = _ask(network, as_input(samples, scale, polarity), path)[:, : len(CLASSES)]
        judged[scale, polarity] = _judge(answer, digits, traits.output)
    best = max(right for right, _ in judged.values())
    said = f"reads {round(best * len(digits))} of {len(digits)} known digits right"
    if best < _LEAST_RIGHT:
        return Input(*_INPUTS[0], f"not known: at best it {said}")
    good = {way: likely for way, (right, likely) in judged.items() if right >= best - _AS_RIGHT}
    way = next(way for way, likely in good.items() if likely >= max(good.values()) - _AS_LIKELY)
    return Input(*way, f"asked, it {said}")


def _judge(
    answer: NDArray[np.float32], digits: NDArray[np.uint8], output: str
) -> tuple[float, float]:
    """Give the share of digits that are right, and their mean log likelihood, nats."""
    logits = np.log(np.maximum(answer, 1e-12)) if output == "probabilities" else answer
    shifted = logits.astype(np.float64) - logits.max(axis=1, keepdims=True)
    likely = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    chosen = np.maximum(likely[np.arange(len(digits)), digits], np.log(1e-12))
    return float((answer.argmax(axis=1) == digits).mean()), float(chosen.mean())


def _ask(network: Network, samples: Samples, path: str) -> NDArray[np.float32]:
    batch = samples.reshape(-1, *network.input_shape)
    try:
        return network.run(batch)
    except Exception as error:  # noqa: BLE001 whatever a foreign network does wrong
        needed = f"an answer to {batch.shape}"
        raise BrokenModel(path, f"the model fails when asked: {shorten(error)}", needed) from None


def _probes() -> NDArray[np.float32]:
    # Blank, full, and noise: a logits model would have to sum to 1 on each of them.
    noise = np.random.default_rng(0).random((6, SIDE, SIDE), dtype=np.float32)
    ends = np.stack([np.zeros((SIDE, SIDE)), np.ones((SIDE, SIDE))])
    return np.concatenate([ends.astype(np.float32), noise])
