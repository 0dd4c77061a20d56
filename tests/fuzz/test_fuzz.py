"""Whatever comes: image errors only, soon. In process, by Hypothesis; over HTTP, in e2e."""

import time
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inkdigits import Reader, load_model
from inkdigits.errors import ImageError
from tests.tiny import write_model

from .__main__ import hostile_file, report
from .mutation import mutate
from .seeds import small_seeds
from .watched import Outcome

FILES = [*small_seeds().values()]


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    return Reader(load_model(write_model(tmp_path_factory.mktemp("model") / "tiny.onnx")))


@settings(max_examples=400, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 2**64 - 1))
def test_the_reader_bears_hostile_files(reader: Reader, seed: int) -> None:
    data = mutate(FILES, np.random.default_rng(seed))
    start = time.process_time()
    with suppress(ImageError):
        prediction = reader.predict_digit(data)
        assert np.isfinite(prediction.probabilities).all()
        assert prediction.box is not None
        assert min(prediction.box.left, prediction.box.top) >= 0
        assert min(prediction.box.width, prediction.box.height) > 0
    assert time.process_time() - start < 5


@given(st.binary(max_size=300), st.sampled_from(FILES), st.floats(0, 1))
def test_the_reader_bears_rubbish_within_files(
    reader: Reader, rubbish: bytes, data: bytes, place: float
) -> None:
    at = int(place * len(data))
    with suppress(ImageError):
        reader.predict_digit(data[:at] + rubbish + data[at + len(rubbish) :])


def test_a_file_is_known_by_its_number() -> None:
    assert hostile_file(7, 1) == hostile_file(7, 1)
    assert hostile_file(7, 1) != hostile_file(8, 1)


def test_the_summary_tells_what_offends(capsys: pytest.CaptureFixture[str]) -> None:
    fine, slow = Outcome("read", 0.01, 90), Outcome("broken-image", 3.0, 120)
    assert report([fine, fine], 1) == 0
    assert report([fine, slow], 1) == 1
    out = capsys.readouterr().out
    assert "2 files in 1 s: 1 offending" in out
    assert "slowest 3.00 s" in out


def test_the_long_run_is_a_verb(repo: Path) -> None:
    assert "tests.fuzz --files $(FILES)" in (repo / "Makefile").read_text("utf-8")
