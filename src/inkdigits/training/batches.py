"""A pool and a recipe in → augmented batches out, the same ones however often a run is resumed.

What a batch holds depends on (seed, epoch, number of the batch) alone: neither on how many
threads made it nor on where the run was started again.
"""

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from inkdigits.data.augment import augment_batch
from inkdigits.data.pool import Pool
from inkdigits.errors import TrainingError
from inkdigits.sample import Samples
from inkdigits.training.recipes import Recipe

Labels = NDArray[np.int8]
Indices = NDArray[np.int64]
Batch = TypeVar("Batch")


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


def order_epoch(plan: Plan, epoch: int) -> Indices:
    """Draw which samples an epoch shows, in order.

    Returns:
        Shape (steps * batch_size,), indices into the pool. Each source gets its share, and
        within a source no sample comes again before all others of it came.
    """
    rng = np.random.default_rng((plan.seed, epoch))
    train = np.flatnonzero(plan.pool.train)
    count = plan.steps * plan.batch_size
    shares = dict(plan.recipe.source_shares)
    if not shares:
        return _cycle(train, count, rng)
    # Rounded where the parts end, not how long they are: so they fill the epoch exactly.
    ends = np.cumsum([0.0, *shares.values()]) / sum(shares.values())
    counts = np.diff(np.rint(ends * count).astype(int))
    parts = [
        _cycle(train[plan.pool.source[train] == name], part, rng)
        for name, part in zip(shares, counts.tolist(), strict=True)
    ]
    return rng.permutation(np.concatenate(parts))


def make_batch(plan: Plan, indices: Indices, key: tuple[int, int]) -> tuple[Samples, Labels]:
    """Fetch and augment one batch.

    Args:
        plan: the run's.
        indices: shape (batch_size,), into the pool.
        key: (epoch, number of the batch within it).

    Returns:
        Samples, float32 (batch_size, 28, 28); labels, int8 (batch_size,).
    """
    samples = to_samples(plan.pool, indices)
    if plan.recipe.augment is not None:
        rng = np.random.default_rng((plan.seed, *key))
        samples = augment_batch(samples, rng, plan.recipe.augment)
    return samples, plan.pool.labels[indices]


def stream_batches(plan: Plan, first_epoch: int, workers: int) -> Iterator[tuple[Samples, Labels]]:
    """Make the batches of all epochs from `first_epoch` on, ahead of who consumes them.

    Args:
        plan: the run's.
        first_epoch: 0, or where a resumed run goes on.
        workers: threads that prepare batches.

    Returns:
        The batches in order, `plan.steps` an epoch.
    """
    jobs = (
        (indices, (epoch, batch))
        for epoch in range(first_epoch, plan.recipe.epochs)
        for batch, indices in enumerate(order_epoch(plan, epoch).reshape(plan.steps, -1))
    )
    return make_ahead(partial(make_batch, plan), jobs, workers)


def make_ahead(
    make: Callable[..., Batch], jobs: Iterator[tuple[Any, ...]], workers: int
) -> Iterator[Batch]:
    """Make a batch of each job in threads, in order, ahead of who consumes them.

    NumPy and OpenCV release the lock.
    """
    with ThreadPoolExecutor(max(1, workers), "batches") as threads:
        waiting: deque[Future[Batch]] = deque()
        try:
            for job in islice(jobs, 2 * max(1, workers)):
                waiting.append(threads.submit(make, *job))
            while waiting:
                batch = waiting.popleft().result()
                if (job_after := next(jobs, None)) is not None:
                    waiting.append(threads.submit(make, *job_after))
                yield batch
        finally:
            for future in waiting:
                future.cancel()


def _cycle(indices: Indices, count: int, rng: np.random.Generator) -> Indices:
    """Shuffle again and again, until there are `count`."""
    if not len(indices):
        raise TrainingError("pool", "a source without training samples", "at least one of each")
    rounds = -(-count // len(indices))
    return np.concatenate([rng.permutation(indices) for _ in range(rounds)])[:count]
