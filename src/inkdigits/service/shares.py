"""A listening socket in, its connections out: each of several workers takes its share of them.

Left alone, the worker that wakes first takes all that wait: of 20 times that eight clients came
at once to two workers, one of them got all eight six times, and the other had nothing to do.
"""

import asyncio
import socket
from collections.abc import AsyncIterator, MutableSequence
from dataclasses import dataclass

from anyio import wait_readable

ABSENT = -1
"""Of a worker that does not serve: nobody waits for it to take connections."""
STEP_BACK_S = 0.01
"""Time that a worker which holds more than others leaves to them before it takes one more."""
_PAUSE_S = 0.1
"""Until the next try where the system gives no more files."""


@dataclass(frozen=True, slots=True)
class Share:
    """How many connections this worker holds, beside the others.

    Attributes:
        held: by each worker, in memory that all of them see; `ABSENT` where none serves.
        place: this worker's.
    """

    held: MutableSequence[int]
    place: int = 0

    @property
    def is_ahead(self) -> bool:
        """Whether some other worker holds fewer."""
        mine = self.held[self.place]
        return any(ABSENT < other < mine for other in self.held)


async def take(listening: socket.socket, share: Share) -> AsyncIterator[socket.socket]:
    """Take one connection after the other, for ever, and leave theirs to the other workers.

    Args:
        listening: perhaps shared with them; it no longer blocks.
        share: is kept up to date by who uses this.
    """
    listening.settimeout(0)
    while True:
        try:
            await wait_readable(listening)
            if share.is_ahead:
                await asyncio.sleep(STEP_BACK_S)
            connection, _ = listening.accept()
        except (BlockingIOError, ConnectionAbortedError):  # another was faster, or it has left
            continue
        except (OSError, MemoryError):
            await asyncio.sleep(_PAUSE_S)
            continue
        connection.settimeout(0)
        yield connection
