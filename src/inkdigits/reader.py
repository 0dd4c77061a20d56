"""The line, composed: the bytes of a picture in, a prediction out."""

import time
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from inkdigits.decision.expected import Expected
from inkdigits.decision.number import NumberPrediction
from inkdigits.decision.prediction import Hint, Prediction
from inkdigits.decision.reject import Policy, decide
from inkdigits.errors import BlankImage, SampleError
from inkdigits.image.classic import classic_sample
from inkdigits.image.decode import DRAFT_SIDE, decode_scaled
from inkdigits.image.limits import ImageLimits
from inkdigits.image.line import image_to_sample
from inkdigits.image.number_ink import find_number_ink
from inkdigits.image.rows import find_rows
from inkdigits.model.base import Model
from inkdigits.number_reader import NumberModels, number_models, read_rows
from inkdigits.sample import Box, Image, Sample, Samples, check_samples

NUMBER_DRAFT_SIDE = 2_000
"""Px of a JPEG's longest side that are kept for a number: twice what one digit needs."""

HINT_PIXELS = 200_000
"""Of a picture in which several digits are looked for when it shows no digit: some ms at most."""
_HINT_CONFIDENCE = 0.5


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
        sample, box = self._prepare(image, scale, times)
        start_s = time.perf_counter()
        prediction = decide(self.model.logits(sample[np.newaxis])[0], self.policy, box)
        if not prediction.accepted and image.shape[0] * image.shape[1] <= HINT_PIXELS:
            prediction = replace(prediction, hint=self._hint(image))
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
        return self._prepare(*self._decode(data, times), times)

    def _decode(
        self, data: bytes, times: StageTimes, draft_side: int = DRAFT_SIDE
    ) -> tuple[Image, int]:
        start_s = time.perf_counter()
        decoded = decode_scaled(data, self.limits, draft_side)
        times.decode_s = time.perf_counter() - start_s
        return decoded

    def _prepare(self, image: Image, scale: int, times: StageTimes) -> tuple[Sample, Box | None]:
        start_s = time.perf_counter()
        if self.model.card.preprocessing == "classic":
            sample, box = classic_sample(image), None
        else:
            sample, found = image_to_sample(image)
            box = found.scaled(scale)
        times.line_s = time.perf_counter() - start_s
        return sample, box

    def _hint(self, image: Image) -> Hint | None:
        """Tell whether a picture, in which no digit was found, shows several."""
        try:
            rows = find_rows(find_number_ink(image))
        except BlankImage:
            return None
        if not rows:
            return None
        read = read_rows(rows, self.numbers, Expected(), 1.0)
        several = len(read.number or "") > 1 and read.confidence >= _HINT_CONFIDENCE
        return "several_digits" if several else None


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
