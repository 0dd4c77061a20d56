"""A pool that can be learned in seconds: bars at ten places, and dots that are no digit."""

import importlib
import os
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from inkdigits.data.pool import NOT_A_DIGIT, Pool, PoolSpec
from inkdigits.training.recipes import Recipe

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

TINY = Recipe(
    name="tiny",
    version="1",
    architecture="tiny",
    classes=11,
    pool=PoolSpec(),
    augment=None,
    epochs=3,
    batch_size=32,
    learning_rate=0.01,
)


@pytest.fixture(scope="session")
def keras() -> Any:
    """Keras, or the test is skipped; in CI it must be there."""
    try:
        return importlib.import_module("keras")
    except ImportError:
        if os.environ.get("CI"):
            raise
        pytest.skip("keras is not installed")


@pytest.fixture(scope="session")
def room(keras: Any) -> Callable[[str], Any]:
    """Import one of this room's modules that load Keras."""
    assert keras
    return lambda name: importlib.import_module(f"inkdigits.training.{name}")


def make_pool(count: int = 440) -> Pool:
    """Digit d is a bar at place d; every eleventh sample shows dots, label 10."""
    rng = np.random.default_rng(3)
    labels = (np.arange(count) % 11).astype(np.int8)
    samples = np.zeros((count, 28, 28), np.uint8)
    for sample, label in zip(samples, labels, strict=True):
        if label == NOT_A_DIGIT:
            sample[rng.integers(4, 24, 12), rng.integers(4, 24, 12)] = 255
        else:
            sample[4:24, 3 + 2 * label : 6 + 2 * label] = rng.integers(180, 256)
    held = np.arange(count) % 4 == 0
    source = np.where(labels == NOT_A_DIGIT, "composed", "mnist")
    inputs = np.array([["mnist-train-images", "0" * 64]])
    nobody, none = np.full(count, ""), np.empty((0, 2), np.str_)
    return Pool(samples, labels, source, nobody, ~held, held, inputs, none)


@pytest.fixture
def pool() -> Pool:
    return make_pool()


@pytest.fixture
def recipe() -> Callable[..., Recipe]:
    """The tiny recipe, with some of its hyperparameters changed."""
    return lambda **changes: replace(TINY, **changes)
