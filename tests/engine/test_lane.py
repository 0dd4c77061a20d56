"""The lane with the tiny model, and with readers that note what they are asked."""

import asyncio
from collections.abc import Coroutine, Sequence
from pathlib import Path
from typing import Any

import pytest

from inkdigits.budget import Budget
from inkdigits.decision.expected import Expected
from inkdigits.engine.lane import TOGETHER, Lane, Waiting
from inkdigits.errors import BlankImage, DeadlineExceeded, Overloaded, UnsupportedImage
from inkdigits.model.loading import load_model
from inkdigits.reader import Reader, Result, StageTimes
from inkdigits.sample import Box
from tests.patience import PATIENCE_S
from tests.tiny import blank_png, png, write_model

LONG_S = PATIENCE_S


class Noting(Reader):
    """Notes how many pictures it is asked to read together; fails on b"fail", alone or not."""

    asked: list[int]

    def predict_digits(
        self,
        pictures: Sequence[bytes],
        times: Sequence[StageTimes] | None = None,
        budget: Budget | None = None,
        expected: Expected = Expected(),
    ) -> list[Result]:
        self.asked.append(len(pictures))
        if b"fail" in pictures:
            raise ZeroDivisionError
        return super().predict_digits(pictures, times, budget, expected)


@pytest.fixture
def reader(tmp_path: Path) -> Noting:
    reader = Noting(load_model(write_model(tmp_path / "tiny.onnx")))
    reader.asked = []
    return reader


def _run(work: Coroutine[Any, Any, Any]) -> Any:
    return asyncio.run(asyncio.wait_for(work, LONG_S))


async def _read(lane: Lane, pictures: Sequence[bytes], *readers: Reader) -> list[Any]:
    end_s = asyncio.get_running_loop().time() + LONG_S
    asked = [
        lane.read(Waiting(readers[at % len(readers)], data, StageTimes(), end_s))
        for at, data in enumerate(pictures)
    ]
    return await asyncio.gather(*asked, return_exceptions=True)


def test_those_that_come_together_are_read_together(reader: Noting) -> None:
    pictures = [png(str(at % 10)) for at in range(2 * TOGETHER + 1)]
    ends = _run(_read(Lane(100), pictures, reader))
    assert [end.digit for end in ends] == [str(at % 10) for at in range(len(pictures))]
    assert reader.asked == [TOGETHER, TOGETHER, 1]


def test_one_alone_waits_for_nobody(reader: Noting) -> None:
    assert _run(_read(Lane(0), [png("3")], reader))[0].digit == "3"
    assert reader.asked == [1]


def test_each_has_its_own_error(reader: Noting) -> None:
    ends = _run(_read(Lane(9), [png("3"), b"8BPS", blank_png(), png("7")], reader))
    assert [getattr(end, "digit", type(end)) for end in ends] == [
        "3",
        UnsupportedImage,
        BlankImage,
        "7",
    ]


def test_what_fails_together_is_read_alone(reader: Noting) -> None:
    ends = _run(_read(Lane(9), [png("3"), b"fail", png("7")], reader))
    assert [getattr(end, "digit", type(end)) for end in ends] == ["3", ZeroDivisionError, "7"]
    assert reader.asked == [3, 1, 1, 1]


def test_each_reader_gets_its_own(reader: Noting, tmp_path: Path) -> None:
    other = Noting(load_model(write_model(tmp_path / "other.onnx", "other")))
    other.asked = []
    ends = _run(_read(Lane(9), [png(digit) for digit in "1234"], reader, reader, other))
    assert [end.digit for end in ends] == list("1234")
    assert (reader.asked, other.asked) == ([2, 1], [1])


def test_who_comes_when_it_is_full_is_refused_at_once(reader: Noting) -> None:
    lane = Lane(2)
    ends = _run(_read(lane, [png("3")] * 5, reader))
    assert [type(end) for end in ends[3:]] == [Overloaded] * 2
    assert [end.digit for end in ends[:3]] == ["3"] * 3
    assert (lane.refused, lane.waiting) == (2, 0)


def test_a_caller_that_leaves_harms_no_neighbour_and_is_not_read(reader: Noting) -> None:
    lane = Lane(9)

    async def main() -> list[Any]:
        asked = [asyncio.create_task(_read(lane, [png(digit)], reader)) for digit in "123"]
        await asyncio.sleep(0)
        asked[1].cancel()
        return await asyncio.gather(*asked, return_exceptions=True)

    ends = _run(main())
    assert isinstance(ends[1], asyncio.CancelledError)
    assert [ends[at][0].digit for at in (0, 2)] == ["1", "3"]
    assert sum(reader.asked) <= 3
    assert lane.waiting == 0


def test_whose_time_is_over_is_not_read(reader: Noting) -> None:
    async def main() -> list[Any]:
        now = asyncio.get_running_loop().time()
        lane = Lane(9)
        asked = [
            lane.read(Waiting(reader, png("3"), StageTimes(), now + left)) for left in (-1, LONG_S)
        ]
        return await asyncio.gather(*asked, return_exceptions=True)

    late, read = _run(main())
    assert isinstance(late, DeadlineExceeded)
    assert read.digit == "3"
    assert reader.asked == [1]


def test_only_those_who_ask_the_same_are_read_together(reader: Noting) -> None:
    async def read() -> list[Any]:
        end_s = asyncio.get_running_loop().time() + LONG_S
        lane, part = Lane(9), Box(0, 0, 160, 160)
        asked = [Expected(), Expected(), Expected(allowed="3"), Expected(box=part)]
        reading = [lane.read(Waiting(reader, png("3"), StageTimes(), end_s, one)) for one in asked]
        return await asyncio.gather(*reading)

    assert [one.digit for one in _run(read())] == ["3"] * 4
    assert reader.asked == [2, 1, 1]
