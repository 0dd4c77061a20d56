import json
from collections.abc import Callable
from pathlib import Path

import pytest

from inkdigits.cli.models import describe_input
from inkdigits.model import loading
from inkdigits.model.line_model import load_line_reader
from inkdigits.model.loading import load_model
from inkdigits.service import readers
from inkdigits.service.schemas import ModelsBody
from tests.tiny import write_model

from .conftest import Run


@pytest.fixture(autouse=True)
def _shipped(tiny_model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An installation that ships the tiny model only."""
    monkeypatch.setattr(loading, "_BUILTIN", tiny_model.parent)


def test_people_get_a_table_of_the_cards(inkdigits: Callable[..., Run]) -> None:
    run = inkdigits("models")
    assert (run.status, run.err) == (0, "")
    for text in ("tiny", "printed digits", "Apache-2.0", "lines of numbers"):
        assert text in run.out


def test_what_is_known_of_a_strange_file(inkdigits: Callable[..., Run], tmp_path: Path) -> None:
    path = write_model(tmp_path / "mine.onnx")
    path.with_suffix(".json").unlink()
    run = inkdigits("models", path)
    assert run.status == 0, run.err
    said = " ".join(run.out.split())
    assert "mine" in said
    body = json.loads(inkdigits("models", "--json", path).out)
    card = body["models"][0]
    assert (card["input_scale"], card["polarity"], card["min_confidence"]) == (1, "light_ink", None)
    assert "of 78 known digits right" in card["input_found"]
    assert "light ink, 0 to 1" in describe_input(load_model(path).card)
    assert describe_input(load_model(path).card).endswith("; not calibrated")
    assert describe_input(load_model("tiny").card) == ""


def test_json_has_the_shape_of_the_services_answer(inkdigits: Callable[..., Run]) -> None:
    body = json.loads(inkdigits("models", "--json").out)
    # What else can be asked for is a matter of the service alone.
    assert ModelsBody.model_validate({**body, "features": []}).default == "tiny"
    assert body["models"][0]["scores"] == {"printed digits": 1.0}
    assert body["line_reader"]["version"] == load_line_reader().card.version


def test_an_installation_without_models_lists_none(
    inkdigits: Callable[..., Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readers, "builtin_names", list)
    body = json.loads(inkdigits("models", "--json").out)
    assert (body["default"], body["models"], body["line_reader"]["name"]) == (None, [], "line")
