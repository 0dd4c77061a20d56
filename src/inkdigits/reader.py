"""The line, composed: the bytes of a picture in, a prediction out."""

import os
import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, TypeVar

import numpy as np

from inkdigits.budget import DIGIT, NUMBER, Budget
from inkdigits.decision.expected import Expected
from inkdigits.decision.number import NumberPrediction
from inkdigits.decision.prediction import ModelName, Prediction
from inkdigits.decision.reject import Policy, call_none, decide
from inkdigits.errors import (
    DeadlineExceeded,
    ImageError,
    InkdigitsError,
    Mismatch,
    SampleError,
    TooComplex,
)
from inkdigits.files.decode import DRAFT_SIDE, decode_scaled
from inkdigits.files.limits import ImageLimits
from inkdigits.files.picture import Page, Picture
from inkdigits.image.classic import classic_sample
from inkdigits.image.stages import Stages, walk_lines
from inkdigits.model.base import Model
from inkdigits.model.loading import load_model
from inkdigits.number_reader import NumberModels, number_models, read_if_simple, read_number
from inkdigits.outcome import or_raise
from inkdigits.sample import CLASSES, Box, Image, Logits, Sample, Samples, check_samples

NUMBER_DRAFT_SIDE = 2_000
"""Px of the longest side that are kept for a number: twice what one digit needs."""
HINT_PIXELS = 200_000
"""Of a picture in which several digits are looked for when it shows no digit: some ms at most."""
SEVERAL_PIXELS = 2_000_000
"""The same where something that may be a character, too, was left out: it may be a number."""
HINT_STEPS = 20_000
"""Of a budget, to begin looking for several digits with."""
SEVERAL = 0.99
"""Probability that a picture shows several digits where one is sure and another was left out: so
did each one of those that were looked at, drawn and real."""
_HINT_CONFIDENCE = 0.7
"""Of the number that it is, below which the one digit stands."""

Result = Prediction | InkdigitsError
"""Of one of several pictures: what it shows, or why it cannot be read."""
_Read = TypeVar("_Read", Prediction, NumberPrediction, Result)


@dataclass(slots=True)
class StageTimes:
    """How long the stages of one picture took, s; 0 for a stage that was not finished."""

    decode_s: float = 0.0
    line_s: float = 0.0
    model_s: float = 0.0


@dataclass(frozen=True, slots=True)
class _Decoded:
    image: Image
    scale: float


@dataclass(frozen=True, slots=True)
class _Found:
    sample: Sample
    box: Box | None
    others: bool = False  # that may be characters, too


class Reader:
    """Reads digits with one model. Holds no state, so threads may share it.

    Args:
        model: from `load_model`, or what that takes: a shipped name or a path. Its card says
            how pictures are prepared: by the image line, or by the classic plain resize.
        policy: temperature and thresholds; from the model's card when left out.
        limits: bounds for one picture.
    """

    def __init__(
        self,
        model: Model | str | os.PathLike[str] = "cnn",
        policy: Policy | None = None,
        limits: ImageLimits | None = None,
    ) -> None:
        model = load_model(model) if isinstance(model, str | os.PathLike) else model
        card = model.card
        self.model = model
        self.name = ModelName(card.name, card.version)
        self.policy = policy or Policy(card.temperature, card.min_confidence, card.max_not_a_digit)
        self.limits = limits or ImageLimits()

    def predict_digit(
        self,
        picture: Picture,
        times: StageTimes | None = None,
        budget: Budget | None = None,
        expected: Expected = Expected(),
    ) -> Prediction:
        """Read the one digit of a picture.

        Args:
            picture: bytes of a file, or anything else that `files.picture.TAKEN` names.
            times: is filled in, as far as the picture gets.
            budget: what it may cost; that of one digit where None.
            expected: says which digits are allowed, and which part of the picture is read.

        Returns:
            The prediction, with the box of the glyph in px of the whole upright picture.

        Raises:
            ImageError: not readable, not allowed, too large, too complex, or nothing is drawn.
            Mismatch: the part leaves the picture.
            DeadlineExceeded: the budget says that nobody waits any more.
        """
        all_times = [times] if times else None
        return or_raise(self.predict_digits([picture], all_times, budget, expected)[0])

    def predict_digits(
        self,
        pictures: Sequence[Picture],
        times: Sequence[StageTimes] | None = None,
        budget: Budget | None = None,
        expected: Expected = Expected(),
    ) -> list[Result]:
        """Read the one digit of each of several pictures, stage by stage.

        That is faster than one picture after the other, and the answers are the same.

        Args:
            pictures: each as of `predict_digit`.
            times: one a picture; filled in, as far as the picture gets.
            budget: what each of them may cost; that of one digit where None.
            expected: of each, as of `predict_digit`.

        Returns:
            For each picture, in their order, a prediction or the error of `predict_digit`.

        Raises:
            BrokenModel: the model's answer has another shape than its card says, or is not finite.
            DeadlineExceeded: as of `predict_digit`.
        """
        times, budget = times or [StageTimes() for _ in pictures], budget or Budget(DIGIT)
        part, allowed = expected.box, expected.allowed
        decoded = [self._decode(*one, budget, part) for one in zip(pictures, times, strict=True)]
        found = self._find(decoded, times, budget)
        samples = [one.sample for one in found if isinstance(one, _Found)]
        if not samples:
            return [one for one in found if isinstance(one, InkdigitsError)]
        start_s = time.perf_counter()
        rows = iter(self.model.logits(np.stack(samples)))
        results: list[Result] = [
            one
            if isinstance(one, InkdigitsError)
            else self.decide(next(rows), one.box and one.box.scaled(1, part), allowed)
            for one in found
        ]
        results = [
            self._with_hint(*one, budget) for one in zip(results, found, decoded, strict=True)
        ]
        each_s = (time.perf_counter() - start_s) / len(samples)
        for one, its in zip(found, times, strict=True):
            its.model_s = each_s if isinstance(one, _Found) else 0.0
        return [of_page(*one) for one in zip(results, pictures, strict=True)]

    @cached_property
    def numbers(self) -> NumberModels:
        """What reads the rows of a number, loaded when the first one is asked for."""
        return number_models(self.model, self.policy)

    def predict_number(
        self,
        picture: Picture,
        expected: Expected = Expected(),
        times: StageTimes | None = None,
        budget: Budget | None = None,
    ) -> NumberPrediction:
        """Read all digits of a picture: a number, or several in lines.

        Pictures are prepared by the image line, whatever the model's card says.

        Args:
            picture: bytes of a file, or anything else that `files.picture.TAKEN` names.
            expected: what each line is known to hold, and the part of the picture that is read.
            times: is filled in, as far as the picture gets.
            budget: what it may cost; that of a page of numbers where None.

        Returns:
            The prediction, with boxes in px of the whole upright picture.

        Raises:
            ImageError: not readable, not allowed, too large, too complex, or nothing is drawn.
            Mismatch: the part leaves the picture.
            DeadlineExceeded: the budget says that nobody waits any more.
        """
        times, budget = times or StageTimes(), budget or Budget(NUMBER)
        decoded = or_raise(self._decode(picture, times, budget, expected.box, NUMBER_DRAFT_SIDE))
        budget.check()
        start_s = time.perf_counter()
        prediction = read_number(decoded.image, self.numbers, expected, decoded.scale, budget)
        times.model_s = time.perf_counter() - start_s
        line = self.numbers.line.card
        beside = ModelName(line.name, line.version)
        prediction = replace(prediction, model=self.name, line_reader=beside)
        return of_page(prediction, picture)

    def predict_numbers(
        self,
        pictures: Sequence[Picture],
        times: Sequence[StageTimes],
        budget: Budget,
        expected: Expected = Expected(),
    ) -> list[NumberPrediction | InkdigitsError]:
        """Read all digits of each of several pictures: a prediction or what is wrong with it."""
        results: list[NumberPrediction | InkdigitsError] = []
        for picture, its in zip(pictures, times, strict=True):
            try:
                results.append(self.predict_number(picture, expected, its, budget.renewed()))
            except (ImageError, Mismatch) as error:
                results.append(error.with_traceback(None))  # which holds the data
        return results

    def predict_sample(self, sample: Sample) -> Prediction:
        """Read one sample: (28, 28) or (784,), 0 paper to 1 ink.

        Raises:
            SampleError: this is not one sample.
        """
        return self.predict_samples(_one_sample(sample))[0]

    def predict_samples(self, samples: Samples) -> list[Prediction]:
        """Read a batch of samples in one go, which is far cheaper than one by one.

        Args:
            samples: (N, 28, 28) or any shape that `check_samples` takes; N may be 0.

        Returns:
            One prediction a sample, in their order, without boxes.

        Raises:
            SampleError: these are no samples.
        """
        rows = self.model.logits(check_samples(samples))
        return [self.decide(row) for row in rows]

    def decide(
        self, row: Logits, box: Box | None = None, allowed: Collection[str] = CLASSES
    ) -> Prediction:
        """Say what one row of this model's answer means: `decision.reject.decide`."""
        return decide(row, self.policy, box, allowed, self.name)

    def find_sample(self, picture: Picture) -> tuple[Sample, Box | None]:
        """Prepare a picture for the model, the way the model's card says.

        Args:
            picture: bytes of a file, or anything else that `files.picture.TAKEN` names.

        Returns:
            The sample, (28, 28), 0 paper to 1 ink; and the glyph's box, None for the
            classic preprocessing, which looks for none.

        Raises:
            ImageError: not readable, not allowed, too large, or nothing is drawn.
        """
        times, budget = StageTimes(), Budget(DIGIT)
        found = or_raise(self._find([self._decode(picture, times, budget)], [times], budget)[0])
        return found.sample, found.box

    def _decode(
        self,
        picture: Picture,
        times: StageTimes,
        budget: Budget,
        part: Box | None = None,
        draft_side: int = DRAFT_SIDE,
    ) -> "_Decoded | InkdigitsError":
        start_s = time.perf_counter()
        try:
            made = decode_scaled(picture, self.limits, draft_side, part, budget.given_up)
            decoded = _Decoded(*made)
        except DeadlineExceeded:
            raise
        except InkdigitsError as error:
            return error.with_traceback(None)  # which holds the data
        times.decode_s = time.perf_counter() - start_s
        return decoded

    def _find(
        self,
        decoded: "Sequence[_Decoded | InkdigitsError]",
        times: Sequence[StageTimes],
        budget: Budget,
    ) -> "list[_Found | InkdigitsError]":
        start_s = time.perf_counter()
        images = [one.image for one in decoded if isinstance(one, _Decoded)]
        walked: Iterator[Sample | Stages | ImageError]
        if self.model.card.preprocessing == "classic":
            walked = (classic_sample(image) for image in images)
        else:
            walked = iter(walk_lines(images, budget))
        found = [
            one if isinstance(one, InkdigitsError) else _placed(next(walked), one.scale)
            for one in decoded
        ]
        each_s = (time.perf_counter() - start_s) / max(1, len(images))
        for one, its in zip(found, times, strict=True):
            its.line_s = each_s if isinstance(one, _Found) else 0.0
        return found

    def _with_hint(
        self,
        result: Result,
        found: _Found | InkdigitsError,
        decoded: _Decoded | InkdigitsError,
        budget: Budget,
    ) -> Result:
        """Say so where a picture shows several digits; what is cheap is read for it."""
        if not (isinstance(result, Prediction) and isinstance(found, _Found)):
            return result
        share, image = 0.0, or_raise(decoded).image
        if found.others and result.digit is not None:
            share = SEVERAL
        pixels = image.shape[0] * image.shape[1]
        if result.accepted is False and pixels <= (SEVERAL_PIXELS if found.others else HINT_PIXELS):
            budget = budget.renewed()
            try:
                budget.spend(HINT_STEPS)
            except TooComplex as error:  # where others wait for it
                return error.with_traceback(None)
            with suppress(TooComplex):
                read = read_if_simple(image, self.numbers, budget)
                if read is not None:
                    is_number = len(read.number or "") > 1 and read.confidence >= _HINT_CONFIDENCE
                    share = read.confidence if is_number else 0.0
        return call_none(result, share, "several_digits") if share else result


def predict_image(model: Model, image: Any) -> str:
    """Read one digit, as the classic system does: always an answer, however unsure.

    Args:
        model: from `load_model`.
        image: a sample (28, 28) or the 784 values in a row, 0 paper to 1 ink, or uint8 to 255;
            or the bytes, the path, or an open file of a picture.

    Returns:
        "0" to "9": the best digit.

    Raises:
        SampleError: the array is not one sample.
        ImageError: the bytes are no picture that can be read, or nothing is drawn.
    """
    reader = Reader(model)
    if isinstance(image, bytes | bytearray | memoryview | str | os.PathLike) or hasattr(
        image, "read"
    ):
        prediction = reader.predict_digit(image)
    else:
        prediction = reader.predict_sample(image)
    return prediction.alternatives[0].digit


def of_page(result: _Read, picture: Picture) -> _Read:
    """Name the page that a prediction is of, where one was asked for."""
    if not isinstance(picture, Page) or isinstance(result, InkdigitsError):
        return result
    return replace(result, page=picture.number)


def _placed(walked: Sample | Stages | ImageError, scale: float) -> _Found | ImageError:
    if isinstance(walked, ImageError):
        return walked
    if isinstance(walked, Stages):
        return _Found(walked.sample, walked.box.scaled(scale), walked.glyph.others)
    return _Found(walked, None)


def _one_sample(values: Any) -> Samples:
    samples = check_samples(values)
    if len(samples) != 1:
        raise SampleError(f"{len(samples)} samples", "one")
    return samples
