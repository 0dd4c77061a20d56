import shutil
import socket
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from inkdigits.model import loading
from inkdigits.model.line_model import load_line_reader
from inkdigits.service import readers
from tests.tiny import write_model

from .conftest import Run


@pytest.fixture
def shipped(tiny_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installation that ships the tiny model only, to be damaged."""
    folder = tmp_path / "builtin"
    shutil.copytree(tiny_model.parent, folder)
    monkeypatch.setattr(loading, "_BUILTIN", folder)
    return folder


def _wrong(run: Run) -> list[str]:
    return [line for line in run.out.splitlines() if line.startswith("wrong")]


def test_a_sound_installation_has_nothing_wrong(
    inkdigits: Callable[..., Run], shipped: Path
) -> None:
    run = inkdigits("doctor", "--port", 0)
    assert shipped.is_dir()
    assert (run.status, run.err, _wrong(run)) == (0, "", [])
    for text in ("numpy", "model tiny", "tiny 1, sha256", "reads the golden 7 in", "is free"):
        assert text in run.out
    line = load_line_reader().card
    assert f"line {line.version}, sha256 {line.sha256[:12]} as on its card" in run.out


def test_a_model_of_ones_own_is_asked_too(
    inkdigits: Callable[..., Run],
    shipped: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert shipped.is_dir()
    path = write_model(tmp_path / "mine.onnx")
    path.with_suffix(".json").unlink()
    monkeypatch.setenv("INKDIGITS_MODELS", str(path))
    run = inkdigits("doctor", "--port", 0)
    assert (run.status, _wrong(run)) == (0, [])
    assert "mine 0, sha256" in run.out
    assert "known digits right); not calibrated" in run.out
    monkeypatch.setenv("INKDIGITS_MODELS", str(tmp_path / "none.onnx"))
    assert "neither a file nor a shipped model" in _wrong(inkdigits("doctor", "--port", 0))[0]


def test_a_damaged_model_is_found(inkdigits: Callable[..., Run], shipped: Path) -> None:
    with (shipped / "tiny.onnx").open("ab") as file:
        file.write(b"x")
    run = inkdigits("doctor", "--port", 0)
    assert run.status == 1
    assert "sha256" in _wrong(run)[0]
    assert "pip install --force-reinstall" in run.out


def test_a_model_that_misreads_is_found(
    inkdigits: Callable[..., Run], shipped: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert shipped.is_dir()
    monkeypatch.setattr(readers, "GOLDEN_DIGIT", "3")
    run = inkdigits("doctor", "--port", 0)
    assert (run.status, len(_wrong(run))) == (1, 1)
    assert "reads the golden 3 as 7" in run.out


def test_an_installation_without_models_is_found(
    inkdigits: Callable[..., Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readers, "builtin_names", list)
    run = inkdigits("doctor", "--port", 0)
    assert run.status == 1
    assert "shipped models" in _wrong(run)[0]


def test_a_port_in_use_is_found(inkdigits: Callable[..., Run], shipped: Path) -> None:
    assert shipped.is_dir()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        run = inkdigits("doctor", "--port", taken.getsockname()[1])
    assert run.status == 1
    assert "in use" in _wrong(run)[0]


def test_a_setting_that_is_unknown_is_found(
    inkdigits: Callable[..., Run], shipped: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert shipped.is_dir()
    monkeypatch.setenv("INKDIGITS_PROT", "1")
    assert "did you mean INKDIGITS_PORT" in _wrong(inkdigits("doctor"))[0]


def test_the_settings_are_said_but_no_key(
    inkdigits: Callable[..., Run], shipped: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert shipped.is_dir()
    monkeypatch.setenv("INKDIGITS_API_KEYS", "the-first-key-of-all,sha256:" + "5e" * 32)
    monkeypatch.setenv("INKDIGITS_LOG_FORMAT", "json")
    run = inkdigits("doctor", "--port", 0)
    lines = {line.split()[1]: " ".join(line.split()[2:]) for line in run.out.splitlines()}
    assert lines["INKDIGITS_API_KEYS"] == "2 given"
    assert lines["INKDIGITS_LOG_FORMAT"] == "json"
    assert lines["INKDIGITS_HOST"] == "127.0.0.1 (default)"
    assert not any(word in run.out for word in ("key-of-all", "5e5e", "sha256:"))


def test_a_missing_library_is_found_and_a_missing_extra_is_only_said(
    inkdigits: Callable[..., Run], shipped: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert shipped.is_dir()
    doctor_module = sys.modules["inkdigits.cli.doctor"]  # `cli.doctor` is the verb
    monkeypatch.setattr(doctor_module, "NEEDED", ("no-such-library",))
    monkeypatch.setattr(doctor_module, "OPTIONAL", {"train": ("no-such-trainer",)})
    run = inkdigits("doctor", "--port", 0)
    assert run.status == 1
    assert len(_wrong(run)) == 1
    assert "pip install no-such-library" in run.out
    assert "without no-such-trainer: pip install 'inkdigits[train]'" in run.out
