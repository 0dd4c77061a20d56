"""The service beside an empty FastAPI endpoint, under load, in one run → tables and a file.

`make bench` prints what the service manages of what that floor manages, with its latency and
memory; how large photos fare and what they do to small pictures; what a second worker
brings; and what happens to 512 clients at once. The figures go to build/bench-service.json.
`make bench ARGS="--soak 50000"` adds how memory and pace develop over so many requests.
"""

import argparse
import io
import json
import os
import platform
import statistics
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from load import Body, Figures, Load, Running, as_form, as_raw, floor, memory_mb, send, service
from pictures import draw_pictures
from PIL import Image as Pillow
from rich.console import Console
from rich.table import Table

OUT = Path(__file__).resolve().parents[1] / "build" / "bench-service.json"
SMALL, PAINT, PHOTO = "28×28 PNG", "172×161 PNG", "4000×3000 JPEG"
WAYS = {"form": as_form, "raw": as_raw}
CONNECTIONS = (1, 8, 64)
ROUNDS = 3  # of floor and service in turn; the median ratio counts
CROWD = 512
SERVER_CORE, LOAD_CORE = 0, 1
_PAUSE_S = 1.0
Rows = list[dict[str, Any]]

console = Console(width=110)


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", default="cnn", help="a shipped name or a model file")
    parser.add_argument("--seconds", type=float, default=2, help="of load for each figure")
    parser.add_argument("--crowd", type=float, default=30, help="seconds of 512 connections")
    parser.add_argument("--soak", type=int, default=0, help="requests to watch the memory over")
    parser.add_argument("--out", type=Path, default=OUT)
    options = parser.parse_args()
    pictures, model = draw_pictures(), ("--model", options.model)
    report: dict[str, Any] = {"machine": machine()}
    with floor(SERVER_CORE) as empty, service(SERVER_CORE, *model) as ours:
        report["ready_s"] = round(ours.ready_s, 2)
        report["against_floor"] = against_floor(empty, ours, pictures, options.seconds)
        report["photo"] = photo(ours, pictures[PHOTO], options.seconds)
        report["beside_photos"] = beside_photos(ours, pictures, options.seconds)
        report["crowd"] = crowd(ours, pictures[SMALL], options)
        if options.soak:
            report["soak"] = soak(ours, pictures[SMALL], options.soak)
    report["workers"] = workers(pictures[SMALL], options)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(report, indent=2, ensure_ascii=False) + "\n"
    options.out.write_text(text, encoding="utf-8")
    console.print(f"ready after {report['ready_s']} s; all figures: {options.out}")


def machine() -> dict[str, Any]:
    """Say what this is measured on."""
    python = platform.python_version()
    return {"processor": platform.machine(), "cores": os.cpu_count(), "python": python}


def against_floor(
    empty: Running, ours: Running, pictures: dict[str, bytes], seconds: float
) -> Rows:
    """Load floor and service in turn, by picture, way and number of connections."""
    rows = []
    for name, picture in pictures.items():
        for way, wrap in WAYS.items():
            for connections in CONNECTIONS:
                load, body = Load(connections, seconds, LOAD_CORE), wrap(picture)
                turns = [
                    (send(f"{empty.url}/{way}", body, load), read(ours, body, load))
                    for _ in range(ROUNDS if connections == 8 else 1)
                ]
                ratios = [its.per_second / max(least.per_second, 0.1) for least, its in turns]
                least, its = turns[-1]
                rows.append(
                    {
                        "picture": name,
                        "way": way,
                        "connections": connections,
                        "floor_per_s": round(least.per_second, 1),
                        "per_s": round(its.per_second, 1),
                        "ratio": round(statistics.median(ratios), 3),
                        "p50_ms": round(its.p50_ms, 2),
                        "p99_ms": round(its.p99_ms, 2),
                        "memory_mb": round(memory_mb(ours.pid), 1),
                    }
                )
    show("service against floor, one core", rows)
    return rows


def photo(ours: Running, picture: bytes, seconds: float) -> Rows:
    """Read a 12 MP photo, and decode it whole with Pillow, in turn."""
    rows = []
    for _ in range(ROUNDS):
        decoding_ms = 1000 * statistics.median(decoding_s(picture) for _ in range(5))
        its = read(ours, as_raw(picture), Load(1, seconds, LOAD_CORE))
        rows.append(
            {
                "pillow_decode_ms": round(decoding_ms, 1),
                "p50_ms": round(its.p50_ms, 1),
                "ratio": round(its.p50_ms / decoding_ms, 3),
            }
        )
    show("12 MP photo against Pillow's full decoding", rows)
    return rows


def decoding_s(picture: bytes) -> float:
    """How long Pillow takes to decode all of a picture."""
    start_s = time.perf_counter()
    Pillow.open(io.BytesIO(picture)).load()
    return time.perf_counter() - start_s


def beside_photos(ours: Running, pictures: dict[str, bytes], seconds: float) -> Rows:
    """Send small pictures, alone and while one client keeps sending photos."""
    load = Load(1, max(seconds, 3), LOAD_CORE)
    alone = read(ours, as_raw(pictures[SMALL]), load)
    with keep_sending(ours, as_raw(pictures[PHOTO]), load.seconds + _PAUSE_S):
        beside = read(ours, as_raw(pictures[SMALL]), load)
    rows = [
        {
            "alone_p50_ms": round(alone.p50_ms, 2),
            "alone_p99_ms": round(alone.p99_ms, 2),
            "beside_p50_ms": round(beside.p50_ms, 2),
            "beside_p99_ms": round(beside.p99_ms, 2),
            "p99_ratio": round(beside.p99_ms / alone.p99_ms, 2),
        }
    ]
    show("small pictures while one client keeps sending 12 MP photos", rows)
    return rows


@contextmanager
def keep_sending(ours: Running, body: Body, seconds: float) -> Iterator[None]:
    """Send beside what happens here."""
    load = Load(1, seconds, LOAD_CORE)
    sender = threading.Thread(target=lambda: read(ours, body, load))
    sender.start()
    time.sleep(_PAUSE_S / 2)
    try:
        yield
    finally:
        sender.join()


def crowd(ours: Running, picture: bytes, options: argparse.Namespace) -> Rows:
    """Let 512 clients come at once, and see that afterwards all is as before."""
    body, calm = as_form(picture), Load(8, options.seconds, LOAD_CORE)
    before, before_mb = read(ours, body, calm), memory_mb(ours.pid)
    its = read(ours, body, Load(CROWD, options.crowd, LOAD_CORE))
    time.sleep(_PAUSE_S)
    after = read(ours, body, calm)
    rows = [
        {
            **{name: value for name, value in asdict(its).items() if isinstance(value, int)},
            "p50_ms": round(its.p50_ms, 1),
            "p99_ms": round(its.p99_ms, 1),
            "per_s": round(its.per_second),
            "per_s_before": round(before.per_second),
            "per_s_after": round(after.per_second),
            "mb_before": round(before_mb, 1),
            "mb_after": round(memory_mb(ours.pid), 1),
        }
    ]
    show(f"{CROWD} connections for {options.crowd:g} s", rows)
    return rows


def soak(ours: Running, picture: bytes, requests: int) -> Rows:
    """Send many requests; note pace and memory after every tenth."""
    rows: Rows = []
    done = 0
    while done < requests:
        its = read(ours, as_form(picture), Load(8, 2, LOAD_CORE))
        done += its.ok
        if not rows or done - rows[-1]["requests"] >= requests / 10 or done >= requests:
            row = {"requests": done, "per_s": round(its.per_second)}
            rows.append({**row, "memory_mb": round(memory_mb(ours.pid), 1)})
    show("memory over many requests", rows)
    return rows


def workers(picture: bytes, options: argparse.Namespace) -> Rows:
    """Let one worker and two share both cores with the load, in turn."""
    load, body = Load(16, options.seconds, None), as_form(picture)
    model = ("--model", options.model)
    with service(None, *model) as single, service(None, *model, workers=2) as double:
        turns = [(read(single, body, load), read(double, body, load)) for _ in range(ROUNDS)]
        rows = [
            {
                "one_per_s": round(one.per_second),
                "two_per_s": round(two.per_second),
                "ratio": round(two.per_second / one.per_second, 2),
                "memory_two_mb": round(memory_mb(double.pid), 1),
            }
            for one, two in turns
        ]
    show("two workers against one, load and service sharing the cores", rows)
    return rows


def read(ours: Running, body: Body, load: Load) -> Figures:
    """Ask the service for digits."""
    return send(f"{ours.url}/predict", body, load)


def show(title: str, rows: Rows) -> None:
    """Print rows as a table."""
    table = Table(title=title, title_justify="left")
    for name in rows[0]:
        table.add_column(name.replace("_", " "), justify="right")
    for row in rows:
        table.add_row(*(str(value) for value in row.values()))
    console.print(table)


if __name__ == "__main__":
    main()
