"""Pictures this script draws → how long each step of the line takes on them, on one core.

`make bench` prints a table in ms and writes the same figures to build/bench-line.json.
"""

import argparse
import json
import os
import platform
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from pictures import draw_pictures
from rich.console import Console
from rich.table import Table

from inkdigits import Reader, load_model
from inkdigits.decision.reject import decide
from inkdigits.files.decode import decode
from inkdigits.image.glyphs import cut_glyph
from inkdigits.image.ink import find_ink
from inkdigits.image.normalize import to_sample
from inkdigits.image.strokes import match_stroke
from inkdigits.image.threads import use_one_thread

OUT = Path(__file__).resolve().parents[1] / "build" / "bench-line.json"
SECONDS = 0.5  # for each step of each picture
FEWEST = 5  # repeats, however slow
WIDTH = 100  # columns of the printed table


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", default="cnn", help="a shipped name or a model file")
    parser.add_argument("--out", type=Path, default=OUT)
    options = parser.parse_args()
    stay_on_one_core()
    reader = Reader(load_model(options.model))
    figures = {name: measure(data, reader) for name, data in draw_pictures().items()}
    print_table(figures)
    write(figures, options.out, options.model)


def stay_on_one_core() -> None:
    """Keep every library from sharing the work out, so that figures compare."""
    use_one_thread()
    if hasattr(os, "sched_setaffinity"):  # Linux alone has it
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})


def measure(data: bytes, reader: Reader) -> dict[str, float]:
    """Time each step on the output of the one before, and the whole, in ms.

    The whole takes longer than their sum: a step that runs alone finds all it needs in the cache.
    """
    image = decode(data)
    ink = find_ink(image)
    glyph = cut_glyph(ink)
    matched = match_stroke(glyph.ink)
    batch = to_sample(matched)[np.newaxis]
    logits = reader.model.logits(batch)[0]
    steps: dict[str, Callable[[], Any]] = {
        "decode": lambda: decode(data),
        "ink": lambda: find_ink(image),
        "glyph": lambda: cut_glyph(ink),
        "stroke": lambda: match_stroke(glyph.ink),
        "normalize": lambda: to_sample(matched),
        "model": lambda: reader.model.logits(batch),
        "decide": lambda: decide(logits, reader.policy),
        "whole": lambda: reader.predict_digit(data),
    }
    return {name: time_ms(step) for name, step in steps.items()}


def time_ms(step: Callable[[], Any]) -> float:
    """Median time of one call: a busy machine's outliers do not count."""
    step()
    times: list[float] = []
    while sum(times) < SECONDS or len(times) < FEWEST:
        start = time.perf_counter()
        step()
        times.append(time.perf_counter() - start)
    return 1000 * statistics.median(times)


def print_table(figures: dict[str, dict[str, float]]) -> None:
    """Show one row a picture, one column a step."""
    table = Table(title="ms on one core, median")
    table.add_column("picture", no_wrap=True)
    for step in next(iter(figures.values())):
        table.add_column(step, justify="right")
    for name, times in figures.items():
        table.add_row(name, *(f"{value:.3f}" for value in times.values()))
    Console(width=WIDTH).print(table)


def write(figures: dict[str, dict[str, float]], out: Path, model: str) -> None:
    """Write the figures with what they were measured on."""
    out.parent.mkdir(parents=True, exist_ok=True)
    report = {
        "unit": "ms",
        "model": model,
        "machine": {"processor": platform.machine(), "python": platform.python_version()},
        "pictures": {
            name: {step: round(value, 4) for step, value in times.items()}
            for name, times in figures.items()
        },
    }
    out.write_text(json.dumps(report, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
