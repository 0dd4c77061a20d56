"""A network in training → the average of its weights over the last steps.

The average is kept here and not by the optimizer, for three reasons: it includes the statistics
of the normalizations, which must fit the weights; its memory grows with the run, so that the
first epochs are not validated with the weights of the start; and it is the same on every backend.

Source:
    Polyak and Juditsky, "Acceleration of stochastic approximation by averaging" (1992).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import keras
import numpy as np
from keras import ops
from numpy.typing import NDArray

EVERY = 32
"""Steps between two looks at the weights: reading them from a GPU takes a while."""

_Arrays = list[NDArray[Any]]


@dataclass(slots=True)
class Average:
    """An exponential average of all weights of a network.

    Attributes:
        momentum: what stays of it after a step, 0 to below 1; 0 is no average at all.
        steps: how many steps it has seen.
        weights: one array for each of the network's weights; empty before the first look.
    """

    momentum: float
    steps: int = 0
    weights: _Arrays = field(default_factory=list)

    def step(self, model: keras.Model) -> None:
        """Take note of a step that `model` has made."""
        self.steps += 1
        if not self.momentum or self.steps % EVERY:
            return
        now, looks = read_arrays(model.weights), self.steps // EVERY
        keep = min(self.momentum**EVERY, looks / (looks + 9.0)) if self.weights else 0.0
        before = self.weights or now
        self.weights = [
            (keep * old + (1 - keep) * new).astype(new.dtype)
            for old, new in zip(before, now, strict=True)
        ]

    @contextmanager
    def lent_to(self, model: keras.Model) -> Iterator[None]:
        """Give `model` the averaged weights for a while; nothing where there are none."""
        if not self.weights:
            yield
            return
        own = read_arrays(model.weights)
        write_arrays(model.weights, self.weights)
        try:
            yield
        finally:
            write_arrays(model.weights, own)


def read_arrays(variables: list[keras.Variable]) -> _Arrays:
    """Copy the values of variables."""
    return [np.array(ops.convert_to_numpy(variable.value)) for variable in variables]


def write_arrays(variables: list[keras.Variable], arrays: _Arrays) -> None:
    """Set variables to values of the same shapes."""
    for variable, array in zip(variables, arrays, strict=True):
        variable.assign(array)
