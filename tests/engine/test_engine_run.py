"""Other work than reading, beside the small pictures: bounded like all that is large."""

import asyncio
import threading
from typing import Any

import pytest

from inkdigits.budget import Budget
from inkdigits.engine.engine import Engine, EngineLimits
from inkdigits.errors import DeadlineExceeded, Draining, ModelNotFound, Overloaded
from inkdigits.model.loading import load_model
from inkdigits.reader import Reader
from tests.patience import PATIENCE_S
from tests.tiny import png, write_model


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    return Reader(load_model(write_model(tmp_path_factory.mktemp("models") / "tiny.onnx")))


def test_the_reader_is_handed_over_in_a_thread(reader: Reader) -> None:
    engine = Engine({"tiny": reader})
    found = asyncio.run(engine.run(lambda one, _: (one, threading.current_thread().name)))
    assert found[0] is reader
    assert found[1].startswith("inkdigits-reader")


def test_what_it_raises_comes_through_and_its_slot_is_free_again(reader: Reader) -> None:
    engine = Engine({"tiny": reader}, EngineLimits(threads=1))

    def fail(_: Reader, __: Budget) -> None:
        raise ZeroDivisionError

    async def twice() -> Any:
        with pytest.raises(ZeroDivisionError):
            await engine.run(fail)
        return await engine.run(lambda one, _: one.predict_digit(png("5")).digit)

    assert asyncio.run(twice()) == "5"


def test_it_holds_up_no_small_picture_and_is_refused_when_too_many_wait(reader: Reader) -> None:
    engine, go = Engine({"tiny": reader}, EngineLimits(threads=1, waiting_large=1)), []

    async def check() -> None:
        release = threading.Event()
        try:
            go.extend(
                asyncio.create_task(engine.run(lambda *_: release.wait(PATIENCE_S))) for _ in "ab"
            )
            await asyncio.sleep(0)
            with pytest.raises(Overloaded):
                await engine.run(lambda *_: None)
            assert (await engine.predict_digit(png("3"))).digit == "3"
        finally:
            release.set()
        assert await asyncio.gather(*go) == [True, True]

    asyncio.run(check())


def test_it_is_given_up_in_time_and_refused_for_what_is_not_there(reader: Reader) -> None:
    engine, release = Engine({"tiny": reader}, EngineLimits(request_s=0.05)), threading.Event()

    async def check() -> None:
        with pytest.raises(ModelNotFound):
            await engine.run(lambda *_: None, "none")
        with pytest.raises(DeadlineExceeded):
            await engine.run(lambda *_: release.wait(PATIENCE_S))
        release.set()
        engine.close()
        with pytest.raises(Draining):
            await engine.run(lambda *_: None)

    asyncio.run(check())
