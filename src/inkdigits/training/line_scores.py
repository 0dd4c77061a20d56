"""What a line reader says of the validation strips → temperature and scores for its card."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from inkdigits.decision.calibration import MAX_TEMPERATURE, MIN_TEMPERATURE
from inkdigits.decision.ctc import find_texts, score_texts
from inkdigits.sample import CLASSES

Logits = NDArray[np.float32]
"""Of one strip: float32 (T, 20)."""

_STEPS = 7
_SPAN = 2.0  # the first look is over temperatures from 1/2 to 2; each next one is closer


def log_softmax(logits: Logits, temperature: float = 1.0) -> Logits:
    """Turn logits into log probabilities of each frame."""
    scaled = (logits - logits.max(axis=1, keepdims=True)) / np.float32(temperature)
    return np.asarray(scaled - np.log(np.exp(scaled).sum(axis=1, keepdims=True)), np.float32)


def fit_line_temperature(logits: Sequence[Logits], texts: Sequence[str]) -> float:
    """Find the temperature under which the texts are likeliest, each normalized over its rivals.

    Frames are not independent, so the likelihood of a path says little of a text's. What is
    fitted is what decides: the share of the true text among the likeliest ones. Strips of which
    it is none are left out: they are spoiled, and no temperature can read them.

    Args:
        logits: of each strip.
        texts: what is written on each.

    Returns:
        T, from 0.05 to 20.
    """
    found = [[one for one, _ in find_texts(log_softmax(part))] for part in logits]
    kept = [
        (part, [text, *(one for one in rivals if one != text)])
        for part, text, rivals in zip(logits, texts, found, strict=True)
        if text in rivals
    ]
    best, span = 1.0, _SPAN
    for _ in range(_STEPS):
        tried = [best / span, best, best * span]
        losses = [_loss(kept, temperature) for temperature in tried]
        best, span = tried[int(np.argmin(losses))], span**0.5
    return float(np.clip(best, MIN_TEMPERATURE, MAX_TEMPERATURE))


def score_line(
    logits: Sequence[Logits], texts: Sequence[str], kinds: Sequence[str]
) -> dict[str, float]:
    """Say how good a line reader is.

    Returns:
        Of each kind the share of strips whose digits are read right, and whose whole text is.
    """
    found = [(find_texts(log_softmax(part)) or [("", 0.0)])[0][0] for part in logits]
    whole = np.array([a == b for a, b in zip(found, texts, strict=True)])
    digits = np.array([_digits(a) == _digits(b) for a, b in zip(found, texts, strict=True)])
    scores: dict[str, float] = {}
    for kind in dict.fromkeys(kinds):
        here = np.array([one == kind for one in kinds])
        scores[f"validation/{kind}/digits"] = round(float(digits[here].mean()), 6)
        scores[f"validation/{kind}/text"] = round(float(whole[here].mean()), 6)
    return scores


def _loss(strips: Sequence[tuple[Logits, list[str]]], temperature: float) -> float:
    """Mean negative log share of the true text, which is the first of its rivals, nats."""
    total = 0.0
    for part, texts in strips:
        scores = score_texts(log_softmax(part, temperature), texts)
        total += float(np.logaddexp.reduce(scores) - scores[0])
    return total / max(1, len(strips))


def _digits(text: str) -> str:
    return "".join(symbol for symbol in text if symbol in CLASSES)
