import dataclasses
import hashlib
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from inkdigits.errors import BrokenModel, ModelNotFound, SampleError
from inkdigits.model.card import LineCard, card_path, read_line_card, write_card
from inkdigits.model.line_model import (
    LINE_CLASSES,
    PAPER,
    LineReader,
    load_line_reader,
)
from inkdigits.model.loading import LINE_NAME, builtin_names
from inkdigits.sample import SYMBOLS

SHIPPED = Path(str(load_line_reader().path))
CARD = LineCard("line", "1", "".join(SYMBOLS), "0a" * 32, licence="Ä")


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    path = tmp_path / "mine.onnx"
    path.write_bytes(SHIPPED.read_bytes())
    card_path(path).write_text(card_path(SHIPPED).read_text(encoding="utf-8"), encoding="utf-8")
    return path


@pytest.mark.parametrize("width", [16, 64, 100, 640])
def test_frames_are_probabilities(width: int) -> None:
    strip = np.random.default_rng(width).random((32, width), np.float32)
    frames = load_line_reader().log_probabilities(strip)
    assert frames.shape == (width // 2, LINE_CLASSES)
    assert frames.dtype == np.float32
    assert np.exp(frames).sum(axis=1) == pytest.approx(1, abs=1e-5)


class _Seen:
    """A session that keeps what it was given."""

    def get_inputs(self) -> list[Any]:
        return [SimpleNamespace(name="sample")]

    def run(self, _: None, values: dict[str, np.ndarray]) -> list[np.ndarray]:
        self.given = values["sample"]
        frames = self.given.shape[2] // 2
        return [np.repeat(np.arange(frames, dtype=np.float32)[None, :, None], LINE_CLASSES, 2)]


def test_the_network_sees_paper_to_the_right_and_its_frames_are_not_given() -> None:
    strip, seen = np.ones((32, 64), np.float32), _Seen()
    logits = LineReader(CARD, seen, "").logits(strip)
    assert np.array_equal(seen.given[0, :, :64], strip)
    assert seen.given.shape == (1, 32, 64 + PAPER)
    assert seen.given[0, :, 64:].max() == 0
    assert logits[:, 0].tolist() == list(range(32))


def test_the_temperature_is_the_cards(copied: Path) -> None:
    card = read_line_card(card_path(copied))
    write_card(dataclasses.replace(card, temperature=1e6), card_path(copied))
    strip = np.random.default_rng(0).random((32, 64), np.float32)
    frames = load_line_reader(copied).log_probabilities(strip)
    assert np.exp(frames) == pytest.approx(1 / LINE_CLASSES, abs=1e-4)


@pytest.mark.parametrize("shape", [(28, 28), (32, 30), (32,), (1, 32, 64)])
def test_what_is_no_strip_is_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(SampleError, match="a multiple of 4"):
        load_line_reader().log_probabilities(np.zeros(shape, np.float32))


def test_it_is_no_model_of_single_digits() -> None:
    assert LINE_NAME not in builtin_names()
    assert (SHIPPED.parent / f"{LINE_NAME}.onnx").is_file()


def test_the_shipped_card_says_what_the_file_is() -> None:
    card = load_line_reader().card
    assert card.sha256 == hashlib.sha256(SHIPPED.read_bytes()).hexdigest()
    assert card.licence.startswith("Apache-2.0")
    assert SHIPPED.stat().st_size <= 3_900_000
    assert {"mnist-train-images", "unipen_digits"} <= card.data.keys()
    assert "mnist-test-images" not in card.data


def test_files_that_are_not_what_their_card_says_are_refused(copied: Path) -> None:
    with pytest.raises(ModelNotFound):
        load_line_reader(copied.with_name("none.onnx"))
    copied.write_bytes(copied.read_bytes() + b"\0")
    with pytest.raises(BrokenModel, match="sha256"):
        load_line_reader(copied)


def test_a_reader_of_digits_is_no_line_reader(tmp_path: Path) -> None:
    path = tmp_path / "cnn.onnx"
    path.write_bytes((SHIPPED.parent / "cnn.onnx").read_bytes())
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    write_card(dataclasses.replace(CARD, sha256=digest), card_path(path))
    with pytest.raises(BrokenModel, match="input of shape"):
        load_line_reader(path)


def test_cards_are_written_and_read(tmp_path: Path) -> None:
    write_card(CARD, tmp_path / "line.json")
    assert read_line_card(tmp_path / "line.json") == CARD


@pytest.mark.parametrize(
    ("field", "value"),
    [("symbols", "0123"), ("temperature", 0), ("sha256", "00"), ("classes", 11), ("data", [])],
)
def test_wrong_fields_are_named(field: str, value: object, tmp_path: Path) -> None:
    path = tmp_path / "line.json"
    path.write_text(json.dumps({**dataclasses.asdict(CARD), field: value}), encoding="utf-8")
    with pytest.raises(BrokenModel, match=field):
        read_line_card(path)
