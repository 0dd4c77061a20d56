"""A reader, its prediction or its error → what there is to observe of one picture."""

from dataclasses import dataclass

from inkdigits.decision.number import NumberPrediction
from inkdigits.decision.prediction import Prediction
from inkdigits.errors import InkdigitsError
from inkdigits.reader import StageTimes

_NUMBER = "number"  # not the number itself: a picture's content is nobody's metric


@dataclass(frozen=True, slots=True)
class Observation:
    """One picture that was read, or was not: for metrics. It holds nothing of the picture.

    Attributes:
        model: the name on the card.
        digit: "0" to "9", or "number"; None for what is neither, and for errors.
        accepted: whether the answer is sure enough; False where nobody can say, and for errors.
        reason: why it was not accepted; None for errors.
        confidence: calibrated probability of what is answered; 0.0 for errors.
        decode_s: time of decoding. A stage that was not reached took 0 seconds.
        line_s: time from the image to the sample.
        model_s: time of the model and the decision.
        code: of the error; None where there is a prediction.
    """

    model: str
    digit: str | None = None
    accepted: bool = False
    reason: str | None = None
    confidence: float = 0.0
    decode_s: float = 0.0
    line_s: float = 0.0
    model_s: float = 0.0
    code: str | None = None


def observe_result(
    model: str, result: Prediction | NumberPrediction | InkdigitsError, times: StageTimes
) -> Observation:
    """Note what became of one picture.

    Args:
        model: the name on the card.
        result: the prediction, or what was raised instead.
        times: how long the stages took.
    """
    decode_s, line_s, model_s = times.decode_s, times.line_s, times.model_s
    if isinstance(result, InkdigitsError):
        code = result.code
        return Observation(model, decode_s=decode_s, line_s=line_s, model_s=model_s, code=code)
    digit = result.digit if isinstance(result, Prediction) else _NUMBER * bool(result.number)
    answer = (digit or None, bool(result.accepted), result.reason, result.confidence)
    return Observation(model, *answer, decode_s, line_s, model_s)
