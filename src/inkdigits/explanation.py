"""A picture and its reader in → the prediction, and why: every stage and what carried it, out."""

from dataclasses import dataclass, replace

from inkdigits.budget import DIGIT, Budget
from inkdigits.decision.expected import Expected
from inkdigits.decision.prediction import Prediction
from inkdigits.files.decode import decode_scaled
from inkdigits.files.picture import Picture
from inkdigits.image.classic import classic_sample
from inkdigits.image.stages import Stages, walk_line
from inkdigits.model.card import Card
from inkdigits.model.occlusion import Map, map_occlusion
from inkdigits.reader import Reader, of_page
from inkdigits.sample import CLASSES, Image, Sample

CLASSIC = "mlp"
"""The shipped model that stands for the classic system."""


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """What one model made of one sample.

    Attributes:
        sample: float32 (28, 28), what it read.
        prediction: what it said.
    """

    sample: Sample
    prediction: Prediction


@dataclass(frozen=True, slots=True, eq=False)
class Explanation:
    """Why a picture was read as it was.

    Attributes:
        image: the upright picture, uint8, as it was decoded.
        reading: the prediction, and the sample that it was made of.
        stages: what the line saw on the way; None for a model with the classic preprocessing.
        occlusion: how much each pixel of the sample carried the decision, see `map_occlusion`.
        classic: the same picture as the classic system reads it: resized as a whole; None
            where its model is not at hand.
    """

    image: Image
    reading: Reading
    stages: Stages | None
    occlusion: Map
    classic: Reading | None


def explain(
    picture: Picture,
    reader: Reader,
    classic: Reader | None = None,
    budget: Budget | None = None,
    expected: Expected = Expected(),
) -> Explanation:
    """Read the one digit of a picture, and keep everything on the way.

    The image, the stages and the sample are those that `Reader.predict_digit` makes, by the
    same functions; the prediction is its own.

    Args:
        picture: as of `Reader.predict_digit`.
        reader: whose answer is to be explained.
        classic: reads it the classic way, for comparison, whatever its card says.
        budget: what it may cost; that of one digit where None.
        expected: as of `Reader.predict_digit`.

    Returns:
        The explanation. What it explains is the digit, or, if the model knows that, that there
        is none.

    Raises:
        ImageError: not readable, not allowed, too large, too complex, or nothing is drawn.
        Mismatch: the expected part leaves the picture.
    """
    budget = budget or Budget(DIGIT)
    image, scale = decode_scaled(picture, reader.limits, box=expected.box, given_up=budget.given_up)
    stages = None if reader.model.card.preprocessing == "classic" else walk_line(image, budget)
    sample = classic_sample(image) if stages is None else stages.sample
    said = reader.predict_digit(image, budget=budget, expected=replace(expected, box=None))
    box = said.box and said.box.scaled(scale, expected.box)
    prediction = of_page(replace(said, box=box), picture)
    budget.check()
    occlusion = map_occlusion(reader.model, sample, _explained_class(prediction, reader.model.card))
    beside = None if classic is None else _read_classic(image, classic)
    return Explanation(image, Reading(sample, prediction), stages, occlusion, beside)


def _read_classic(image: Image, classic: Reader) -> Reading:
    sample = classic_sample(image)
    return Reading(sample, classic.predict_sample(sample))


def _explained_class(prediction: Prediction, card: Card) -> int:
    """The best digit; the eleventh class, if there is one, where the answer is that it is none."""
    if prediction.digit is None and card.classes > len(CLASSES):
        return len(CLASSES)
    return CLASSES.index(prediction.alternatives[0].digit)
