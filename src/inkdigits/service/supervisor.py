"""Settings and sockets in, as many workers as wanted out: whichever dies is replaced.

The workers share the sockets, which stay open here: while one is replaced, the others take
what comes, and what waits is not lost.
"""

import logging
import multiprocessing
import signal
import socket
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from pathlib import Path
from types import FrameType

from inkdigits.errors import InkdigitsError, ServerError
from inkdigits.service.settings import Settings
from inkdigits.service.shared import sharing
from inkdigits.service.shares import ABSENT, Share
from inkdigits.service.sockets import allow_many_connections

HUNG_S = 30.0
"""A worker whose event loop stood still for so long is replaced. What counts is the time in which
it could have run: not while all of this is paused, nor while others have the processor."""
START_S = 120.0
PAUSE_S = 1.0
"""Between two starts of a worker that did not get ready."""
_TICK_S = 0.2
_LONGEST_TICK_S = 1.0
"""Of a longer one, this process itself was kept from running for the rest."""
_GRACE_S = 10
_SIGNALS = (signal.SIGTERM, signal.SIGINT)

_log = logging.getLogger("inkdigits.service")
_spawn = multiprocessing.get_context("spawn")


@dataclass(slots=True, eq=False)
class Worker:
    """One process that serves.

    Attributes:
        process: the process.
        pulse: where its beats, or the error that keeps it from starting, arrive.
        silent_s: for how long it has not been heard of while it could run.
        queued_s: for how long it has waited for a processor since its start.
        is_ready: whether it has ever served.
    """

    process: SpawnProcess
    pulse: Connection
    silent_s: float = 0.0
    queued_s: float = 0.0
    is_ready: bool = False


class Supervisor:
    """Keeps a number of workers alive until told to stop, by SIGTERM or SIGINT.

    Args:
        settings: of each worker; `workers` says how many.
        sockets: that they listen on.
        clock: seconds, never set back.
    """

    def __init__(
        self,
        settings: Settings,
        sockets: Sequence[socket.socket],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.settings = settings
        self.clock = clock
        self.sockets = list(sockets)
        self.workers: list[Worker] = []
        self._held = _spawn.RawArray("i", [ABSENT] * settings.workers)
        self._told = 0
        self._was_ready = False

    def run(self) -> None:
        """Start the workers, replace those that die, and stop all in the end.

        Raises:
            InkdigitsError: what keeps the first workers from starting.
        """
        before = {one: signal.signal(one, self._on_signal) for one in _SIGNALS}
        try:
            with sharing():
                self._keep()
        finally:
            for one, handler in before.items():
                signal.signal(one, handler)

    def _keep(self) -> None:
        try:
            for place in range(self.settings.workers):
                self.workers.append(self._start(place))
            while not self._told:
                start_s = self.clock()
                self._listen(_TICK_S)
                passed_s = min(self.clock() - start_s, _LONGEST_TICK_S)
                for worker in list(self.workers):
                    self._mend(worker, passed_s)
        finally:
            self._stop()

    def _start(self, place: int) -> Worker:
        self._held[place] = ABSENT
        pulse, far_end = _spawn.Pipe(duplex=False)
        process = _spawn.Process(
            target=run_worker,
            args=(self.settings, self.sockets, far_end, Share(self._held, place)),
            name="inkdigits-worker",
        )
        process.start()
        far_end.close()  # so that its end is seen here when it dies
        return Worker(process, pulse)

    def _listen(self, patience_s: float) -> None:
        """Wait for whatever happens next: beats, errors, ends."""
        ears = {worker.pulse: worker for worker in self.workers}
        ends = [worker.process.sentinel for worker in self.workers]
        for event in wait([*ears, *ends], patience_s):
            if isinstance(event, Connection):
                self._hear(ears[event])

    def _hear(self, worker: Worker) -> None:
        try:
            said = worker.pulse.recv()
        except (EOFError, OSError):
            worker.process.join(_TICK_S)  # it is dying: `_mend` sees to it
            return
        if isinstance(said, InkdigitsError):
            if not self._was_ready:
                raise said
            _log.error("worker %d cannot start: %s", worker.process.pid, said)
            return
        worker.silent_s = 0.0
        if not worker.is_ready:
            worker.is_ready = self._was_ready = True
            _log.info("worker %d is ready", worker.process.pid)

    def _mend(self, worker: Worker, passed_s: float) -> None:
        if worker.process.is_alive():
            queued_s = find_queued_s(worker.process.pid)
            worker.silent_s += passed_s - (queued_s - worker.queued_s)
            worker.queued_s = queued_s
            if worker.silent_s < (HUNG_S if worker.is_ready else START_S):
                return
            _log.error("worker %d stands still", worker.process.pid)
            worker.process.kill()
            worker.process.join()
        code, pid = worker.process.exitcode, worker.process.pid
        if not worker.is_ready and not self._was_ready:
            found = f"a worker ended with {code} before it was ready"
            raise ServerError(found, "workers that start; the log may know more")
        _log.error("worker %d ended with %s; starting another", pid, code)
        if not worker.is_ready:
            time.sleep(PAUSE_S)
        worker.pulse.close()
        place = self.workers.index(worker)
        self.workers[place] = self._start(place)

    def _stop(self) -> None:
        """Tell all to end, wait for what they have taken, and make sure."""
        for one in self.sockets:
            one.close()  # with the last worker's, or clients would wait where nobody comes
        for worker in self.workers:
            worker.process.terminate()
        settings = self.settings
        end_s = time.monotonic() + settings.request_s + settings.body_s + _GRACE_S
        for worker in self.workers:
            while worker.process.is_alive() and time.monotonic() < end_s and self._told < 2:
                worker.process.join(_TICK_S)
            if worker.process.is_alive():
                worker.process.kill()
                worker.process.join()

    def _on_signal(self, _signal: int, _frame: FrameType | None) -> None:
        self._told += 1


def find_queued_s(pid: int | None) -> float:
    """Find how long a process's first thread has been ready to run while others ran, s.

    Args:
        pid: of a process; one that has ended, or None, has waited for nothing.

    Returns:
        Since its start. 0 where the system does not tell: it is Linux that does.
    """
    with suppress(OSError, ValueError, IndexError):
        text = Path(f"/proc/{pid}/schedstat").read_text(encoding="ascii")
        return int(text.split()[1]) / 1e9
    return 0.0


def run_worker(
    settings: Settings, sockets: list[socket.socket], pulse: Connection, share: Share
) -> None:
    """Serve, in a process of its own, until told to stop or until the supervisor is gone.

    Args:
        settings: of the server.
        sockets: of the supervisor.
        pulse: is told an error that keeps this from starting, or that all is well.
        share: of the connections.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # until the server is there; Ctrl-C goes to all
    # Not above: the supervisor has no use for these, and they are large.
    from inkdigits.service.readers import load_readers  # noqa: PLC0415
    from inkdigits.service.server import serve  # noqa: PLC0415

    async def beat() -> None:
        try:
            pulse.send(None)
        except OSError:  # the supervisor is gone
            signal.raise_signal(signal.SIGTERM)

    try:
        readers = load_readers(settings)
        allow_many_connections()
        serve(settings, sockets, readers, beat, share)
    except InkdigitsError as error:  # there may be no room to count in, too
        pulse.send(error)
