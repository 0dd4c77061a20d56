"""Cards: what is written is read back; what is wrong is named by its field."""

import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inkdigits.errors import BrokenModel
from inkdigits.model.card import LAYOUTS, Card, card_path, read_card, write_card

CARD = Card("cnn", "1", 11, (28, 28, 1), "logits", "0a" * 32, recipe={"epochs": 3}, licence="Ä")

cards = st.builds(
    Card,
    name=st.text(min_size=1),
    version=st.text(min_size=1),
    classes=st.sampled_from([10, 11]),
    input_shape=st.sampled_from(LAYOUTS),
    output=st.sampled_from(["logits", "probabilities"]),
    sha256=st.text("0123456789abcdef", min_size=64, max_size=64),
    preprocessing=st.sampled_from(["line", "classic"]),
    temperature=st.floats(0.01, 100),
    input_scale=st.sampled_from([1, 255]),
    polarity=st.sampled_from(["light_ink", "dark_ink"]),
    input_found=st.text(),
    min_confidence=st.none() | st.floats(0, 1),
    max_not_a_digit=st.none() | st.floats(0, 1),
    data=st.dictionaries(st.text(), st.text()),
    scores=st.dictionaries(st.text(), st.floats(0, 1)),
)


def write_changed(tmp_path: Path, **changes: Any) -> Path:
    path = tmp_path / "cnn.json"
    path.write_text(json.dumps(dataclasses.asdict(CARD) | changes), encoding="utf-8")
    return path


@given(card=cards)
def test_a_card_comes_back_as_it_was(card: Card, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.getbasetemp() / "round.json"
    write_card(card, path)
    assert read_card(path) == card


def test_a_card_lies_beside_its_model() -> None:
    assert card_path(Path("models") / "a.b.keras") == Path("models") / "a.b.json"


def test_what_has_a_default_may_be_left_out(tmp_path: Path) -> None:
    path = tmp_path / "short.json"
    required = ("name", "version", "classes", "input_shape", "output", "sha256")
    path.write_text(json.dumps({name: dataclasses.asdict(CARD)[name] for name in required}))
    assert read_card(path) == dataclasses.replace(CARD, recipe={}, licence="")


@pytest.mark.parametrize("field", ["name", "version", "classes", "input_shape", "output", "sha256"])
def test_a_missing_field_is_named(tmp_path: Path, field: str) -> None:
    values = dataclasses.asdict(CARD)
    del values[field]
    path = tmp_path / "cnn.json"
    path.write_text(json.dumps(values))
    with pytest.raises(BrokenModel, match=f"no field '{field}'"):
        read_card(path)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", 7),
        ("version", 1.1),
        ("classes", 12),
        ("classes", True),
        ("classes", 10.0),
        ("input_shape", [32, 32]),
        ("input_shape", 784),
        ("output", "softmax"),
        ("sha256", "ABC"),
        ("preprocessing", "plain"),
        ("temperature", 0),
        ("temperature", True),
        ("temperature", float("nan")),
        ("temperature", "1"),
        ("min_confidence", 1.01),
        ("max_not_a_digit", -0.01),
        ("target_error", None),
        ("recipe", []),
        ("data", {"mnist": 1}),
        ("scores", "good"),
        ("training", None),
        ("licence", None),
    ],
)
def test_a_wrong_value_is_named_with_the_file_and_what_is_needed(
    tmp_path: Path, field: str, value: Any
) -> None:
    path = write_changed(tmp_path, **{field: value})
    with pytest.raises(BrokenModel) as error:
        read_card(path)
    assert error.value.path == str(path)
    assert f"field '{field}' is " in error.value.found
    assert error.value.needed.startswith(f"{field}: ")


def test_a_misspelt_field_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BrokenModel, match="unknown field 'temprature'"):
        read_card(write_changed(tmp_path, temprature=2))


def test_a_long_wrong_value_is_cut(tmp_path: Path) -> None:
    with pytest.raises(BrokenModel) as error:
        read_card(write_changed(tmp_path, sha256="x" * 10_000))
    assert len(str(error.value)) < 500


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[1]", b"null", b"\xff\xfe", b"[" * 100_000, b'{"name": "cnn"}']
)
def test_what_is_no_card_is_one_clear_error(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "cnn.json"
    path.write_bytes(content)
    with pytest.raises(BrokenModel, match=r"cnn\.json"):
        read_card(path)


def test_a_card_that_could_not_be_read_back_is_not_written(tmp_path: Path) -> None:
    path = tmp_path / "cnn.json"
    with pytest.raises(BrokenModel, match="sha256"):
        write_card(dataclasses.replace(CARD, sha256=""), path)
    assert not path.exists()
