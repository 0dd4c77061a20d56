"""Callers in, a few at a time out: bounded work, bounded waiting, refused at once when full.

For one event loop; nothing here is safe to be called from other threads.
"""

import asyncio
from collections import deque

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
        refused: callers that were told to come again, since the start.
    """

    def __init__(self, slots: int, waiting: int) -> None:
        self.slots = slots
        self.most_waiting = waiting
        self.in_flight = 0
        self.refused = 0
        self._queue: deque[asyncio.Future[None]] = deque()

    @property
    def waiting(self) -> int:
        """Callers that wait outside."""
        return len(self._queue)

    async def acquire(self, deadline: float) -> None:
        """Wait for a slot, which `release` must give back, whatever happens.

        Args:
            deadline: until when to wait, by the event loop's clock, s.

        Raises:
            Overloaded: all slots and all waiting places are taken.
            DeadlineExceeded: there was no slot in time.
        """
        if self.in_flight < self.slots:
            self.in_flight += 1
            return
        if len(self._queue) >= self.most_waiting:
            self.refused += 1
            raise Overloaded(RETRY_AFTER_S)
        await self._wait(deadline)

    def release(self) -> None:
        """Hand a slot over to who waits longest; it is free when nobody does."""
        while self._queue:
            place = self._queue.popleft()
            if not place.done():
                place.set_result(None)
                return
        self.in_flight -= 1

    async def _wait(self, deadline: float) -> None:
        place = asyncio.get_running_loop().create_future()
        self._queue.append(place)
        try:
            async with asyncio.timeout_at(deadline):
                await place
        except (TimeoutError, asyncio.CancelledError) as left:
            if place.done() and not place.cancelled():
                self.release()  # the slot came in the very moment of leaving
            elif place in self._queue:
                self._queue.remove(place)
            if isinstance(left, TimeoutError):
                raise DeadlineExceeded from None
            raise
