"""`import inkdigits` is quick and loads no heavy library."""

import subprocess
import sys

HEAVY = ("PIL", "cv2", "fastapi", "keras", "matplotlib", "onnxruntime", "pydantic", "rich", "typer")
SHOW = f"""
import sys, time
start = time.perf_counter()
import inkdigits
took_s = time.perf_counter() - start
print([name for name in {HEAVY} if name in sys.modules], took_s)
"""


def _show() -> tuple[str, float]:
    run = subprocess.run([sys.executable, "-c", SHOW], capture_output=True, text=True, check=True)
    loaded, took_s = run.stdout.rsplit(" ", 1)
    return loaded, float(took_s)


def test_nothing_heavy_is_loaded() -> None:
    assert _show()[0] == "[]"


def test_the_import_takes_a_fifth_of_a_second_at_most() -> None:
    assert min(_show()[1] for _ in range(3)) <= 0.2
