"""Explanations in, plain dictionaries out: numbers, and small pictures as data URIs."""

from base64 import b64encode
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inkdigits.decision.fields import fields_of
from inkdigits.explanation import Explanation, Reading
from inkdigits.image.stages import Stages
from inkdigits.image.thumbnail import thumbnail
from inkdigits.sample import Image, Ink

PICTURE_SIDE = 160
"""px: the longest side of a stage's picture."""
_DECIMALS = 4  # a sample has 256 grey levels


def explanation_fields(explanation: Explanation) -> dict[str, Any]:
    """Lay an explanation out the way it is answered.

    Args:
        explanation: of one picture.

    Returns:
        The fields of `POST /explain`, ready for JSON.
    """
    reading, classic = explanation.reading, explanation.classic
    return {
        "prediction": reading.prediction.to_dict(),
        "image": picture_fields(explanation.image),
        **_stage_fields(explanation.stages),
        "sample": _sample_fields(reading),
        "occlusion": _rounded(explanation.occlusion),
        "classic": classic
        and {"prediction": classic.prediction.to_dict(), "sample": _sample_fields(classic)},
    }


def picture_fields(picture: Image | Ink) -> dict[str, Any]:
    """Lay out one picture: its own size, and what it looks like.

    Args:
        picture: as `thumbnail` takes it.

    Returns:
        `width` and `height` of the picture itself, and `png`, a data URI of it, reduced to
        `PICTURE_SIDE` px where it is larger.
    """
    height, width = picture.shape[:2]
    png = b64encode(thumbnail(picture, PICTURE_SIDE)).decode("ascii")
    return {"width": width, "height": height, "png": f"data:image/png;base64,{png}"}


def _stage_fields(stages: Stages | None) -> dict[str, Any]:
    if stages is None:
        return dict.fromkeys(("ink", "glyph", "matched"))
    return {
        "ink": picture_fields(stages.ink),
        "glyph": {**picture_fields(stages.glyph.ink), "box": fields_of(stages.glyph.box)},
        "matched": picture_fields(stages.matched),
    }


def _sample_fields(reading: Reading) -> dict[str, Any]:
    return {**picture_fields(reading.sample), "values": _rounded(reading.sample)}


def _rounded(values: NDArray[np.float32]) -> list[list[float]]:
    rounded: list[list[float]] = np.round(values.astype(np.float64), _DECIMALS).tolist()
    return rounded
