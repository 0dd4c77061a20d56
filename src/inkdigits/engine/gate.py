"""Callers in, a few at a time out: bounded work, bounded waiting, refused at once when full.

For one event loop; nothing here is safe to be called from other threads.
"""

import asyncio

from inkdigits.errors import DeadlineExceeded, Overloaded

RETRY_AFTER_S = 1.0
"""What a refused caller is told: all who wait are served within about a second."""


class Gate:
    """Lets in at most so many at a time, first come, first served.

    Args:
        slots: callers inside at a time; at least 1.
        waiting: callers outside that wait; the next one is refused.

    Attributes:
        in_flight: callers inside.
        waiting: callers that wait outside.
        refused: callers that were told to come again, since the start.
    """

    def __init__(self, slots: int, waiting: int) -> None:
        self.slots = slots
        self.most_waiting = waiting
        self.in_flight = self.waiting = self.refused = 0
        self._free = asyncio.Semaphore(slots)

    async def acquire(self, deadline: float) -> None:
        """Wait for a slot, which `release` must give back, whatever happens.

        Args:
            deadline: until when to wait, by the event loop's clock, s.

        Raises:
            Overloaded: all slots and all waiting places are taken.
            DeadlineExceeded: there was no slot in time.
        """
        if self._free.locked() and self.waiting >= self.most_waiting:
            self.refused += 1
            raise Overloaded(RETRY_AFTER_S)
        self.waiting += 1
        try:
            async with asyncio.timeout_at(deadline):
                await self._free.acquire()
        except TimeoutError:
            raise DeadlineExceeded from None
        finally:
            self.waiting -= 1
        self.in_flight += 1

    def release(self) -> None:
        """Hand a slot over to who waits longest; it is free when nobody does."""
        self.in_flight -= 1
        self._free.release()
