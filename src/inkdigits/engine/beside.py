"""Large pictures of many callers in, what is made of them out: in threads, a few at a time.

So they hold up nobody on the event loop. For one event loop; nothing here is safe to be
called from other threads.
"""

import asyncio
import os
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from typing import TypeVar

from inkdigits.engine.gate import RETRY_AFTER_S, Gate
from inkdigits.engine.heap import give_back
from inkdigits.errors import DeadlineExceeded, Draining, Overloaded
from inkdigits.outcome import is_shortage

T = TypeVar("T")

TIDY_S = 1.0
"""From a large picture to the return of its memory, if no other one is being read then."""
NICENESS = 17
"""Of the threads, on Linux. A thread in C code yields at the kernel's tick only, 4 ms, so the
loop should meet it seldom: at 17 it gets a fiftieth of a core that the loop keeps busy, where a
12 MP photo takes a second, and all of one that it does not. At 10 every sixtieth small one waits.
"""


class Beside:
    """Works in threads, first come, first served; refuses who comes when all is full.

    Args:
        threads: pieces of work at a time.
        waiting: pieces of work that wait; the next one is refused.
    """

    def __init__(self, threads: int, waiting: int) -> None:
        self.gate = Gate(threads, waiting)
        self._pool = ThreadPoolExecutor(threads, "inkdigits-reader", initializer=_step_back)
        self._tidying: asyncio.TimerHandle | None = None

    def start(self) -> None:
        """Start all threads now, while there is memory.

        CPython waits for a new thread to say that it runs, for ever where it dies before for lack
        of memory: the event loop would stand still.
        """
        begun = threading.Event()
        with suppress(RuntimeError):  # there is none even now: `run` will say so
            for _ in range(self.gate.slots):
                self._pool.submit(begun.wait)
        begun.set()

    async def run(self, work: Callable[[threading.Event], T], deadline: float) -> T:
        """Work in a thread. Its slot is taken until the thread is done, whoever leaves before.

        Args:
            work: is told by the event that nobody waits for it any more.
            deadline: until when somebody waits, by the event loop's clock, s.

        Raises:
            Overloaded: too many are waiting already, or the system gives no thread.
            DeadlineExceeded: it took longer.
            Draining: closed.
        """
        loop, given_up = asyncio.get_running_loop(), threading.Event()
        await self.gate.acquire(deadline)

        def done(_: "Future[T]") -> None:
            with suppress(RuntimeError):  # the loop is closed: nobody waits any more
                loop.call_soon_threadsafe(self._leave, loop)

        try:
            future = self._pool.submit(work, given_up)
        except RuntimeError as error:  # closed meanwhile, or no thread can be had
            given_up.set()  # it waits for the next thread all the same
            self.gate.release()
            raise (Overloaded if is_shortage(error) else Draining)(RETRY_AFTER_S) from None
        future.add_done_callback(done)
        try:
            async with asyncio.timeout_at(deadline):
                return await asyncio.wrap_future(future)
        except TimeoutError:
            raise DeadlineExceeded from None
        finally:
            given_up.set()
            del future  # its error would hold this frame, and this frame the picture

    def close(self) -> None:
        """Let the threads go. What they are at is finished."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _leave(self, loop: asyncio.AbstractEventLoop) -> None:
        self.gate.release()
        if self._tidying is None:
            self._tidying = loop.call_later(TIDY_S, self._tidy)

    def _tidy(self) -> None:
        self._tidying = None
        if self.gate.in_flight:
            return  # whoever leaves next comes here
        with suppress(RuntimeError):  # closed meanwhile
            self._pool.submit(give_back)


def _step_back() -> None:
    """Let the event loop's thread go first."""
    if sys.platform == "linux":  # elsewhere niceness is that of the whole process
        thread = threading.get_native_id()
        with suppress(OSError):  # a sandbox may forbid it: then all threads are alike
            if os.getpriority(os.PRIO_PROCESS, thread) < NICENESS:  # back again, nobody may
                os.setpriority(os.PRIO_PROCESS, thread, NICENESS)
