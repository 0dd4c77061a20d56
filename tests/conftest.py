"""What every test stands on: the same random numbers, and no settings of this machine."""

import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, settings

# A first run is green wherever it is: the same examples each time, and no clock has a say. To look
# for new ones: make test ARGS=--hypothesis-profile=explore
settings.register_profile(
    "steady",
    derandomize=True,
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("explore", settings.get_profile("steady"), derandomize=False)
settings.load_profile("steady")


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(0)


@pytest.fixture
def repo() -> Path:
    return Path(__file__).resolve().parents[1]


@pytest.fixture(autouse=True)
def _no_nice_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a machine with nothing idle they would get a hundredth of a core."""
    monkeypatch.setattr(os, "setpriority", lambda *_: None, raising=False)


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """A developer's INKDIGITS_… variables must not change what a test sees, data apart."""
    for name in os.environ:
        if name.startswith("INKDIGITS_") and name != "INKDIGITS_DATA":
            monkeypatch.delenv(name)
