"""What reading one picture may cost → a watch over it while it is read.

Work is counted in what a picture holds, so that the same picture gets the same answer on every
machine. A clock of the processor is the last resort, for what nobody has counted.
"""

import time
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from inkdigits.errors import DeadlineExceeded, TooComplex

GivenUp = Callable[[], bool]
"""Tells whether nobody waits for an answer any more."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """What reading one picture may cost.

    Attributes:
        pieces: of ink, separate ones. A digit has few, a page of numbers hundreds.
        steps: of looking for several digits: each about a microsecond of a server's processor.
        processor_s: of the thread that reads it. Only a fault in the counting ever gets so far.
    """

    pieces: int
    steps: int
    processor_s: float


QUICK = Allowance(pieces=64, steps=0, processor_s=1.0)
"""Of a picture on the event loop, where others wait: it costs no more than its pixels."""
DIGIT = Allowance(pieces=20_000, steps=100_000, processor_s=5.0)
"""Of a picture of one digit: noise and dots are looked through for it, too."""
NUMBER = Allowance(pieces=20_000, steps=500_000, processor_s=10.0)
"""Of a page of numbers."""


def never() -> bool:
    """Say that somebody waits for the answer."""
    return False


class Budget:
    """Watches over the reading of one picture, from the moment it is made, in one thread.

    Args:
        allowed: what it may cost.
        given_up: tells whether nobody waits for the answer any more.
        clock: of the thread's processor time, s.
    """

    def __init__(
        self,
        allowed: Allowance,
        given_up: GivenUp = never,
        clock: Callable[[], float] = time.thread_time,
    ) -> None:
        self.allowed = allowed
        self.steps = 0
        self._most = allowed.steps
        self.given_up = given_up
        self._clock = clock
        self._end_s = clock() + allowed.processor_s
        self._soonest_s = time.perf_counter() + allowed.processor_s

    def renewed(self) -> "Budget":
        """Give the same for the next picture that is read for the same caller."""
        return Budget(self.allowed, self.given_up, self._clock)

    def check(self) -> None:
        """Go on, unless nobody waits any more or it took too long.

        Raises:
            DeadlineExceeded: it was given up.
            TooComplex: the processor worked on it for longer than allowed.
        """
        if self.given_up():
            raise DeadlineExceeded
        # A thread has had no more of a processor than time has passed, which is soon told.
        if time.perf_counter() >= self._soonest_s and self._clock() > self._end_s:
            over_s = self.allowed.processor_s
            raise TooComplex("seconds of a processor", over_s, over_s)

    def count_pieces(self, found: int) -> None:
        """Go on with so many pieces of ink, unless they are too many. Errors as of `check`."""
        if found > self.allowed.pieces:
            raise TooComplex("pieces of ink", found, self.allowed.pieces)
        self.check()

    def spend(self, steps: int) -> None:
        """Go on with so many steps more, unless they are too many. Errors as of `check`."""
        self.steps += steps
        if self.steps > self._most:
            raise TooComplex("steps of work", self.steps, self._most)
        self.check()

    @contextmanager
    def optional(self, share: float = 1.0) -> Generator[None]:
        """Do work that can be done without: the next step past a share of all ends it, no more.

        Args:
            share: of all steps allowed, 0 to 1; those that were taken before count.
        """
        most, self._most = self._most, min(self._most, int(share * self.allowed.steps))
        try:
            with suppress(TooComplex):
                yield
        finally:
            self._most = most
