"""Samples in → logits out: what a model is, and the one that every file format fills."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from inkdigits.errors import BrokenModel, UnsupportedModel
from inkdigits.model.card import LAYOUTS, Card
from inkdigits.sample import Logits, Samples, check_samples

_BATCH = 512  # bounds the memory of the layers between, whatever comes in
_REASON = 200  # characters: a line, not a page
_SMALLEST = 1e-12  # log(0) has no place in a logit
NEEDED_SHAPE = (
    "one input of (N, 784), (N, 28, 28), (N, 28, 28, 1) or (N, 1, 28, 28), and one output"
)


class Model(Protocol):
    """Whatever reads samples."""

    @property
    def card(self) -> Card:
        """What has to be known of it."""

    def logits(self, samples: Samples) -> Logits:
        """Read a batch: float32 (N, 28, 28) → float32 (N, card.classes)."""


class Network(Protocol):
    """A loaded model file, in the layout and with the output that the file has."""

    @property
    def input_shape(self) -> tuple[int, ...]:
        """One of `LAYOUTS`, without the batch."""

    def run(self, batch: NDArray[np.float32]) -> NDArray[np.float32]:
        """Answer a batch: (N, *input_shape) → whatever the file answers; N at least 1."""


@dataclass(frozen=True, slots=True)
class LoadedModel:
    """A network and its card, as one `Model`. Safe to call from several threads."""

    card: Card
    network: Network
    path: str

    def logits(self, samples: Samples) -> Logits:
        """Read a batch.

        Args:
            samples: float32 (N, 28, 28), 0 paper to 1 ink; N may be 0.

        Returns:
            float32 (N, card.classes). Of a file that answers probabilities, their logarithm:
            softmax gives them back.

        Raises:
            SampleError: these are no samples.
            BrokenModel: the answer has another shape than the card says, or is not finite.
        """
        batch = check_samples(samples)
        if len(batch) == 1:
            return self._answer(batch)
        answers = np.empty((len(batch), self.card.classes), dtype=np.float32)
        for start in range(0, len(batch), _BATCH):
            answers[start : start + _BATCH] = self._answer(batch[start : start + _BATCH])
        return answers

    def _answer(self, batch: Samples) -> Logits:
        values = as_input(batch, self.card.input_scale, self.card.polarity)
        answer = self.network.run(values.reshape(-1, *self.network.input_shape))
        check_answer(answer, (len(batch), self.card.classes), self.path)
        if self.card.output == "probabilities":
            return np.log(np.maximum(answer, _SMALLEST), dtype=np.float32)
        return answer


def check_answer(answer: NDArray[np.float32], needed: tuple[int, ...], path: str) -> None:
    """Refuse an answer of another shape, or one that is not finite, as a BrokenModel."""
    if answer.shape != needed or not np.isfinite(answer).all():
        found = f"an answer of shape {answer.shape}, or one that is not finite"
        raise BrokenModel(path, found, f"finite numbers of shape {needed}")


def as_input(samples: Samples, scale: int, polarity: str) -> Samples:
    """Lay samples out the way a file has learned them: see `Card.input_scale` and `polarity`."""
    if (scale, polarity) == (1, "light_ink"):
        return samples
    return np.asarray((samples if polarity == "light_ink" else 1 - samples) * scale, np.float32)


def find_layout(shapes: Sequence[Sequence[object]], outputs: int, path: str) -> tuple[int, ...]:
    """Find how a file wants its samples.

    Args:
        shapes: of its inputs, with the batch; anything but an int is a free dimension.
        outputs: how many it has.
        path: only for the errors.

    Returns:
        The first of `LAYOUTS` that fits.

    Raises:
        UnsupportedModel: none fits, or there are more inputs or outputs than one.
    """
    if len(shapes) != 1 or outputs != 1:
        raise UnsupportedModel(path, f"{len(shapes)} inputs and {outputs} outputs", NEEDED_SHAPE)
    shape = tuple(shapes[0])
    for layout in LAYOUTS:
        if len(layout) + 1 == len(shape) and all(
            not isinstance(found, int) or found == needed
            for found, needed in zip(shape[1:], layout, strict=True)
        ):
            return layout
    raise UnsupportedModel(path, f"an input of shape {shape}", NEEDED_SHAPE)


def shorten(error: Exception) -> str:
    """Give what a foreign library says as one short line, for one of our own sentences."""
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return lines[0] if len(lines[0]) <= _REASON else f"{lines[0][:_REASON]}..."
