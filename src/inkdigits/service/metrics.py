"""What happens in, Prometheus metrics out, right with one worker and with several.

Names carry their unit. Every label has few values: routes are templates, methods and codes
are known ones, so that no client can fill the memory with series.
"""

import os
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, Protocol

import anyio
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.exposition import choose_encoder
from prometheus_client.multiprocess import MultiProcessCollector

from inkdigits.engine.observation import Observation
from inkdigits.model.card import Card
from inkdigits.service.shared import forget_dead, reserve_room, shared_folder

PREFIX = "inkdigits_"
REQUEST_S = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
STAGE_S = (0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5)
CONFIDENCES = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 1)
SAMPLE_S = 1.0
_TRIES, _PAUSE_S = 3, 0.02
STAGES = ("decode", "line", "model")
_STATM = Path("/proc/self/statm")


@dataclass(frozen=True, slots=True)
class Served:
    """One request that was answered.

    Attributes:
        method: an HTTP method that is known here.
        route: the template of the address, as `/predict`.
        status: of the answer; 0 when the client left before there was one.
        code: of the problem that was answered, "" when there was none.
        seconds: from the first byte of the request's head to the end of the answer.
    """

    method: str
    route: str
    status: int
    code: str
    seconds: float


class Queue(Protocol):
    """What waits and what is worked on: an engine, or one gate of it."""

    @property
    def in_flight(self) -> int: ...  # noqa: D102
    @property
    def waiting(self) -> int: ...  # noqa: D102
    @property
    def refused(self) -> int: ...  # noqa: D102


class Metrics:
    """The metrics of one application. With several workers, any of them tells of all."""

    def __init__(self) -> None:
        if (folder := shared_folder()) is not None:
            reserve_room(folder)
        self._folder = folder
        self._registry = CollectorRegistry()
        self._refused_before = 0
        self._cpu_before_s = 0.0
        self._requests = self._counter(
            "requests", "Requests answered.", "method", "route", "status", "code"
        )
        self._request_s = self._histogram(
            "request_seconds", "From a request's head to the end of its answer.", REQUEST_S, "route"
        )
        self._stage_s = self._histogram(
            "stage_seconds", "Time of each stage of reading a picture.", STAGE_S, "stage"
        )
        self._predictions = self._counter(
            "predictions", "Pictures read.", "model", "digit", "accepted", "reason"
        )
        self._unread = self._counter("unread_pictures", "Pictures not read.", "model", "code")
        self._confidence = self._histogram(
            "confidence", "Calibrated probability of what is answered.", CONFIDENCES, "model"
        )
        self._refused = self._total("refused", "Pictures refused at once: all was full.")
        self._cpu_s = self._total("cpu_seconds", "Processor time of all workers.")
        self._in_flight = self._gauge("in_flight", "Pictures being read.")
        self._waiting = self._gauge("waiting", "Pictures waiting to be read.")
        self._memory = self._gauge("memory_bytes", "Resident memory of all workers.")
        self._workers = self._gauge("workers", "Workers that run.")
        self._models = self._gauge(
            "model_info", "Workers that serve a model.", "name", "version", "sha256"
        )
        self._version = self._gauge("info", "Workers of a version of inkdigits.", "version")

    def count_request(self, served: Served) -> None:
        """Count one request and the time it took."""
        status = str(served.status)
        self._requests(served.method, served.route, status, served.code).inc()
        self._request_s(served.route).observe(served.seconds)

    def count_reading(self, seen: Observation) -> None:
        """Count one picture: what was read or why not, how sure it is, and its stages."""
        for stage in STAGES:
            if (seconds := getattr(seen, f"{stage}_s")) > 0:
                self._stage_s(stage).observe(seconds)
        if seen.code:
            self._unread(seen.model, seen.code).inc()
            return
        labels = (str(seen.accepted).lower(), seen.reason or "")
        self._predictions(seen.model, seen.digit or "", *labels).inc()
        self._confidence(seen.model).observe(seen.confidence)

    def describe(self, version: str, cards: Iterable[Card]) -> None:
        """Say what serves here: the version of this package, and the cards of its models."""
        self._workers.set(1)
        self._version.labels(version).set(1)
        for card in cards:
            self._models.labels(card.name, card.version, card.sha256).set(1)

    def sample(self, queue: Queue | None) -> None:
        """Note what changes by itself: the queue, the memory, the processor time."""
        if queue is not None:
            self._in_flight.set(queue.in_flight)
            self._waiting.set(queue.waiting)
            self._refused.inc(queue.refused - self._refused_before)
            self._refused_before = queue.refused
        self._memory.set(_resident_bytes())
        cpu_s = time.process_time()
        self._cpu_s.inc(cpu_s - self._cpu_before_s)
        self._cpu_before_s = cpu_s

    def write(self, accept: str) -> tuple[bytes, str]:
        """Write all metrics of all workers.

        Args:
            accept: the request's header; OpenMetrics is written to who asks for it.

        Returns:
            The text and its content type.
        """
        try:
            encode, content_type = choose_encoder(accept)
        except (TypeError, ValueError):  # a version that is none
            encode, content_type = choose_encoder("")
        if not self._folder:
            return encode(self._registry), content_type
        for _ in range(_TRIES - 1):
            # Another worker may write a series for the first time, or die, in this very moment.
            with suppress(Exception):
                return encode(self._of_all(self._folder)), content_type
            time.sleep(_PAUSE_S)
        return encode(self._of_all(self._folder)), content_type

    def _of_all(self, folder: Path) -> CollectorRegistry:
        forget_dead(folder)
        registry = CollectorRegistry()
        MultiProcessCollector(registry, str(folder))  # type: ignore[no-untyped-call]
        return registry

    def _counter(self, name: str, about: str, *labels: str) -> Callable[..., Counter]:
        # The few children are kept at hand: `labels` itself takes longer than counting.
        return cache(Counter(PREFIX + name, about, labels, registry=self._registry).labels)

    def _total(self, name: str, about: str) -> Counter:
        return Counter(PREFIX + name, about, registry=self._registry)

    def _histogram(
        self, name: str, about: str, buckets: tuple[float, ...], *labels: str
    ) -> Callable[..., Histogram]:
        registry = self._registry
        return cache(
            Histogram(PREFIX + name, about, labels, buckets=buckets, registry=registry).labels
        )

    def _gauge(self, name: str, about: str, *labels: str) -> Gauge:
        # Of workers that live; those of the dead are removed by `forget_dead`.
        mode: Literal["livesum"] = "livesum"
        return Gauge(PREFIX + name, about, labels, registry=self._registry, multiprocess_mode=mode)


async def keep_sampling(metrics: Metrics, queue: Queue | None) -> None:
    """Sample once a second, so that what one worker tells of the others is no older."""
    while True:
        metrics.sample(queue)
        await anyio.sleep(SAMPLE_S)


def _resident_bytes() -> int:
    try:
        pages = _STATM.read_text(encoding="ascii").split()[1]
    except OSError:  # not Linux
        return 0
    return int(pages) * os.sysconf("SC_PAGE_SIZE")
