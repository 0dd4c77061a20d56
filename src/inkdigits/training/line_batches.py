"""Strips and a recipe in → batches of strips of about one width out, whatever was resumed."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inkdigits.data.strip_augment import vary_strip
from inkdigits.data.strip_pool import StripPool
from inkdigits.errors import TrainingError
from inkdigits.model.line_model import PAPER
from inkdigits.sample import FRAME, STRIP_HEIGHT, SYMBOLS, Strip
from inkdigits.training.batches import cycle
from inkdigits.training.line_recipe import LineRecipe

LONGEST = 24
"""Symbols of a text; longer ones are not learned."""

_SORTED_TOGETHER = 32  # batches: sorting all of them would show the lengths in one order
_STEP = 16  # px: widths of batches are multiples, so that few shapes occur

Targets = NDArray[np.int32]
"""(N, LONGEST + 2): the places of the symbols, how many they are, and how many frames count."""


@dataclass(frozen=True, slots=True, eq=False)
class LinePlan:
    """What a run shows, epoch by epoch.

    Raises:
        TrainingError: there is nothing to learn from or to validate on.
    """

    pool: StripPool
    recipe: LineRecipe
    seed: int

    def __post_init__(self) -> None:
        held = int(self.pool.validation.sum())
        if not 0 < held < len(self.pool):
            found = f"{len(self.pool) - held} strips to learn from and {held} to validate on"
            raise TrainingError("strips", found, "at least one of each")

    def batches(self, epoch: int) -> list[NDArray[np.int64]]:
        """Lay out an epoch: places in the pool of each batch's strips, of similar width."""
        rng = np.random.default_rng((self.seed, epoch))
        train = np.flatnonzero(~self.pool.validation)
        order = cycle(train, self.recipe.strips_per_epoch, rng)
        found = _divide(order, self.pool.widths, self.recipe.batch_px)
        return [found[place] for place in rng.permutation(len(found)).tolist()]

    def make(
        self, indices: NDArray[np.int64], key: tuple[int, int]
    ) -> tuple[NDArray[np.float32], Targets]:
        """Fetch, vary and stack one batch; `key` is (epoch, number of the batch within it)."""
        rng = np.random.default_rng((self.seed, *key))
        pool, how = self.pool, self.recipe.augment
        strips = [vary_strip(pool.strip(index), rng, how) for index in indices.tolist()]
        return stack(strips, [str(text) for text in pool.text[indices]])


def stack(strips: list[Strip], texts: list[str]) -> tuple[NDArray[np.float32], Targets]:
    """Put strips of several widths into one batch, with `PAPER` or more of paper to their right.

    Returns:
        float32 (N, 32, W), W a multiple of 16; and the targets of the texts.
    """
    width = -(-(max(strip.shape[1] for strip in strips) + PAPER) // _STEP) * _STEP
    targets = np.zeros((len(strips), LONGEST + 2), np.int32)
    for row, (strip, text) in enumerate(zip(strips, texts, strict=True)):
        targets[row, : len(text)] = [SYMBOLS.index(symbol) for symbol in text]
        targets[row, LONGEST:] = len(text), strip.shape[1] // FRAME
    return stack_strips(strips, width), targets


def stack_strips(strips: Sequence[Strip], width: int) -> NDArray[np.float32]:
    """Put strips into one array, paper to the right of the narrower ones.

    Args:
        strips: float32 (32, W) each.
        width: of the array, px; that of the widest strip, or more.

    Returns:
        float32 (N, 32, width).
    """
    batch = np.zeros((len(strips), STRIP_HEIGHT, width), np.float32)
    for row, strip in enumerate(strips):
        batch[row, :, : strip.shape[1]] = strip
    return batch


def held_batches(pool: StripPool, batch_px: int) -> list[NDArray[np.int64]]:
    """Lay out the validation strips in batches."""
    return _divide(np.flatnonzero(pool.validation), pool.widths, batch_px)


def _divide(
    order: NDArray[np.int64], widths: NDArray[np.int64], batch_px: int
) -> list[NDArray[np.int64]]:
    """Sort strips by width, some batches' worth at a time, and cut where a batch is full."""
    batches: list[NDArray[np.int64]] = []
    mean = max(1.0, float(widths[order].mean()))
    step = max(1, int(_SORTED_TOGETHER * batch_px / mean))
    for start in range(0, len(order), step):
        part = order[start : start + step]
        part = part[np.argsort(widths[part], kind="stable")]
        first = 0
        while first < len(part):
            count = 1
            while (
                first + count < len(part) and widths[part[first + count]] * (count + 1) <= batch_px
            ):
                count += 1
            batches.append(part[first : first + count])
            first += count
    return batches
