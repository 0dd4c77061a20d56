"""An address and a body in, what `wrk` measured of it out; and servers to measure.

Servers and wrk are bound to cores of their own, so that figures compare.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
BOUNDARY = "inkdigits-bench"
START_S = 60.0
_TICK_S = 0.02


@dataclass(frozen=True, slots=True)
class Body:
    """What is sent.

    Attributes:
        data: the whole body.
        content_type: its header.
    """

    data: bytes
    content_type: str


@dataclass(frozen=True, slots=True)
class Load:
    """How it is sent.

    Attributes:
        connections: at a time, each with one request under way.
        seconds: for how long.
        core: where wrk runs; None for any.
    """

    connections: int
    seconds: float
    core: int | None = 1


@dataclass(frozen=True, slots=True)
class Figures:
    """What came back.

    Attributes:
        seconds: how long it was sent.
        ok: answers 200.
        full: answers 503 that say when to come again.
        full_silent: answers 503 that do not.
        other: any other answers.
        broken: connections that were refused or cut.
        timeouts: requests without an answer in time.
        p50_ms, p99_ms, max_ms: from the request to its answer, of all answers.
    """

    seconds: float
    ok: int
    full: int
    full_silent: int
    other: int
    broken: int
    timeouts: int
    p50_ms: float
    p99_ms: float
    max_ms: float

    @property
    def per_second(self) -> float:
        """Good answers a second."""
        return self.ok / self.seconds


def as_form(picture: bytes) -> Body:
    """Send a picture as the file of a form."""
    head = (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="digit"\r\n'
        "Content-Type: application/octet-stream\r\n\r\n"
    )
    tail = f"\r\n--{BOUNDARY}--\r\n"
    data = head.encode("ascii") + picture + tail.encode("ascii")
    return Body(data, f"multipart/form-data; boundary={BOUNDARY}")


def as_raw(picture: bytes) -> Body:
    """Send a picture as the body itself."""
    return Body(picture, "application/octet-stream")


def send(url: str, body: Body, load: Load) -> Figures:
    """Send a body over and over.

    Raises:
        SystemExit: there is no wrk here, or it failed.
    """
    if shutil.which("wrk") is None:
        sys.exit("the load is made by wrk; on Debian and Ubuntu: apt-get install wrk")
    with tempfile.NamedTemporaryFile() as file:
        file.write(body.data)
        file.flush()
        command = [
            *(
                "wrk",
                "-t1",
                f"-c{load.connections}",
                f"-d{max(1, round(load.seconds))}s",
                "--timeout=30s",
            ),
            *("-s", str(HERE / "load.lua"), url, "--", file.name, body.content_type),
        ]
        with bound_to(load.core):
            run = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603  # ours
    if run.returncode:
        sys.exit(f"wrk failed: {run.stdout}{run.stderr}")
    return Figures(**json.loads(run.stdout.splitlines()[-1]))


@dataclass(frozen=True, slots=True)
class Running:
    """A server that answers.

    Attributes:
        url: its address.
        pid: of its first process.
        ready_s: from its start to its first answer.
    """

    url: str
    pid: int
    ready_s: float


@contextmanager
def service(core: int | None, *options: str, workers: int = 1) -> Iterator[Running]:
    """Run this project's service, ready, until left."""
    port = free_port()
    command = [sys.executable, "-m", "inkdigits", "serve", "--port", str(port)]
    command += ["--workers", str(workers), *options]
    with running(command, port, "/health/ready", core) as server:
        yield server


@contextmanager
def floor(core: int | None) -> Iterator[Running]:
    """Run the floor until left."""
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", "floor:app", "--port", str(port)]
    command += ["--no-access-log", "--log-level", "warning"]
    with running(command, port, "/openapi.json", core) as server:
        yield server


@contextmanager
def running(command: Sequence[str], port: int, probe: str, core: int | None) -> Iterator[Running]:
    """Run a server on one core until left.

    Raises:
        SystemExit: it does not answer.
    """
    url = f"http://127.0.0.1:{port}"
    start_s = time.perf_counter()
    with tempfile.TemporaryFile() as said, bound_to(core):
        process = subprocess.Popen(command, cwd=HERE, stdout=said, stderr=said)  # noqa: S603  # ours
    try:
        while not answers(url + probe):
            if process.poll() is not None or time.perf_counter() - start_s > START_S:
                sys.exit(f"this server does not answer: {' '.join(command)}")
            time.sleep(_TICK_S)
        yield Running(url, process.pid, time.perf_counter() - start_s)
    finally:
        process.terminate()
        process.wait()


def answers(url: str) -> bool:
    """Whether an address answers 200."""
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310  # our own address
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def memory_mb(pid: int) -> float:
    """Resident memory of a process and those that it started, MB.

    Pages that they share are counted once: the proportional set size.
    """
    total = 0.0
    for one in (pid, *children(pid)):
        try:
            lines = Path(f"/proc/{one}/smaps_rollup").read_text(encoding="ascii").splitlines()
        except OSError:  # ended meanwhile
            continue
        total += sum(float(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1000
    return total


def children(pid: int) -> list[int]:
    """Processes that a process has started, and theirs."""
    try:
        text = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
    except OSError:
        return []
    found = [int(word) for word in text.split()]
    return [*found, *(grand for child in found for grand in children(child))]


@contextmanager
def bound_to(core: int | None) -> Iterator[None]:
    """Start what is started here on one core only."""
    before = os.sched_getaffinity(0)
    if core is not None:
        os.sched_setaffinity(0, {sorted(before)[core % len(before)]})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def free_port() -> int:
    """Find a port that nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
