"""Pictures of many callers in, predictions out: small ones at once, large ones beside them.

Two lanes. A small picture takes less time than a hop to a thread, so it is read on the
event loop, with those that came at the same time. A large one is read in a thread, so that it never
holds up the small ones. Both lanes are bounded: who comes when one is full is refused.
"""

import asyncio
import threading
import time
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal, TypeVar

from inkdigits.budget import DIGIT, NUMBER, Allowance, Budget
from inkdigits.decision.expected import Expected
from inkdigits.decision.number import NumberPrediction
from inkdigits.decision.prediction import Prediction
from inkdigits.engine.beside import Beside
from inkdigits.engine.cost import count_allowed_pixels, is_quick
from inkdigits.engine.gate import RETRY_AFTER_S
from inkdigits.engine.lane import TOGETHER, Lane, Waiting
from inkdigits.engine.observation import Observation, observe_result
from inkdigits.errors import BatchTooLarge, Draining, InkdigitsError, ModelNotFound, TooComplex
from inkdigits.files.picture import Picture
from inkdigits.reader import Reader, Result, StageTimes
from inkdigits.sample import Samples, check_samples

State = Literal["starting", "ready", "draining"]
T = TypeVar("T")
One = TypeVar("One", Prediction, NumberPrediction)
_Ask = Callable[
    [Sequence[bytes], Sequence[StageTimes], Budget, Expected], list[One | InkdigitsError]
]

QUICK_SAMPLES = 8
"""Up to here samples are read on the event loop: well under 2 ms."""
_MOST_UNPACKING = 32  # that wait; the next one is refused
_CHUNK = 64  # samples between two looks at the clock
_NONE: Mapping[str, Reader] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class EngineLimits:
    """How much is done and waits at a time.

    Attributes:
        threads: large pictures read at a time.
        waiting: small pictures that wait; at 0.5 ms each the last one waits half a second.
        waiting_large: large pictures, and batches, that wait.
        request_s: time for one request, waiting included.
        batch: pictures of one batch.
        batch_pixels: px of all pictures of one batch together.
    """

    threads: int = 2
    waiting: int = 1024
    waiting_large: int = 64
    request_s: float = 10.0
    batch: int = 64
    batch_pixels: int = 128_000_000


class Engine:
    """Reads for many callers, all of them on one event loop.

    Args:
        readers: by name, the default one first. Empty until the models are loaded; may be
            replaced at any time.
        limits: bounds of work and waiting.
        observe: is told of every picture, read or not, on the event loop.
    """

    def __init__(
        self,
        readers: Mapping[str, Reader] = _NONE,
        limits: EngineLimits = EngineLimits(),
        observe: Callable[[Observation], None] = lambda _: None,
    ) -> None:
        self.readers = readers
        self.limits = limits
        self.observe = observe
        self._small = Lane(limits.waiting)
        self._large = Beside(limits.threads, limits.waiting_large)
        self._unpacking = Beside(1, _MOST_UNPACKING)
        self._draining = False
        self._closed = False

    @property
    def state(self) -> State:
        """Starting until there are readers; draining once nothing new should come."""
        if self._draining:
            return "draining"
        return "ready" if self.readers else "starting"

    @property
    def in_flight(self) -> int:
        """Large pictures, or batches, that are read; while a small one is, nobody can ask."""
        return self._large.gate.in_flight

    @property
    def waiting(self) -> int:
        """Pictures, or batches, that wait to be read."""
        return self._small.waiting + self._large.gate.waiting

    @property
    def refused(self) -> int:
        """Pictures, or batches, that were refused because all was full, since the start."""
        return self._small.refused + self._large.gate.refused

    def choose(self, model: str | None) -> Reader:
        """Find a reader by name.

        Args:
            model: a name; None for the default one.

        Raises:
            ModelNotFound: there is none of this name; lists those there are.
        """
        if model is None and self.readers:
            return next(iter(self.readers.values()))
        if model is not None and model in self.readers:
            return self.readers[model]
        known = f"one of {', '.join(self.readers)}"
        raise ModelNotFound(str(model), "this server has no such model", known)

    def start(self) -> None:
        """Start the threads for large pictures before anybody needs them."""
        self._large.start()
        self._unpacking.start()

    def drain(self) -> None:
        """Say in `state` that nothing new should come. Who has been let in is served still."""
        self._draining = True

    def close(self) -> None:
        """Take nothing any more, and let the threads go. What they are at is finished."""
        self._closed = True
        self._large.close()
        self._unpacking.close()

    async def predict_digit(
        self, data: Picture, model: str | None = None, expected: Expected = Expected()
    ) -> Prediction:
        """Read the one digit of a picture.

        Args:
            data: a whole file, or a `Page` of it.
            model: a name; None for the default one.
            expected: as of `Reader.predict_digit`.

        Raises:
            ImageError: not readable, not allowed, too large, or nothing is drawn.
            Mismatch: the expected part leaves the picture.
            ModelNotFound: there is no such model.
            Overloaded: too many are waiting already.
            DeadlineExceeded: it took longer than `request_s`.
            Draining: the engine is closed.
        """
        reader, times = self._begin(model), StageTimes()
        reading = self._read_digit(Waiting(reader, data, times, self._deadline(), expected))
        return await self._observed(reader, times, reading)

    async def predict_number(
        self, data: Picture, expected: Expected = Expected(), model: str | None = None
    ) -> NumberPrediction:
        """Read all digits of a picture, beside the small ones: a bad one takes seconds.

        Args and errors are those of `predict_digit`; `expected` is what each line must hold.
        """
        reader, times = self._begin(model), StageTimes()

        def work(given_up: threading.Event) -> NumberPrediction:
            return reader.predict_number(data, expected, times, Budget(NUMBER, given_up.is_set))

        return await self._observed(reader, times, self._beside(work))

    async def predict_batch(
        self, pictures: Sequence[bytes], model: str | None = None, expected: Expected = Expected()
    ) -> list[Result]:
        """Read the one digit of each of several pictures, whole JPEG or PNG files.

        Args and errors are those of `predict_digit`.

        Returns:
            For each picture, in their order, a prediction or what is wrong with it.

        Raises:
            BatchTooLarge: too many pictures, or too many px in all.
        """
        reader = self._begin(model)
        return await self._batch(reader, reader.predict_digits, pictures, expected, DIGIT)

    async def predict_numbers(
        self, pictures: Sequence[bytes], model: str | None = None, expected: Expected = Expected()
    ) -> list[NumberPrediction | InkdigitsError]:
        """Read all digits of each of several pictures. Args and errors: `predict_batch`."""
        reader = self._begin(model)
        return await self._batch(reader, reader.predict_numbers, pictures, expected, NUMBER)

    async def _batch(
        self,
        reader: Reader,
        ask: _Ask[One],
        pictures: Sequence[bytes],
        expected: Expected,
        allowed: Allowance,
    ) -> list[One | InkdigitsError]:
        if len(pictures) > self.limits.batch:
            raise BatchTooLarge("pictures", len(pictures), self.limits.batch)

        def work(given_up: threading.Event) -> list[tuple[One | InkdigitsError, StageTimes]]:
            pixels = sum(count_allowed_pixels(data, reader.limits) for data in pictures)
            if pixels > self.limits.batch_pixels:
                raise BatchTooLarge("px in all pictures", pixels, self.limits.batch_pixels)
            read: list[tuple[One | InkdigitsError, StageTimes]] = []
            for some in _portions(pictures):
                times, budget = [StageTimes() for _ in some], Budget(allowed, given_up.is_set)
                read += zip(ask(some, times, budget, expected), times, strict=True)
            return read

        results = await self._beside(work)
        for result, times in results:
            self.observe(observe_result(reader.model.card.name, result, times))
        return [result for result, _ in results]

    async def predict_samples(self, samples: Samples, model: str | None = None) -> list[Prediction]:
        """Read a batch of samples.

        Args:
            samples: (N, 28, 28) or any shape that `check_samples` takes; N may be 0.
            model: as of `predict_digit`, as are the other errors.

        Returns:
            One prediction a sample, in their order, without boxes.

        Raises:
            SampleError: these are no samples.
        """
        reader, batch = self._begin(model), check_samples(samples)

        def work(given_up: threading.Event) -> tuple[list[Prediction], float]:
            start_s = time.perf_counter()
            read: list[Prediction] = []
            for at in range(0, len(batch), _CHUNK):
                if not given_up.is_set():
                    read += reader.predict_samples(batch[at : at + _CHUNK])
            return read, time.perf_counter() - start_s

        quick = len(batch) <= QUICK_SAMPLES
        read, took_s = work(threading.Event()) if quick else await self._beside(work)
        for prediction in read:
            times = StageTimes(model_s=took_s / len(read))
            self.observe(observe_result(reader.model.card.name, prediction, times))
        return read

    async def run(self, work: Callable[[Reader, Budget], T], model: str | None = None) -> T:
        """Do some other work with a reader, beside the small pictures. Nobody observes it.

        Args:
            work: is called in a thread, with a budget of one digit; what it returns or raises
                is passed on. All else is as of `predict_digit`.
            model: as of `predict_digit`.
        """
        reader = self._begin(model)
        return await self._beside(lambda given_up: work(reader, Budget(DIGIT, given_up.is_set)))

    async def unpack(self, work: Callable[[], T]) -> T:
        """Unpack or parse what would hold up the event loop; in a thread, one at a time."""
        return await self._unpacking.run(lambda _: work(), self._deadline())

    async def _read_digit(self, one: Waiting) -> Prediction:
        """Read a picture on the event loop, where that holds nobody up; else in a thread."""
        if is_quick(one.data):
            try:
                return await self._small.read(one)
            except TooComplex:  # for the loop
                pass

        def work(given_up: threading.Event) -> Prediction:
            budget = Budget(DIGIT, given_up.is_set)
            return one.reader.predict_digit(one.data, one.times, budget, one.expected)

        return await self._large.run(work, one.deadline)

    async def _observed(
        self, reader: Reader, times: StageTimes, reading: Coroutine[Any, Any, One]
    ) -> One:
        try:
            read = await reading
        except InkdigitsError as error:
            self.observe(observe_result(reader.model.card.name, error, times))
            raise
        self.observe(observe_result(reader.model.card.name, read, times))
        return read

    def _begin(self, model: str | None) -> Reader:
        if self._closed:
            raise Draining(RETRY_AFTER_S)
        return self.choose(model)

    def _deadline(self) -> float:
        return asyncio.get_running_loop().time() + self.limits.request_s

    async def _beside(self, work: Callable[[threading.Event], T]) -> T:
        return await self._large.run(work, self._deadline())


def _portions(pictures: Sequence[bytes]) -> list[list[bytes]]:
    """Divide pictures, in their order: some quick ones together, each large one alone."""
    portions: list[list[bytes]] = []
    is_open = False
    for data in pictures:
        quick = is_quick(data)
        if is_open and quick and len(portions[-1]) < TOGETHER:
            portions[-1].append(data)
        else:
            portions.append([data])
        is_open = quick
    return portions
