"""The command line as other programs call it: many files, JSON lines, an exit status."""

import json
import subprocess
import sys
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage

from tests.tiny import png

COMMAND = [sys.executable, "-m", "inkdigits", "predict", "--json", "--model"]


def test_five_hundred_files_take_seconds(tiny_model: Path, tmp_path: Path) -> None:
    files = [tmp_path / f"{number}.png" for number in range(500)]
    for number, file in enumerate(files):
        file.write_bytes(png(str(number % 10)))
    before = getrusage(RUSAGE_CHILDREN)
    command = [*COMMAND, str(tiny_model), *map(str, files)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    after = getrusage(RUSAGE_CHILDREN)
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 30
    assert (run.returncode, run.stderr) == (0, "")
    found = [json.loads(line) for line in run.stdout.splitlines()]
    assert [(line["file"], line["digit"]) for line in found] == [
        (str(file), str(number % 10)) for number, file in enumerate(files)
    ]


def test_a_pipe_in_and_a_failure_out(tiny_model: Path) -> None:
    command = [*COMMAND, str(tiny_model), "-", "missing.png"]
    run = subprocess.run(command, input=png("7"), capture_output=True, check=False)
    first, second = (json.loads(line) for line in run.stdout.splitlines())
    assert (first["file"], first["digit"]) == ("-", "7")
    assert second["error"]["code"] == "file-not-found"
    assert (run.returncode, run.stderr) == (1, b"")
