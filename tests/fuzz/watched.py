"""Hostile files in, what became of each out: read in a process of its own, timed and weighed.

A reader that crashes, hangs or grows does so there, and is said of the file that did it.
"""

import multiprocessing
import os
import warnings
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING

from inkdigits.engine.heap import give_back
from inkdigits.errors import ImageError
from tests.patience import PATIENCE_S

if TYPE_CHECKING:
    from inkdigits import Reader

MAX_S, MAX_MIB = 2.0, 400.0
"""What reading one file may cost: time, and the memory of the whole process."""
_LARGE_MIB = 250.0  # after a file that took so much, freed memory is returned
_SPAWN = multiprocessing.get_context("spawn")
_SELF = Path("/proc/self")
_STATUS = _SELF / "status"

Read = Callable[[bytes], object]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file.

    Attributes:
        what: "read", the code of an ImageError, or "crash", "hang" and "exception: …".
        seconds: of a processor, whatever else runs on this machine; of a clock over HTTP.
        peak_mib: the largest resident memory meanwhile; 0 where the system does not tell.
        max_s: what the seconds may be.
    """

    what: str
    seconds: float = 0.0
    peak_mib: float = 0.0
    max_s: float = MAX_S

    @property
    def offends(self) -> bool:
        """Whether this must not happen."""
        bad = self.what in ("crash", "hang") or self.what.startswith("exception")
        return bad or self.seconds > self.max_s or self.peak_mib > MAX_MIB


class Watched:
    """A reader in a process that is replaced when it dies.

    Args:
        make: gives what reads; runs in that process, so it must be found by its name.
        patience_s: after which a file counts as one that hangs the reader.
    """

    def __init__(self, make: Callable[[], Read], patience_s: float = PATIENCE_S) -> None:
        self.make = make
        self.patience_s = patience_s
        self._start()

    def close(self) -> None:
        """End the process."""
        self._end()

    def read(self, data: bytes) -> Outcome:
        """Let one file be read."""
        try:
            self._pipe.send_bytes(data)
            if self._pipe.poll(self.patience_s):
                return Outcome(*self._pipe.recv())
            found = Outcome("hang", self.patience_s)
        except (EOFError, OSError):
            found = Outcome("crash")
        self._end()
        self._start()
        return found

    def _start(self) -> None:
        self._pipe, far = _SPAWN.Pipe()
        self._process = _SPAWN.Process(target=_serve, args=(far, self.make), daemon=True)
        self._process.start()
        far.close()
        if not self._pipe.poll(PATIENCE_S) or self._pipe.recv() != "ready":
            raise RuntimeError("the reader does not start")

    def _end(self) -> None:
        self._pipe.close()
        self._process.kill()
        self._process.join()


def _serve(pipe: Connection, make: Callable[[], Read]) -> None:
    """Read what comes, until the other end is gone."""
    warnings.simplefilter("error")
    read = make()
    pipe.send("ready")
    with suppress(EOFError, OSError):
        while True:
            pipe.send(outcome := _outcome(read, pipe.recv_bytes()))
            if outcome[2] > _LARGE_MIB:
                give_back()  # as a server does


def _outcome(read: Read, data: bytes) -> tuple[str, float, float]:
    _forget_peaks()
    start_s = _spent_s()
    try:
        read(data)
        what = "read"
    except ImageError as error:
        what = error.code
    except Exception as error:  # noqa: BLE001  # that there are none is what is tested
        what = f"exception: {type(error).__name__}: {error}"[:300]
    return what, _spent_s() - start_s, _peak_mib()


def _helpers() -> list[Path]:
    """Find the processes that this one has started, as the one that decodes some formats."""
    found: list[Path] = []
    for one in Path("/proc/self/task").glob("*/children"):
        with suppress(OSError):  # a thread that has just ended
            found += (Path("/proc", pid) for pid in one.read_text("ascii").split())
    return found


def _spent_s() -> float:
    """Processor time of this process and of those that it has started, ended or not."""
    spent_s = sum(os.times()[:4])
    for one in _helpers():
        with suppress(OSError):
            fields = one.joinpath("stat").read_text("ascii").rpartition(")")[2].split()
            spent_s += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return spent_s


def _forget_peaks() -> None:
    for one in (_SELF, *_helpers()):
        with suppress(OSError):
            one.joinpath("clear_refs").write_bytes(b"5")  # Linux: proc_pid_clear_refs(5)


def _peak_mib() -> float:
    """The largest of these processes, by what it held at most."""
    return max((_peak_of(one) for one in (_SELF, *_helpers())), default=0.0)


def _peak_of(process: Path) -> float:
    try:
        lines = process.joinpath("status").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) for line in lines if line.startswith("VmHWM")), 0) / 1024


def read_with_cnn() -> Read:
    """The shipped reader, with one thread as a server has."""
    return _reader().predict_digit


def read_numbers() -> Read:
    """The same, of numbers."""
    reader = _reader()
    assert reader.numbers  # loaded before the first picture is timed
    return reader.predict_number


def explain_with_cnn() -> Read:
    """The same, with every stage on the way, beside the classic reading."""
    from inkdigits import Reader, load_model  # noqa: PLC0415  # in the other process only
    from inkdigits.explanation import explain  # noqa: PLC0415  # as above

    reader, classic = _reader(), Reader(load_model("mlp"))
    return lambda data: explain(data, reader, classic)


def _reader() -> "Reader":
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    from inkdigits import Reader, load_model  # noqa: PLC0415  # in the other process only
    from inkdigits.image.threads import use_one_thread  # noqa: PLC0415  # as above

    use_one_thread()
    return Reader(load_model("cnn"))
