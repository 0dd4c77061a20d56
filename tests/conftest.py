"""What every test stands on: the same random numbers, and no settings of this machine."""

import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import settings

# In CI a failure must come back on the next run, and a slow machine is no defect.
settings.register_profile("ci", derandomize=True, deadline=None, print_blob=True)
settings.register_profile("here", deadline=None)
settings.load_profile("ci" if os.environ.get("CI") else "here")


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(0)


@pytest.fixture
def repo() -> Path:
    return Path(__file__).resolve().parents[1]


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """A developer's INKDIGITS_… variables must not change what a test sees, data apart."""
    for name in os.environ:
        if name.startswith("INKDIGITS_") and name != "INKDIGITS_DATA":
            monkeypatch.delenv(name)
