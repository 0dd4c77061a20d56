"""Bytes in, bytes out, made in a process of its own: what hangs, grows or dies does so there.

That process is no copy of this one, and does not run the program that uses this package; so it
works from a script without a main guard, from a notebook, and beside threads.
"""

import os
import subprocess
import sys
import threading
import weakref
from pkgutil import resolve_name
from typing import IO

_LENGTH_BYTES = 8  # before each question and answer
_PROGRAM = "import sys; from inkdigits.child import serve; serve(sys.argv[1])"


class ChildDied(Exception):  # never leaves this package
    """The other process ended, by itself or because its time was over, before it had answered."""


class Child:
    """One process, started at the first question, replaced when it has died.

    Threads may share it: it answers one question after the other.

    Args:
        answer: "module:function", which makes bytes of bytes there.
        timeout_s: after which a question counts as one that hangs it.
    """

    def __init__(self, answer: str, timeout_s: float = threading.TIMEOUT_MAX) -> None:
        self.answer = answer
        self.timeout_s = timeout_s
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._starter = 0

    def ask(self, question: bytes) -> bytes:
        """Let one question be answered.

        Raises:
            ChildDied: it has ended meanwhile. The next question starts another one.
        """
        with self._lock:
            process = self._started()
            timer = threading.Timer(self.timeout_s, process.kill)
            timer.daemon = True
            timer.start()
            answer = None
            try:
                _write(process.stdin, question)
                answer = _read(process.stdout)
            except OSError:
                pass
            finally:
                timer.cancel()
                if answer is None:  # or interrupted: what came next would be the wrong answer
                    self._end()
            if answer is None:
                raise ChildDied
            return answer

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
    while (question := _read(questions)) is not None:
        _write(answers, make(question))


def _start(answer: str) -> "subprocess.Popen[bytes]":
    # Its modules are found where ours are. -P: the working folder is no place for them.
    places = {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    return subprocess.Popen(  # noqa: S603  # this same Python, with arguments of our own
        [sys.executable, "-P", "-c", _PROGRAM, answer],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # C libraries write there whatever a file makes them write
        env={**os.environ, **places},
    )


def _end(process: "subprocess.Popen[bytes]", starter: int) -> None:
    if starter == os.getpid():
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()


def _write(file: IO[bytes] | None, block: bytes) -> None:
    assert file is not None  # noqa: S101  # for mypy: all are pipes
    file.write(len(block).to_bytes(_LENGTH_BYTES))
    file.write(block)
    file.flush()


def _read(file: IO[bytes] | None) -> bytes | None:
    """Give one block; None where the other side is gone."""
    assert file is not None  # noqa: S101  # for mypy: all are pipes
    head = file.read(_LENGTH_BYTES)
    block = file.read(int.from_bytes(head))
    is_whole = len(head) == _LENGTH_BYTES and len(block) == int.from_bytes(head)
    return block if is_whole else None
