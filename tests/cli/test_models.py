import json
from collections.abc import Callable
from pathlib import Path

import pytest

from inkdigits.model import loading
from inkdigits.service import readers
from inkdigits.service.schemas import ModelsBody

from .conftest import Run


@pytest.fixture(autouse=True)
def _shipped(tiny_model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An installation that ships the tiny model only."""
    monkeypatch.setattr(loading, "_BUILTIN", tiny_model.parent)


def test_people_get_a_table_of_the_cards(inkdigits: Callable[..., Run]) -> None:
    run = inkdigits("models")
    assert (run.status, run.err) == (0, "")
    for text in ("tiny", "printed digits", "Apache-2.0"):
        assert text in run.out


def test_json_has_the_shape_of_the_services_answer(inkdigits: Callable[..., Run]) -> None:
    body = json.loads(inkdigits("models", "--json").out)
    # What else can be asked for is a matter of the service alone.
    assert ModelsBody.model_validate({**body, "features": []}).default == "tiny"
    assert body["models"][0]["scores"] == {"printed digits": 1.0}


def test_an_installation_without_models_lists_none(
    inkdigits: Callable[..., Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readers, "builtin_names", list)
    assert json.loads(inkdigits("models", "--json").out) == {"default": None, "models": []}
