"""The supervisor with workers that only pretend; real ones are in tests/e2e/test_lifecycle.py."""

import math
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from multiprocessing import Pipe
from pathlib import Path

import pytest

from inkdigits.errors import InkdigitsError, ModelNotFound, ServerError
from inkdigits.service import supervisor as module
from inkdigits.service.settings import Settings
from inkdigits.service.shares import Share
from inkdigits.service.supervisor import Supervisor, Worker, find_queued_s, run_worker
from tests.patience import PATIENCE_S


@dataclass
class Pretender:
    """A process that does as it is told. Its end is told by a pipe, as a real one's."""

    exitcode: int | None = None
    told: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._ear, self._mouth = Pipe(duplex=False)
        self.pulse, self.far_end = Pipe(duplex=False)
        self.pid = id(self)

    @property
    def sentinel(self) -> int:
        return self._ear.fileno()

    def is_alive(self) -> bool:
        return self.exitcode is None

    def say(self, what: object = None) -> None:
        self.far_end.send(what)

    def end(self, code: int) -> None:
        self.exitcode = code
        self.far_end.close()
        self._mouth.close()

    def terminate(self) -> None:
        self.told.append("terminate")
        if self.is_alive():
            self.end(0)

    def kill(self) -> None:
        self.told.append("kill")
        self.end(-9)

    def join(self, _: float = 0) -> None:
        pass


@dataclass
class Stage:
    """A supervisor that runs, and the pretenders that it has started."""

    supervisor: Supervisor
    started: list[Pretender] = field(default_factory=list)

    def start(self, _place: int = 0) -> Worker:
        one = Pretender()
        self.started.append(one)
        return Worker(one, one.pulse)  # type: ignore[arg-type]

    def play(self, acts: Callable[[], None]) -> None:
        """Run in this thread while `acts` goes on in another; then tell it to stop."""
        failures: list[BaseException] = []

        def act() -> None:
            try:
                acts()
            except BaseException as error:  # noqa: BLE001 (told below)
                failures.append(error)
            finally:
                os.kill(os.getpid(), signal.SIGTERM)

        other = threading.Thread(target=act)
        other.start()
        try:
            self.supervisor.run()
        finally:
            other.join()
        assert failures == []

    def until(self, condition: Callable[[], object]) -> None:
        end_s = time.monotonic() + PATIENCE_S
        while not condition():
            assert time.monotonic() < end_s
            time.sleep(0.01)

    def until_started(self, count: int) -> None:
        self.until(lambda: len(self.started) >= count)

    def until_ready(self) -> None:
        """Start both, and let them say that they are well."""
        self.until_started(2)
        for one in self.started:
            one.say()
        self.until(lambda: all(worker.is_ready for worker in self.supervisor.workers))

    def until_over(self) -> None:
        self.until(lambda: all(one.told for one in self.started))


@pytest.fixture
def stage(monkeypatch: pytest.MonkeyPatch) -> Stage:
    stage = Stage(Supervisor(Settings(workers=2), []))
    monkeypatch.setattr(stage.supervisor, "_start", stage.start)
    monkeypatch.setattr(module, "PAUSE_S", 0.05)
    return stage


def test_workers_are_started_and_told_to_end(stage: Stage) -> None:
    before = signal.getsignal(signal.SIGTERM)

    def acts() -> None:
        stage.until_ready()

    stage.play(acts)
    assert [one.told for one in stage.started] == [["terminate"], ["terminate"]]
    assert signal.getsignal(signal.SIGTERM) is before


def test_one_that_dies_is_replaced_at_once(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PAUSE_S", math.inf)  # which nobody can wait for

    def acts() -> None:
        stage.until_ready()
        stage.started[0].end(-9)
        stage.until_started(3)
        stage.started[1].end(0)  # whatever the reason: nobody told it to
        stage.until_started(4)

    stage.play(acts)
    assert [one.told for one in stage.started[2:]] == [["terminate"], ["terminate"]]


def test_one_that_stands_still_is_replaced(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "HUNG_S", 5.0)
    passed_s = count()

    def clock() -> float:
        """A second passes, and all tell that they are well; the second one does so only once."""
        second = next(passed_s)
        for number, one in enumerate(stage.started):
            if number != 1 or not second:
                one.say()
        return second

    def acts() -> None:
        stage.until_started(3)

    stage.supervisor.clock = clock
    stage.play(acts)
    assert "kill" in stage.started[1].told
    assert "kill" not in stage.started[0].told


def test_one_that_was_paused_together_with_its_supervisor_is_well(stage: Stage) -> None:
    forward_s, looks = [0.0], []

    def clock() -> float:
        looks.append(time.monotonic() + forward_s[0])
        return looks[-1]

    stage.supervisor.clock = clock

    def acts() -> None:
        stage.until_ready()
        forward_s[0] += module.HUNG_S + 5
        looked = len(looks)
        stage.until(lambda: len(looks) > looked + 4)  # it has gone round twice

    stage.play(acts)
    assert [one.told for one in stage.started] == [["terminate"], ["terminate"]]


def test_time_in_which_others_had_the_processor_does_not_count(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    queued_s = [5.0]
    monkeypatch.setattr(module, "find_queued_s", lambda _: queued_s[0])
    worker = stage.start()
    worker.is_ready, worker.queued_s = True, 5.0
    stage.supervisor.workers = [worker]
    queued_s[0] += module.HUNG_S
    stage.supervisor._mend(worker, module.HUNG_S + 1)  # noqa: SLF001 (no clock is that patient)
    assert stage.started[0].told == []
    stage.supervisor._mend(worker, module.HUNG_S)  # noqa: SLF001
    assert "kill" in stage.started[0].told


@pytest.mark.skipif(not Path("/proc/self/schedstat").exists(), reason="Linux tells of waiting")
def test_waiting_for_a_processor_is_found() -> None:
    before_s = find_queued_s(os.getpid())
    end_s = time.process_time() + 0.05
    while time.process_time() < end_s:
        pass
    assert 0 < before_s <= find_queued_s(os.getpid())
    assert find_queued_s(None) == 0


def test_what_keeps_the_first_from_starting_is_raised(stage: Stage) -> None:
    def acts() -> None:
        stage.until_started(2)
        stage.started[0].say(ModelNotFound("x", "nothing", "a file"))
        stage.until_over()

    _assert_raises(stage, acts, ModelNotFound)


def test_a_first_worker_that_dies_ends_it_all(stage: Stage) -> None:
    def acts() -> None:
        stage.until_started(2)
        stage.started[0].end(1)
        stage.until_over()

    _assert_raises(stage, acts, ServerError)


@pytest.fixture(autouse=True)
def _survive() -> Iterator[None]:
    """Where the supervisor is gone already, the signal reaches these tests."""
    handler = signal.signal(signal.SIGTERM, lambda *_: None)
    yield
    signal.signal(signal.SIGTERM, handler)


def _assert_raises(stage: Stage, acts: Callable[[], None], kind: type[InkdigitsError]) -> None:
    with pytest.raises(kind):
        stage.play(acts)
    assert all("terminate" in one.told for one in stage.started)


def test_later_ones_that_cannot_start_are_tried_again(stage: Stage) -> None:
    def acts() -> None:
        stage.until_ready()
        stage.started[0].end(-9)
        stage.until_started(3)
        stage.started[2].say(ModelNotFound("x", "gone meanwhile", "a file"))
        stage.started[2].end(0)
        stage.until_started(4)

    stage.play(acts)


def test_a_worker_tells_what_keeps_it_from_starting() -> None:
    pulse, far_end = Pipe(duplex=False)
    handler = signal.getsignal(signal.SIGINT)
    try:
        run_worker(Settings(models=("nowhere.onnx",)), [], far_end, Share([0]))
    finally:
        signal.signal(signal.SIGINT, handler)
    assert isinstance(pulse.recv(), ModelNotFound)
