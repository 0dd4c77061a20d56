"""A number of hostile files → how the reader, or a running server, bears them.

python -m tests.fuzz --files 20000 --seed 0    (or: make fuzz FILES=20000 SEED=0)
python -m tests.fuzz --http --files 3000
python -m tests.fuzz --slowest 60      (minutes of looking for the picture that takes longest)

Every file that must not be is kept in build/fuzz. The status is 1 when there is one.
"""

import argparse
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from functools import partial
from itertools import islice
from pathlib import Path

import httpx
import numpy as np

from inkdigits.cli.progress import progress_bars
from inkdigits.files.formats import ALLOWED, FORMATS

from .mutation import mutate
from .seeds import large_seeds, small_seeds
from .slowest import BARS, search
from .watched import MAX_MIB, Outcome, Watched, read_with_cnn

OUT = Path(__file__).resolve().parents[2] / "build" / "fuzz"
LARGE_EVERY = 50
"""One file in so many is made of a large one: it takes as long as a hundred others."""
ANSWERS = {200, 413, 415, 422}
_CLIENTS = 8
_REQUEST_S = 11.0  # what a request may take, and one second

Reads = Callable[[bytes], Outcome]


def main() -> int:
    """Make the files, have them read, print what came out."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--http", action="store_true", help="POST them to a server")
    parser.add_argument("--slowest", type=float, metavar="MINUTES", help="look for slow pictures")
    parser.add_argument("--out", type=Path, default=OUT, help="where offending files are kept")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    if options.slowest is not None:
        return _look_for_slow_ones(options)
    outcomes: list[Outcome] = []
    start_s = time.monotonic()
    with progress_bars() as tell, _server() if options.http else _reader() as read:
        for number, data, outcome in _read_all(options.files, options.seed, read):
            outcomes.append(outcome)
            if outcome.offends:
                (options.out / f"{options.seed}-{number}.bin").write_bytes(data)
            tell("files", len(outcomes), options.files)
    return report(outcomes, time.monotonic() - start_s)


def hostile_file(number: int, seed: int) -> bytes:
    """Make one file: of the same number and seed always the same."""
    rng = np.random.default_rng((seed, number))
    large = number % LARGE_EVERY == LARGE_EVERY - 1
    return mutate([*(large_seeds() if large else small_seeds()).values()], rng)


def report(outcomes: list[Outcome], took_s: float) -> int:
    """Print a summary; tell whether any file offends."""
    counts = Counter(outcome.what for outcome in outcomes)
    for what, count in counts.most_common():
        print(f"{count:8,}  {what}")  # noqa: T201
    seconds = np.array([outcome.seconds for outcome in outcomes])
    peak_mib = max(outcome.peak_mib for outcome in outcomes)
    offending = sum(outcome.offends for outcome in outcomes)
    max_s = max(outcome.max_s for outcome in outcomes)
    p50, p99 = 1000 * np.quantile(seconds, (0.5, 0.99))
    print(  # noqa: T201
        f"{len(outcomes):,} files in {took_s:,.0f} s: {offending} offending; "
        f"p50 {p50:.1f} ms, p99 {p99:.1f} ms, slowest {seconds.max():.2f} s (bar {max_s:.0f} s); "
        f"peak {peak_mib:.0f} MiB (bar {MAX_MIB:.0f})"
    )
    return int(offending > 0)


def _look_for_slow_ones(options: argparse.Namespace) -> int:
    """Keep each picture that takes longer than those before it; tell whether any takes too long."""
    end_s, worst = time.monotonic() + 60 * options.slowest, dict.fromkeys(BARS, 0.0)
    for one in search(options.seed, lambda: time.monotonic() < end_s):
        worst[one.by] = one.outcome.seconds
        (options.out / f"slowest-{one.by}.png").write_bytes(one.data)
        shape = "x".join(map(str, one.picture.shape))
        print(f"{one.by:8} {one.outcome.seconds:7.3f} s  {shape:11} {one.outcome.what}", flush=True)  # noqa: T201
    return int(any(worst[by] > BARS[by][1] for by in BARS))


def _read_all(files: int, seed: int, read: Reads) -> Iterator[tuple[int, bytes, Outcome]]:
    """Have the files read, a few at a time where `read` can be asked by several at once."""
    numbers = iter(range(files))
    with ThreadPoolExecutor(getattr(read, "clients", 1)) as pool:
        while some := [*islice(numbers, 64)]:
            made = [hostile_file(number, seed) for number in some]
            yield from zip(some, made, pool.map(read, made), strict=True)


@contextmanager
def _reader() -> Iterator[Reads]:
    with closing(Watched(read_with_cnn)) as watched:
        yield watched.read


@contextmanager
def _server() -> Iterator[Reads]:
    from tests.e2e.conftest import serving  # noqa: PLC0415  # pytest's, and only for this

    every = ",".join({*FORMATS} - {*ALLOWED}).lower()
    with (
        serving(INKDIGITS_FORMATS=every) as server,
        httpx.Client(base_url=server.address, timeout=60) as client,
    ):
        read = partial(_post, client)
        read.clients = _CLIENTS  # type: ignore[attr-defined]
        yield read
        status = Path(f"/proc/{server.process.pid}/status")
        lines = status.read_text(encoding="ascii").splitlines() if status.exists() else []
        print(*(line for line in lines if line.startswith(("VmHWM", "VmRSS"))))  # noqa: T201
        if "Traceback" in server.written():
            print(server.written()[-3_000:])  # noqa: T201


def _post(client: httpx.Client, data: bytes) -> Outcome:
    start_s = time.perf_counter()
    try:
        if len(data) % 2:
            answer = client.post("/predict", content=data)
        else:
            answer = client.post("/predict", files={"file": ("x", data)})
    except httpx.HTTPError as error:
        return Outcome(f"exception: {type(error).__name__}", max_s=_REQUEST_S)
    what = answer.json().get("code", "read")
    if answer.status_code not in ANSWERS:
        what = f"exception: {answer.status_code} {what}"
    return Outcome(what, time.perf_counter() - start_s, max_s=_REQUEST_S)


if __name__ == "__main__":
    raise SystemExit(main())
