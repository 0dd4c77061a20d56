"""Small pictures of many callers in, predictions out: those that came together are read together.

Read one after the other, each picture finds the processor's caches full of the steps that the
one before it took last. Read stage by stage, eight of them take three quarters of the time.
Nobody waits for company by the clock: the lane sees the event loop come round, and as soon as a
turn brings nothing new, whatever is there is read.

For one event loop; nothing here is safe to be called from other threads.
"""

import asyncio
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from inkdigits.budget import QUICK, Budget
from inkdigits.decision.expected import Expected
from inkdigits.decision.prediction import Prediction
from inkdigits.engine.gate import RETRY_AFTER_S
from inkdigits.errors import DeadlineExceeded, InkdigitsError, Overloaded
from inkdigits.files.picture import Picture
from inkdigits.outcome import or_raise
from inkdigits.reader import Reader, Result, StageTimes

TOGETHER = 8
"""Pictures read without a look at anything else: 2 to 4 ms."""
_TURNS = 4
"""Of the event loop, at most, while each brings more pictures: some 50 us each."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A picture that is to be read.

    Attributes:
        reader: who reads it.
        data: the encoded picture, or a `Page` of it.
        times: is filled in.
        deadline: until when somebody waits, by the event loop's clock, s.
        expected: as of `Reader.predict_digit`.
    """

    reader: Reader
    data: Picture
    times: StageTimes
    deadline: float
    expected: Expected = Expected()


class Lane:
    """Reads small pictures on the event loop, first come, first served.

    Args:
        most_waiting: pictures that wait beside the first one; the next one is refused.

    Attributes:
        refused: pictures that were refused, since the start.
    """

    def __init__(self, most_waiting: int) -> None:
        self.most_waiting = most_waiting
        self.refused = 0
        self._queue: deque[tuple[Waiting, asyncio.Future[Result]]] = deque()

    @property
    def waiting(self) -> int:
        """Pictures that wait."""
        return len(self._queue)

    async def read(self, one: Waiting) -> Prediction:
        """Read a picture as soon as those before it are read.

        Raises:
            ImageError: not readable, not allowed, too large, or nothing is drawn.
            TooComplex: others would wait too long for it; it should be read in a thread.
            Overloaded: too many are waiting already.
            DeadlineExceeded: its turn came too late.
        """
        return or_raise(await self._enqueue(one))

    def _enqueue(self, one: Waiting) -> "asyncio.Future[Result]":
        if len(self._queue) > self.most_waiting:
            self.refused += 1
            raise Overloaded(RETRY_AFTER_S)
        loop = asyncio.get_running_loop()
        if not self._queue:
            loop.call_soon(self._gather, loop, 0, 0)
        answer: asyncio.Future[Result] = loop.create_future()
        self._queue.append((one, answer))
        return answer

    def _gather(self, loop: asyncio.AbstractEventLoop, before: int, turns: int) -> None:
        """Let those in that come just now."""
        count = len(self._queue)
        if before < count < TOGETHER and turns < _TURNS:
            loop.call_soon(self._gather, loop, count, turns + 1)
        else:
            self._work(loop)

    def _work(self, loop: asyncio.AbstractEventLoop) -> None:
        taken = [self._queue.popleft() for _ in range(min(TOGETHER, len(self._queue)))]
        if self._queue:
            loop.call_soon(self._work, loop)
        there = [(one, answer) for one, answer in taken if not answer.done()]
        for _, group in groupby(there, lambda pair: (id(pair[0].reader), pair[0].expected)):
            self._read(list(group), loop.time())

    def _read(self, pairs: list[tuple[Waiting, asyncio.Future[Result]]], now: float) -> None:
        late = [answer for one, answer in pairs if one.deadline <= now]
        for answer in late:
            answer.set_result(DeadlineExceeded())
        pairs = [pair for pair in pairs if not pair[1].done()]
        for (_, answer), result in zip(pairs, _results([one for one, _ in pairs]), strict=True):
            if isinstance(result, Prediction | InkdigitsError):
                answer.set_result(result)
            else:
                answer.set_exception(result)


def _results(ones: Sequence[Waiting]) -> Sequence[Result | Exception]:
    """Read pictures of one reader together; alone where together they fail."""
    if not ones:
        return []
    try:
        data, times = [one.data for one in ones], [one.times for one in ones]
        return ones[0].reader.predict_digits(data, times, Budget(QUICK), ones[0].expected)
    except Exception as error:  # noqa: BLE001  # a stranger's model may fail in any way
        return [error] if len(ones) == 1 else [_results([one])[0] for one in ones]
