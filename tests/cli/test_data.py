import gzip
import struct
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from inkdigits.cli.data import app
from inkdigits.cli.progress import progress_bars
from inkdigits.data.fetch import Source, sha256_of
from inkdigits.data.sources import SOURCES
from inkdigits.data.strokes import load_stroke_set
from inkdigits.errors import DataError

RUNNER = CliRunner()
UNIPEN = '.COORD X Y\n.SEGMENT CHARACTER 0 ? "1"\n.PEN_DOWN\n0 5\n1 6\n.PEN_UP\n'


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("INKDIGITS_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("INKDIGITS_DATA", raising=False)
    monkeypatch.setenv("COLUMNS", "400")
    return tmp_path / "cache"


def test_import_unipen_writes_a_stroke_file(tmp_path: Path) -> None:
    archive, out = tmp_path / "archive", tmp_path / "made" / "strokes.npz"
    archive.mkdir()
    (archive / "one.dat").write_text(UNIPEN)
    (archive / "two.dat").write_text(".INCLUDE nothing\n")
    result = RUNNER.invoke(app, ["import-unipen", str(archive), "--out", str(out)])
    assert result.exit_code == 0
    assert "1 characters from 1 files" in result.stdout
    assert "left out" in result.stderr
    assert "two.dat" in result.stderr
    assert load_stroke_set(out).label.tolist() == ["1"]


def test_training_finds_what_was_imported_without_a_name(tmp_path: Path, cache: Path) -> None:
    (tmp_path / "one.dat").write_text(UNIPEN.replace('"1"', '"A"'))
    result = RUNNER.invoke(app, ["import-unipen", str(tmp_path), "--kind", "upper"])
    assert result.exit_code == 0
    assert load_stroke_set(cache / "unipen_upper.npz").label.tolist() == ["A"]
    assert str(cache / "unipen_upper.npz") in RUNNER.invoke(app, ["list"]).stdout


def test_an_unknown_kind_is_refused(tmp_path: Path) -> None:
    result = RUNNER.invoke(app, ["import-unipen", str(tmp_path), "--kind", "runes"])
    assert result.exit_code == 2


def test_list_tells_what_is_there_and_on_which_terms(tmp_path: Path) -> None:
    (tmp_path / "writers.npz").touch()
    result = RUNNER.invoke(app, ["list", "--data", str(tmp_path)])
    lines = {line.split()[0]: line for line in result.stdout.splitlines() if line.strip()}
    assert str(tmp_path / "writers.npz") in lines["mnist-writers"]
    assert "inkdigits data fetch" in lines["mnist-train-images"]
    assert "CC BY-SA 3.0" in lines["mnist-train-images"]
    assert set(SOURCES) < set(lines)


def test_fetch_checks_what_is_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = gzip.compress(b"\0\0\x08\1" + struct.pack(">I", 2) + bytes(np.array([3, 4], "u1")))
    for name in [name for name, source in SOURCES.items() if source.urls]:
        path = tmp_path / SOURCES[name].file
        path.write_bytes(content)
        source = Source(path.name, sha256_of(path), len(content), "", ("http://127.0.0.1:9/",))
        monkeypatch.setitem(SOURCES, name, source)
    result = RUNNER.invoke(app, ["fetch", "--data", str(tmp_path)])
    assert result.exit_code == 0
    assert result.stdout.count(str(tmp_path)) == 4
    path.write_bytes(content[:-1])
    result = RUNNER.invoke(app, ["fetch", "--data", str(tmp_path)])
    assert isinstance(result.exception, DataError)


def test_each_thing_has_its_bar(capsys: pytest.CaptureFixture[str]) -> None:
    with progress_bars(percent=True) as tell:
        tell("one.gz", 5, 10)
        tell("two.gz", 10, 10)
        tell("one.gz", 10, 10)
    shown = capsys.readouterr().err
    assert shown.count("one.gz") == shown.count("two.gz") == 1
    assert shown.count("100%") == 2
