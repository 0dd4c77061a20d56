"""A network in → how many classes it has and what its answers are, found by asking it."""

from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from inkdigits.errors import BrokenModel, UnsupportedModel
from inkdigits.model.base import Network, shorten
from inkdigits.sample import SIDE

_SUM_TOLERANCE = 1e-3  # float16 sums of eleven probabilities stay within it
_CLASSES = (10, 11)


class Traits(NamedTuple):
    """What a network answers.

    Attributes:
        classes: 10 or 11.
        output: "probabilities" where no value is negative and each row sums to 1, else "logits".
    """

    classes: int
    output: Literal["logits", "probabilities"]


def probe(network: Network, path: str) -> Traits:
    """Ask a network a few samples. Warms it up as well.

    Args:
        network: just opened.
        path: only for the errors.

    Raises:
        UnsupportedModel: the answer is not (N, 10) or (N, 11).
        BrokenModel: the network fails, or answers something that is no finite number.
    """
    batch = _probes().reshape(-1, *network.input_shape)
    try:
        network.run(batch[:1])
        answer = network.run(batch)
    except Exception as error:  # noqa: BLE001 whatever a foreign network does wrong
        needed = f"an answer to {batch.shape}"
        raise BrokenModel(path, f"the model fails when asked: {shorten(error)}", needed) from None
    if answer.shape not in {(len(batch), classes) for classes in _CLASSES}:
        found = f"an answer of shape {answer.shape} to {len(batch)} samples"
        raise UnsupportedModel(path, found, "(N, 10), or (N, 11) with 'not a digit' last")
    if not np.isfinite(answer).all():
        raise BrokenModel(path, "answers that are no finite numbers", "sound weights")
    return Traits(answer.shape[1], "probabilities" if _sums_to_one(answer) else "logits")


def _probes() -> NDArray[np.float32]:
    # Blank, full, and noise: a logits model would have to sum to 1 on each of them.
    noise = np.random.default_rng(0).random((6, SIDE, SIDE), dtype=np.float32)
    ends = np.stack([np.zeros((SIDE, SIDE)), np.ones((SIDE, SIDE))])
    return np.concatenate([ends.astype(np.float32), noise])


def _sums_to_one(answer: NDArray[np.float32]) -> bool:
    return bool((answer >= 0).all() and (np.abs(answer.sum(axis=1) - 1) < _SUM_TOLERANCE).all())
