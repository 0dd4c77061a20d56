"""A pool and a recipe in → augmented batches out, the same ones however often a run is resumed.

What a batch holds depends on (seed, epoch, number of the batch) alone: neither on how many
threads made it nor on where the run was started again.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from typing import Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from inkdigits.data.augment import augment_batch
from inkdigits.data.pool import Pool
from inkdigits.errors import TrainingError
from inkdigits.sample import Samples
from inkdigits.training.recipes import Recipe

Labels = NDArray[np.int8]
Indices = NDArray[np.int64]
Batch_co = TypeVar("Batch_co", covariant=True)


class BatchPlan(Protocol[Batch_co]):
    """Which batches make up an epoch, and how each of them is made."""

    def batches(self, epoch: int) -> Iterable[Indices]:
        """Draw which samples each batch of an epoch shows, in order."""

    def make(self, indices: Indices, key: tuple[int, int]) -> Batch_co:
        """Fetch and augment one batch; `key` is (epoch, number of the batch within it)."""


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """Which batches make up an epoch.

    Attributes:
        pool: where the samples lie.
        recipe: batch size, shares of the sources, augmentation.
        seed: of the run.
        batch_size: the recipe's, or fewer where the pool is smaller.
        steps: batches an epoch; what does not fill a batch waits for another epoch.
    """

    pool: Pool
    recipe: Recipe
    seed: int
    batch_size: int
    steps: int

    def batches(self, epoch: int) -> Indices:
        """Draw which samples an epoch shows, in order.

        Returns:
            Shape (steps, batch_size), indices into the pool. Each source gets its share, and
            within a source no sample comes again before all others of it came.
        """
        rng = np.random.default_rng((self.seed, epoch))
        train = np.flatnonzero(self.pool.train)
        count, shares = self.steps * self.batch_size, dict(self.recipe.source_shares)
        if not shares:
            return cycle(train, count, rng).reshape(self.steps, -1)
        # Rounded where the parts end, not how long they are: so they fill the epoch exactly.
        ends = np.cumsum([0.0, *shares.values()]) / sum(shares.values())
        counts = np.diff(np.rint(ends * count).astype(int))
        parts = [
            cycle(train[self.pool.source[train] == name], part, rng)
            for name, part in zip(shares, counts.tolist(), strict=True)
        ]
        return rng.permutation(np.concatenate(parts)).reshape(self.steps, -1)

    def make(self, indices: Indices, key: tuple[int, int]) -> tuple[Samples, Labels]:
        """Fetch and augment one batch: float32 (batch_size, 28, 28), and int8 (batch_size,)."""
        samples = to_samples(self.pool, indices)
        if self.recipe.augment is not None:
            rng = np.random.default_rng((self.seed, *key))
            samples = augment_batch(samples, rng, self.recipe.augment)
        return samples, self.pool.labels[indices]


def to_samples(pool: Pool, indices: Indices) -> Samples:
    """Give some of a pool's samples as a network reads them: float32 (N, 28, 28), 0 to 1."""
    return pool.samples[indices].astype(np.float32) / np.float32(255)


def plan_batches(pool: Pool, recipe: Recipe, seed: int) -> Plan:
    """Lay out the epochs of a run.

    Raises:
        TrainingError: there is nothing to learn from or to validate on, a label is beyond the
            recipe's classes, or a source of the recipe is not in the pool.
    """
    learned, held = int(pool.train.sum()), int(pool.validation.sum())
    if not learned or not held:
        found = f"{learned} samples to learn from and {held} to validate on"
        raise TrainingError("pool", found, "at least one of each")
    if pool.labels.max() >= recipe.classes:
        found = f"label {pool.labels.max()}"
        raise TrainingError("pool", found, f"labels for {recipe.classes} classes")
    missing = {name for name, _ in recipe.source_shares} - set(np.unique(pool.source).tolist())
    if missing:
        raise TrainingError("pool", f"nothing from {sorted(missing)}", "every source of the recipe")
    count = recipe.samples_per_epoch or learned
    size = min(recipe.batch_size, count)
    return Plan(pool, recipe, seed, size, count // size)


def stream_batches(plan: BatchPlan[Batch_co], epochs: range, workers: int) -> Iterator[Batch_co]:
    """Make the batches of epochs in order, in threads, ahead of who consumes them.

    NumPy and OpenCV release the lock.
    """
    jobs = (
        (indices, (epoch, number))
        for epoch in epochs
        for number, indices in enumerate(plan.batches(epoch))
    )
    with ThreadPoolExecutor(max(1, workers), "batches") as threads:
        waiting: deque[Future[Batch_co]] = deque()
        try:
            for job in islice(jobs, 2 * max(1, workers)):
                waiting.append(threads.submit(plan.make, *job))
            while waiting:
                batch = waiting.popleft().result()
                if (job_after := next(jobs, None)) is not None:
                    waiting.append(threads.submit(plan.make, *job_after))
                yield batch
        finally:
            for future in waiting:
                future.cancel()


def cycle(indices: Indices, count: int, rng: np.random.Generator) -> Indices:
    """Shuffle again and again, until there are `count`."""
    if not len(indices):
        raise TrainingError("pool", "a source without training samples", "at least one of each")
    rounds = -(-count // len(indices))
    return np.concatenate([rng.permutation(indices) for _ in range(rounds)])[:count]
