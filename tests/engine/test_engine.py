"""The engine with the tiny model, and with one that waits until it is told to go on."""

import asyncio
import threading
from collections.abc import Coroutine
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from inkdigits.decision.expected import Expected
from inkdigits.decision.number import NumberPrediction
from inkdigits.engine.engine import Engine, EngineLimits
from inkdigits.engine.observation import Observation
from inkdigits.errors import (
    BatchTooLarge,
    BlankImage,
    DeadlineExceeded,
    Draining,
    InkdigitsError,
    ModelNotFound,
    Overloaded,
    SampleError,
    UnsupportedImage,
)
from inkdigits.model.base import Model
from inkdigits.model.loading import load_model
from inkdigits.reader import Reader
from inkdigits.sample import Box
from tests.patience import PATIENCE_S
from tests.tiny import blank_png, encoded, picture, png, write_model

LARGE = encoded(picture("3", side=1200))


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Model:
    return load_model(write_model(tmp_path_factory.mktemp("models") / "tiny.onnx"))


@dataclass
class Slow:
    """A model that does not answer before `go`."""

    model: Model
    go: threading.Event = field(default_factory=threading.Event)
    asked: int = 0

    @property
    def card(self) -> Any:
        return self.model.card

    def logits(self, samples: Any) -> Any:
        self.asked += 1
        assert self.go.wait(PATIENCE_S)
        return self.model.logits(samples)


def _run(work: Coroutine[Any, Any, Any]) -> Any:
    return asyncio.run(asyncio.wait_for(work, PATIENCE_S))


async def _until(condition: Any) -> None:
    while not condition():  # noqa: ASYNC110 (of threads, which set no asyncio.Event)
        await asyncio.sleep(0.002)


def _engine(*models: Model, limits: EngineLimits = EngineLimits()) -> Engine:
    return Engine({one.card.name: Reader(one) for one in models}, limits)


@pytest.mark.parametrize("data", [png("3"), LARGE], ids=["small", "large"])
def test_both_lanes_read_what_the_reader_reads(model: Model, data: bytes) -> None:
    engine = _engine(model)
    assert _run(engine.predict_digit(data)) == Reader(model).predict_digit(data)
    assert (engine.in_flight, engine.waiting, engine.refused) == (0, 0, 0)


@pytest.mark.parametrize("data", [png("3"), LARGE], ids=["small", "large"])
def test_numbers_are_read_in_both_lanes(model: Model, data: bytes) -> None:
    expected = Expected(1, 1)
    read = _run(_engine(model).predict_number(data, expected))
    assert read == Reader(model).predict_number(data, expected)


@pytest.mark.parametrize("pad", [b"", bytes(50_000)], ids=["small", "large"])
def test_errors_of_the_line_come_through(model: Model, pad: bytes) -> None:
    with pytest.raises(UnsupportedImage):
        _run(_engine(model).predict_digit(b"8BPS" + pad))
    with pytest.raises(UnsupportedImage):
        _run(_engine(model).predict_number(b"8BPS" + pad))


def test_a_model_is_chosen_by_its_name(model: Model, tmp_path: Path) -> None:
    other = load_model(write_model(tmp_path / "other.onnx", "other"))
    engine = _engine(model, other)
    assert engine.choose(None) is engine.readers["tiny"]
    assert engine.choose("other").model is other
    for work in (engine.predict_digit(b"", "x"), engine.predict_batch([], "x")):
        with pytest.raises(ModelNotFound, match="one of tiny, other"):
            _run(work)
    with pytest.raises(ModelNotFound):
        Engine().choose(None)


def test_its_state_is_what_it_can_do(model: Model) -> None:
    engine = Engine()
    assert engine.state == "starting"
    engine.readers = {"tiny": Reader(model)}
    assert engine.state == "ready"
    engine.drain()
    assert engine.state == "draining"
    assert _run(engine.predict_digit(png("3"))).digit == "3"  # who has been let in is served


def test_many_small_ones_line_up_and_the_rest_is_refused_at_once(model: Model) -> None:
    engine = _engine(model, limits=EngineLimits(waiting=5))

    async def main() -> list[Any]:
        asked = [engine.predict_digit(png(str(number % 10))) for number in range(10)]
        return await asyncio.gather(*asked, return_exceptions=True)

    ends = _run(main())
    assert [end.digit for end in ends[:6]] == list("012345")
    assert all(isinstance(end, Overloaded) for end in ends[6:])
    assert (engine.in_flight, engine.waiting, engine.refused) == (0, 0, 4)


def test_large_ones_hold_up_no_small_one(model: Model) -> None:
    slow = Slow(model)
    engine = _engine(model)
    engine.readers = {"slow": Reader(slow), "tiny": Reader(model)}

    async def main() -> None:
        large = asyncio.gather(*(engine.predict_digit(LARGE, "slow") for _ in range(4)))
        await _until(lambda: slow.asked == 2)
        assert (engine.in_flight, engine.waiting) == (2, 2)
        assert (await engine.predict_digit(png("7"), "tiny")).digit == "7"
        slow.go.set()
        assert [read.digit for read in await large] == ["3"] * 4

    _run(main())
    assert (engine.in_flight, engine.waiting) == (0, 0)


def test_large_ones_are_refused_when_too_many_wait(model: Model) -> None:
    slow = Slow(model)
    engine = _engine(slow, limits=EngineLimits(threads=1, waiting_large=1))

    async def main() -> None:
        asked = [asyncio.create_task(engine.predict_digit(LARGE)) for _ in range(2)]
        await _until(lambda: slow.asked == 1)
        with pytest.raises(Overloaded):
            await engine.predict_digit(LARGE)
        slow.go.set()
        await asyncio.gather(*asked)

    _run(main())
    assert (engine.in_flight, engine.waiting, engine.refused) == (0, 0, 1)


@pytest.mark.parametrize("leaving", [0, 1, 2, 3])
def test_a_caller_that_leaves_harms_no_neighbour(model: Model, leaving: int) -> None:
    slow = Slow(model)
    engine = _engine(slow, limits=EngineLimits(threads=2))

    async def main() -> None:
        asked = [asyncio.create_task(engine.predict_digit(LARGE)) for _ in range(4)]
        await _until(lambda: slow.asked == 2)
        asked[leaving].cancel()
        await asyncio.sleep(0)
        slow.go.set()
        ends = await asyncio.gather(*asked, return_exceptions=True)
        assert isinstance(ends.pop(leaving), asyncio.CancelledError)
        assert [end.digit for end in ends] == ["3"] * 3
        await _until(lambda: engine.in_flight == 0)
        assert engine.waiting == 0

    _run(main())


def test_a_batch_has_a_result_or_an_error_a_picture_in_order(model: Model) -> None:
    pictures = [png("3"), b"8BPS", LARGE, blank_png(), png("7")]
    results = _run(_engine(model).predict_batch(pictures))
    kinds = [getattr(one, "digit", type(one)) for one in results]
    assert kinds == ["3", UnsupportedImage, "3", BlankImage, "7"]
    assert _run(_engine(model).predict_batch([])) == []


def test_a_batch_is_bounded_in_pictures_and_pixels(model: Model) -> None:
    engine = _engine(model, limits=EngineLimits(batch=3, batch_pixels=100_000))
    assert len(_run(engine.predict_batch([png("1")] * 3))) == 3
    with pytest.raises(BatchTooLarge, match="4 pictures"):
        _run(engine.predict_batch([png("1")] * 4))
    with pytest.raises(BatchTooLarge, match="px"):
        _run(engine.predict_batch([png("1"), encoded(Image.new("L", (300, 300)))]))


def test_a_batch_that_nobody_waits_for_is_not_read_to_its_end(model: Model) -> None:
    slow = Slow(model)
    engine = _engine(slow)

    async def main() -> None:
        batch = asyncio.create_task(engine.predict_batch([png("3")] * 10))
        await _until(lambda: slow.asked == 1)
        batch.cancel()
        await asyncio.sleep(0)
        slow.go.set()
        await _until(lambda: engine.in_flight == 0)

    _run(main())
    assert slow.asked == 1


@pytest.mark.parametrize("count", [0, 1, 8, 9, 200])
def test_samples_are_read_in_order(model: Model, count: int) -> None:
    reader = Reader(model)
    ten = np.stack([reader.find_sample(png(digit))[0] for digit in "0123456789"])
    samples = np.concatenate([ten] * 20)[:count]
    read = _run(_engine(model).predict_samples(samples))
    assert [one.digit for one in read] == [str(number % 10) for number in range(count)]
    assert read == reader.predict_samples(samples)


def test_what_are_no_samples_is_refused(model: Model) -> None:
    with pytest.raises(SampleError):
        _run(_engine(model).predict_samples(np.zeros((2, 5, 5))))


def test_every_picture_is_observed_read_or_not(model: Model) -> None:
    seen: list[Observation] = []
    engine = Engine({"tiny": Reader(model)}, observe=seen.append)

    async def main() -> None:
        await engine.predict_digit(png("3"))
        with pytest.raises(InkdigitsError):
            await engine.predict_digit(blank_png())
        await engine.predict_batch([png("4"), b""])
        await engine.predict_samples(np.stack([Reader(model).find_sample(png("5"))[0]] * 9))

    _run(main())
    assert [one.digit for one in seen] == ["3", None, "4", None, *"555555555"]
    assert [one.code for one in seen[:4]] == [None, "blank-image", None, "broken-image"]
    first, blank = seen[:2]
    assert min(first.decode_s, first.line_s, first.model_s, blank.decode_s) > 0
    assert (blank.model_s, seen[3].decode_s, seen[4].decode_s) == (0, 0, 0)
    assert all(isinstance(one, Observation) and one.model == "tiny" for one in seen)


def test_a_closed_engine_takes_nothing(model: Model) -> None:
    engine = _engine(model)
    engine.close()
    for work in (engine.predict_digit(png("3")), engine.predict_samples(np.zeros((1, 28, 28)))):
        with pytest.raises(Draining):
            _run(work)


def test_a_batch_reads_small_ones_together_and_large_ones_alone(
    model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    counts: list[int] = []
    read = Reader.predict_digits

    def note(self: Reader, pictures: Any, *others: Any, **asked: Any) -> Any:
        counts.append(len(pictures))
        return read(self, pictures, *others, **asked)

    monkeypatch.setattr(Reader, "predict_digits", note)
    results = _run(_engine(model).predict_batch([png("1")] * 9 + [LARGE] * 2 + [png("2")] * 2))
    assert [one.digit for one in results] == ["1"] * 9 + ["3"] * 2 + ["2"] * 2
    assert counts == [8, 1, 1, 1, 2]


def test_a_small_picture_with_much_in_it_is_read_in_a_thread(
    model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: list[str] = []
    read = Reader.predict_digits

    def note(self: Reader, *others: Any, **asked: Any) -> Any:
        threads.append(threading.current_thread().name)
        return read(self, *others, **asked)

    monkeypatch.setattr(Reader, "predict_digits", note)
    dots = np.full((160, 160), 255, np.uint8)
    dots[4:-4:8, 4:-4:8] = 0
    data = encoded(Image.fromarray(dots))
    assert _run(_engine(model).predict_digit(data)) == Reader(model).predict_digit(data)
    assert threads[0] == "MainThread"
    assert threads[1].startswith("inkdigits-reader")


def test_a_batch_that_was_given_up_stops(model: Model) -> None:
    slow = Slow(model)
    engine = _engine(slow, limits=EngineLimits(request_s=0.1))

    async def main() -> None:
        with pytest.raises(DeadlineExceeded):
            await engine.predict_batch([png("3")] * 64)
        slow.go.set()
        await _until(lambda: engine.in_flight == 0)
        assert slow.asked == 1

    _run(main())


def test_who_waits_while_it_closes_is_told(model: Model) -> None:
    slow = Slow(model)
    engine = _engine(slow, limits=EngineLimits(threads=1))

    async def main() -> None:
        asked = [asyncio.create_task(engine.predict_digit(LARGE)) for _ in range(2)]
        await _until(lambda: slow.asked == 1)
        engine.close()
        slow.go.set()
        ends = await asyncio.gather(*asked, return_exceptions=True)
        assert (ends[0].digit, type(ends[1])) == ("3", Draining)
        await _until(lambda: engine.in_flight == 0)

    _run(main())


@pytest.mark.parametrize("data", [png("3"), LARGE], ids=["small", "large"])
def test_what_is_asked_reaches_the_reader_in_both_lanes(model: Model, data: bytes) -> None:
    side = 1190 if data is LARGE else 150
    engine, reader, part = _engine(model), Reader(model), Box(5, 5, side, side)
    asked = Expected(1, 1, allowed="12", box=part)
    read = _run(engine.predict_digit(data, expected=asked))
    assert read == reader.predict_digit(data, expected=asked)
    assert _run(engine.predict_number(data, asked)) == reader.predict_number(data, asked)
    assert _run(engine.predict_batch([data], expected=asked)) == [read]


def test_a_batch_of_numbers_has_a_result_or_an_error_a_picture_in_order(model: Model) -> None:
    seen: list[Observation] = []
    engine = Engine({"tiny": Reader(model)}, observe=seen.append)
    pictures = [png("3"), b"8BPS", blank_png(), LARGE]
    results = _run(engine.predict_numbers(pictures, expected=Expected(1, 1)))
    kinds = [type(result) for result in results]
    assert kinds == [NumberPrediction, UnsupportedImage, BlankImage, NumberPrediction]
    assert results[0] == Reader(model).predict_number(png("3"), Expected(1, 1))
    assert [one.code for one in seen] == [None, "unsupported-image", "blank-image", None]
    with pytest.raises(BatchTooLarge):
        _run(engine.predict_numbers([b""] * 65))
