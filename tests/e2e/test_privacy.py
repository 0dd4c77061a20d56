"""What a command writes and whom it asks, by its system calls: what it is told to, nothing else.

Each runs with a new home, and without `CI`, which would silence ONNX Runtime.
"""

import ipaddress
import os
import re
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.patience import PATIENCE_S
from tests.tiny import encoded, picture, png
from tests.written import number_png

from .conftest import Server, free_port, wait_until_ready

CALLS = "connect,sendto,sendmsg,sendmmsg,open,openat,creat,mkdir,mkdirat,rename,renameat,renameat2"
INKDIGITS = (sys.executable, "-m", "inkdigits")
VARIABLE = "ORT_DISABLE_TELEMETRY"
REPO = Path(__file__).parents[2]
SYSTEM = (
    "/dev/null",
    "/dev/tty",
    "/dev/pts/",
    "/proc/self/",
    "/dev/shm/inkdigits-",  # noqa: S108 (counts of the workers, in memory)
    "/dev/shm/pym-",  # noqa: S108 (what processes share, as above)
    "/dev/shm/sem.",  # noqa: S108 (locks of processes, as above)
)
TRAIN = """
import sys
from inkdigits.cli import main
from inkdigits.training import run
from tests.training.conftest import make_pool
run.compose = lambda *_: make_pool()  # to draw a real one takes minutes
main()
"""


@dataclass(frozen=True)
class Watched:
    """Commands whose home, and working folder, is new.

    Attributes:
        home: that folder.
        tmp: the one for temporary files; what was there is gone in the end.
        trace: where strace writes.
    """

    home: Path
    tmp: Path
    trace: Path

    @property
    def environment(self) -> dict[str, str]:
        ours = {"HOME": str(self.home), "TMPDIR": str(self.tmp), "PATH": os.environ["PATH"]}
        return {**ours, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": str(REPO)}

    def command(self, *words: object) -> list[str]:
        trace = ["strace", "-f", "-qq", "--seccomp-bpf", "-e", f"trace={CALLS}", "-o", self.trace]
        return [*map(str, (*trace, *words))]

    def run(self, *words: object) -> list[str]:
        """Run a command to its end, and give what it did beyond what it may."""
        done = subprocess.run(
            self.command(*words),
            cwd=self.home,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return self.found()

    def found(self) -> list[str]:
        assert [*self.tmp.iterdir()] == []
        lines = self.trace.read_text(encoding="utf-8").splitlines()
        return [*filter(None, map(self._written, lines)), *filter(None, map(_asked, lines))]

    def _written(self, line: str) -> str | None:
        """Give the path that a call makes or opens for writing, unless it may."""
        if " = -1 E" in line or not re.search(r"O_WRONLY|O_RDWR|O_CREAT|creat|mkdir|rename", line):
            return None
        path = self.home / re.findall(r'"([^"]*)"', line)[-1]
        ours = (self.home / ".cache" / "inkdigits", self.home / "out", self.tmp)
        may = any(path.is_relative_to(one) or one.is_relative_to(path) for one in ours)
        may = may or "__pycache__" in path.parts  # Python's, beside the libraries
        return None if may or str(path).startswith(SYSTEM) else str(path)


def _asked(line: str) -> str | None:
    """Give the address that a call asks, unless it is this machine; every name looked up."""
    if "/etc/resolv.conf" in line or "htons(53)" in line:
        return f"a name: {line}"
    address = re.search(r'inet_addr\("([^"]+)"\)|inet_pton\(AF_INET6, "([^"]+)"', line)
    asked = address and ipaddress.ip_address(address[1] or address[2])
    return str(asked) if asked and not asked.is_loopback else None


@pytest.fixture
def watched(tmp_path: Path) -> Watched:
    """Without strace: fail in CI, else skip."""
    if shutil.which("strace") is None:
        why = "strace is not installed, which shows what a command does"
        pytest.fail(why) if os.environ.get("CI") else pytest.skip(why)
    watched = Watched(*(tmp_path / name for name in ("home", "tmp", "trace")))
    watched.home.mkdir()
    watched.tmp.mkdir()
    return watched


def test_what_is_written_and_whom_is_asked_is_seen(watched: Watched) -> None:
    program = (
        "import socket\n"
        "open('note', 'w').close()\n"
        "for kind, host in ((socket.AF_INET, '192.0.2.1'), (socket.AF_INET6, '::1')):\n"
        "    with socket.socket(kind, socket.SOCK_DGRAM) as one:\n"
        "        one.connect_ex((host, 9))  # nothing is sent: UDP\n"
    )
    assert watched.run(sys.executable, "-c", program) == [str(watched.home / "note"), "192.0.2.1"]


@pytest.mark.parametrize("words", [(), ("--numbers",)], ids=["digits", "numbers"])
def test_to_read_pictures_tells_nobody(watched: Watched, words: tuple[str, ...]) -> None:
    (watched.home / "number.png").write_bytes(number_png("2858"))
    assert watched.run(*INKDIGITS, "predict", *words, "number.png") == []


def test_to_evaluate_and_to_train_tell_nobody(watched: Watched) -> None:
    for digit in "37":
        (watched.home / "pens" / digit).mkdir(parents=True)
        for side in range(100, 200, 20):
            file = watched.home / "pens" / digit / f"{side}.png"
            file.write_bytes(encoded(picture(digit, side)))
    words = ("--images", "pens", "--out", "out/report")
    assert watched.run(*INKDIGITS, "evaluate", *words) == []
    words = ("--recipe", "mlp", "--out", "out/run", "--epochs", "1", "--limit", "60")
    assert watched.run(sys.executable, "-c", TRAIN, "train", *words) == []


def test_to_serve_tells_nobody(watched: Watched) -> None:
    port, log = free_port(), watched.trace.with_name("log")
    command = watched.command(*INKDIGITS, "serve", "--workers", "2", "--port", port)
    with (
        log.open("w+b") as out,
        subprocess.Popen(
            command, cwd=watched.home, env=watched.environment, stdout=out, stderr=out
        ) as process,
    ):
        server = Server(port, process, out)
        wait_until_ready(server)
        with httpx.Client(base_url=server.address, timeout=PATIENCE_S) as client:
            for address in ("/", "/docs", "/static/page.js", "/openapi.json", "/metrics"):
                assert client.get(address).status_code == 200
            for address in ("/predict", "/numbers", "/explain"):
                assert client.post(address, content=png("7")).status_code == 200
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text("ascii")
        os.kill(int(children.split()[0]), signal.SIGTERM)  # strace would leave it alone
        process.wait(PATIENCE_S)
    assert watched.found() == []


@pytest.mark.parametrize(("given", "kept"), [(None, "1"), ("", "1"), ("0", "0"), ("1", "1")])
def test_who_wants_to_send_usage_data_may(given: str | None, kept: str) -> None:
    others = {name: value for name, value in os.environ.items() if name != VARIABLE}
    environ = others if given is None else {**others, VARIABLE: given}
    words = [sys.executable, "-c", f"import inkdigits, os; print(os.environ['{VARIABLE}'])"]
    run = subprocess.run(words, env=environ, capture_output=True, text=True, check=True)
    assert run.stdout.strip() == kept
