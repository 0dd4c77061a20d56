"""Bytes in, bytes out, made in a process of its own: what hangs, grows or dies does so there.

That process is no copy of this one, and does not run the program that uses this package; so it
works from a script without a main guard, from a notebook, and beside threads.
"""

import json
import os
import signal
import subprocess
import sys
import threading
import time
import weakref
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from pkgutil import resolve_name
from typing import IO, Any

from inkdigits import errors
from inkdigits.budget import GivenUp, never
from inkdigits.errors import InkdigitsError

_LENGTH_BYTES = 8  # before each block; a question and an answer are two: JSON, and bytes
_PROGRAM = "import sys; from inkdigits.child import serve; serve(sys.argv[1])"
_LOOK_S = 0.05  # from one look whether anybody waits still to the next
_ENDING_S = 5.0  # for a process that says no more to be gone
# One thread each: more would count as memory and processor time that a file took. No GPU.
_ENVIRONMENT = {
    "CUDA_VISIBLE_DEVICES": "-1",
    "MALLOC_ARENA_MAX": "1",
    "OMP_NUM_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
    "TF_NUM_INTRAOP_THREADS": "1",
}
OVERWORKED = -getattr(signal, "SIGPROF", 0)
"""Status of a process that took more processor time than `bound` allows."""


@dataclass(eq=False)
class ChildDied(Exception):  # never leaves this package
    """The other process ended before it had answered.

    Attributes:
        status: as of `subprocess`: below 0 the signal that ended it; None: its time was over, or
            nobody waited any more.
    """

    status: int | None


class Child:
    """One process, started at the first question, replaced when it has died.

    Threads may share it: it answers one question after the other.

    Args:
        answer: "module:function", which is called there with the question and what is asked by
            name, and gives what JSON can hold, and bytes.
        timeout_s: after which a question counts as one that hangs it.
    """

    def __init__(self, answer: str, timeout_s: float = threading.TIMEOUT_MAX) -> None:
        self.answer = answer
        self.timeout_s = timeout_s
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._starter = 0

    def ask(self, question: bytes, given_up: GivenUp = never, **asked: Any) -> tuple[Any, bytes]:
        """Let one question be answered.

        Args:
            question: bytes.
            given_up: tells whether nobody waits for the answer any more; called in a thread.
            asked: whatever JSON can hold.

        Raises:
            ChildDied: it has ended meanwhile. The next question starts another one.
            InkdigitsError: what the function there has raised.
            OSError: no process can be started.
        """
        with self._lock:
            process, end_s = self._started(), time.monotonic() + self.timeout_s
            said, answer = threading.Event(), None

            def is_over() -> bool:
                return time.monotonic() >= end_s or given_up()

            def watch() -> None:
                while not said.wait(_LOOK_S):
                    if is_over():
                        process.kill()
                        return

            threading.Thread(target=watch, daemon=True).start()
            try:
                with suppress(OSError):  # it is gone: then nothing is to be read, either
                    _write(process.stdin, json.dumps(asked).encode(), question)
                head, answer = _read(process.stdout), _read(process.stdout)
            except EOFError:
                with suppress(subprocess.TimeoutExpired):
                    process.wait(_ENDING_S)
                raise ChildDied(None if is_over() else process.returncode) from None
            finally:
                said.set()
                if answer is None:  # or interrupted: what came next would be the wrong answer
                    self._end()
        found = json.loads(head)
        if "error" in found:
            raise getattr(errors, found["error"])(*found["fields"])
        return found["said"], answer

    def close(self) -> None:
        """End the process. The next question starts another one."""
        with self._lock:
            self._end()

    def _started(self) -> "subprocess.Popen[bytes]":
        if self._starter != os.getpid():  # this process is a copy of the one that has it
            self._process = None
        if self._process is None or self._process.poll() is not None:
            self._end()
            self._process, self._starter = _start(self.answer), os.getpid()
            weakref.finalize(self, _end, self._process, self._starter)  # at exit at the latest
        return self._process

    def _end(self) -> None:
        if self._process is not None:
            _end(self._process, self._starter)
            self._process = None


def serve(answer: str) -> None:
    """In the other process: answer what comes, until the asking one is gone."""
    questions, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_RDWR), 1)  # whatever prints must not be taken for an answer
    make = resolve_name(answer)
    with suppress(EOFError):
        while True:
            asked, question = json.loads(_read(questions)), _read(questions)
            try:
                said, made = make(question, **asked)
                found = {"said": said}
            except InkdigitsError as error:
                found, made = {"error": type(error).__name__, "fields": error.__reduce__()[1]}, b""
            _write(answers, json.dumps(found).encode(), made)


def bound(cpu_s: float, memory_bytes: int) -> None:
    """In the other process: let the system end it for its time, and refuse it memory.

    Args:
        cpu_s: of processor time from now on.
        memory_bytes: of address space, all in all.
    """
    with suppress(ImportError, ValueError, OSError, AttributeError):  # as on Windows
        import resource  # noqa: PLC0415

        signal.setitimer(signal.ITIMER_PROF, cpu_s)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        hard = resource.getrlimit(resource.RLIMIT_AS)[1]
        resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, hard))


def memory_in_use() -> int:
    """Tell how much address space this process has, bytes; only Linux bounds it and tells."""
    with suppress(OSError):
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
        return pages * os.sysconf("SC_PAGE_SIZE")
    return 0


def _start(answer: str) -> "subprocess.Popen[bytes]":
    # Its modules are found where ours are. -P: the working folder is no place for them.
    places = os.pathsep.join(os.path.abspath(place) for place in sys.path)  # noqa: PTH100 "" is here
    return subprocess.Popen(  # noqa: S603  # this same Python, with arguments of our own
        [sys.executable, "-P", "-c", _PROGRAM, answer],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # C libraries write there whatever a file makes them write
        env={**os.environ, **_ENVIRONMENT, "PYTHONPATH": places},
    )


def _end(process: "subprocess.Popen[bytes]", starter: int) -> None:
    if starter == os.getpid():
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with suppress(OSError):  # what it never took
                    pipe.close()


def _write(file: IO[bytes] | None, *blocks: bytes) -> None:
    assert file is not None  # noqa: S101  # for mypy: all are pipes
    for block in blocks:
        file.write(len(block).to_bytes(_LENGTH_BYTES))
        file.write(block)
    file.flush()


def _read(file: IO[bytes] | None) -> bytes:
    """Give one block; EOFError where the other side is gone."""
    assert file is not None  # noqa: S101  # for mypy: all are pipes
    head = file.read(_LENGTH_BYTES)
    block = file.read(int.from_bytes(head))
    if len(head) < _LENGTH_BYTES or len(block) < int.from_bytes(head):
        raise EOFError
    return block
