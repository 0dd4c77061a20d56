"""The line, composed: the bytes of a picture in, a prediction out."""

import time
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from inkdigits.decision.expected import Expected
from inkdigits.decision.number import NumberPrediction
from inkdigits.decision.prediction import Prediction
from inkdigits.decision.reject import Policy, decide
from inkdigits.errors import BlankImage, SampleError
from inkdigits.image.classic import classic_sample
from inkdigits.image.decode import DRAFT_SIDE, decode_scaled
from inkdigits.image.limits import ImageLimits
from inkdigits.image.number_ink import find_number_ink
from inkdigits.image.rows import find_rows
from inkdigits.image.stages import walk_line
from inkdigits.model.base import Model
from inkdigits.number_reader import NumberModels, number_models, read_rows
from inkdigits.sample import Box, Image, Sample, Samples, check_samples

NUMBER_DRAFT_SIDE = 2_000
"""Px of a JPEG's longest side that are kept for a number: twice what one digit needs."""

HINT_PIXELS = 200_000
"""Of a picture in which several digits are looked for when it shows no digit: some ms at most."""
SEVERAL_PIXELS = 4_000_000
"""The same where something as tall stands beside the digit: it may be one of a number."""
_HINT_CONFIDENCE = 0.7
"""Of the number that it is, below which the one digit stands."""


@dataclass(slots=True)
class StageTimes:
    """How long the stages of one picture took, s; 0 for a stage that was not finished."""

    decode_s: float = 0.0
    line_s: float = 0.0
    model_s: float = 0.0


class Reader:
    """Reads digits with one model. Holds no state, so threads may share it.

    Args:
        model: from `load_model`. Its card says how pictures are prepared: by the image
            line, or by the classic plain resize.
        policy: temperature and thresholds; from the model's card when left out.
        limits: bounds for one picture.
    """

    def __init__(
        self, model: Model, policy: Policy | None = None, limits: ImageLimits | None = None
    ) -> None:
        card = model.card
        self.model = model
        self.policy = policy or Policy(card.temperature, card.min_confidence, card.max_not_a_digit)
        self.limits = limits or ImageLimits()

    def predict_digit(self, data: bytes, times: StageTimes | None = None) -> Prediction:
        """Read the one digit of a picture.

        Args:
            data: a whole JPEG or PNG file.
            times: is filled in, as far as the picture gets.

        Returns:
            The prediction, with the box of the glyph in px of the upright picture.

        Raises:
            ImageError: not readable, not allowed, too large, or nothing is drawn.
        """
        times = times or StageTimes()
        image, scale = self._decode(data, times)
        sample, box, beside = self._prepare(image, scale, times)
        start_s = time.perf_counter()
        prediction = decide(self.model.logits(sample[np.newaxis])[0], self.policy, box)
        worth = SEVERAL_PIXELS if beside else HINT_PIXELS * (not prediction.accepted)
        if image.shape[0] * image.shape[1] <= worth:
            prediction = self._with_hint(prediction, image)
        times.model_s = time.perf_counter() - start_s
        return prediction

    @cached_property
    def numbers(self) -> NumberModels:
        """What reads the rows of a number, loaded when the first one is asked for."""
        return number_models(self.model, self.policy.temperature)

    def predict_number(
        self, data: bytes, expected: Expected = Expected(), times: StageTimes | None = None
    ) -> NumberPrediction:
        """Read all digits of a picture: a number, or several in lines.

        Pictures are prepared by the image line, whatever the model's card says.

        Args:
            data: a whole JPEG or PNG file.
            expected: what each line is known to hold.
            times: is filled in, as far as the picture gets.

        Returns:
            The prediction, with boxes in px of the upright picture.

        Raises:
            ImageError: not readable, not allowed, too large, or nothing is drawn.
        """
        times = times or StageTimes()
        image, reduced = self._decode(data, times, NUMBER_DRAFT_SIDE)
        decoded_s = time.perf_counter()
        ink = find_number_ink(image)
        rows = find_rows(ink)
        found_s = time.perf_counter()
        times.line_s = found_s - decoded_s
        if not rows:
            raise BlankImage
        scale = reduced * image.shape[1] / ink.shape[1]
        prediction = read_rows(rows, self.numbers, expected, scale)
        times.model_s = time.perf_counter() - found_s
        return prediction

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
        return [decide(row, self.policy) for row in self.model.logits(check_samples(samples))]

    def find_sample(
        self, data: bytes, times: StageTimes | None = None
    ) -> tuple[Sample, Box | None]:
        """Prepare a picture for the model, the way the model's card says.

        Args:
            data: a whole JPEG or PNG file.
            times: is filled in, as far as the picture gets.

        Returns:
            The sample, (28, 28), 0 paper to 1 ink; and the glyph's box, None for the
            classic preprocessing, which looks for none.

        Raises:
            ImageError: not readable, not allowed, too large, or nothing is drawn.
        """
        times = times or StageTimes()
        return self._prepare(*self._decode(data, times), times)[:2]

    def _decode(
        self, data: bytes, times: StageTimes, draft_side: int = DRAFT_SIDE
    ) -> tuple[Image, int]:
        start_s = time.perf_counter()
        decoded = decode_scaled(data, self.limits, draft_side)
        times.decode_s = time.perf_counter() - start_s
        return decoded

    def _prepare(
        self, image: Image, scale: int, times: StageTimes
    ) -> tuple[Sample, Box | None, int]:
        """Give the sample, the glyph's box, and how many others stand beside it."""
        start_s = time.perf_counter()
        if self.model.card.preprocessing == "classic":
            sample, box, beside = classic_sample(image), None, 0
        else:
            stages = walk_line(image)
            sample, beside = stages.sample, stages.glyph.beside
            box = stages.box.scaled(scale)
        times.line_s = time.perf_counter() - start_s
        return sample, box, beside

    def _with_hint(self, prediction: Prediction, image: Image) -> Prediction:
        """Say so where a picture shows several digits: then it is not one."""
        try:
            rows = find_rows(find_number_ink(image))
        except BlankImage:
            return prediction
        read = read_rows(rows, self.numbers, Expected(), 1.0) if rows else None
        if read is None or len(read.number or "") < 2 or read.confidence < _HINT_CONFIDENCE:
            return prediction
        return replace(
            prediction,
            digit=None,
            accepted=False,
            reason="not_a_digit",
            not_a_digit=max(prediction.not_a_digit, read.confidence),
            hint="several_digits",
        )


def predict_image(model: Model, image: Any) -> str:
    """Read one digit, as the classic system does: always an answer, however unsure.

    Args:
        model: from `load_model`.
        image: a sample (28, 28), the 784 values in a row, 0 paper to 1 ink; or the
            bytes of a JPEG or PNG picture.

    Returns:
        "0" to "9": the best digit.

    Raises:
        SampleError: the array is not one sample.
        ImageError: the bytes are no picture that can be read, or nothing is drawn.
    """
    reader = Reader(model)
    if isinstance(image, bytes | bytearray | memoryview):
        prediction = reader.predict_digit(bytes(image))
    else:
        prediction = reader.predict_sample(image)
    return prediction.alternatives[0].digit


def _one_sample(values: Any) -> Samples:
    samples = check_samples(values)
    if len(samples) != 1:
        raise SampleError(f"{len(samples)} samples", "one")
    return samples
