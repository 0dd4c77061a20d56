"""The contracts in pyproject.toml hold, and cover what they must."""

import subprocess
import sys
import tomllib
from pathlib import Path


def test_import_contracts_hold(repo: Path) -> None:
    run = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=repo,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert "0 broken" in run.stdout


def test_every_dependency_that_is_heavy_has_one_home(repo: Path) -> None:
    project = tomllib.loads((repo / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = project["tool"]["importlinter"]["contracts"]
    homed = {name for contract in contracts for name in contract.get("forbidden_modules", ())}
    heavy = {"PIL", "cv2", "onnxruntime", "keras", "tensorflow", "fastapi", "starlette", "pydantic"}
    assert heavy <= homed
