"""The wire of `POST /explain`, described: pydantic models for OpenAPI and clients."""

from typing import Annotated

from pydantic import Field

from inkdigits.decision.prediction import Prediction
from inkdigits.sample import SIDE, Box
from inkdigits.service.schemas import Wire

_Row = Annotated[list[float], Field(min_length=SIDE, max_length=SIDE)]
_Grid = Annotated[list[_Row], Field(min_length=SIDE, max_length=SIDE)]


class PictureBody(Wire):
    """One picture on the way from the upload to the sample."""

    width: int = Field(ge=1, description="Of the array that was used, px.")
    height: int = Field(ge=1, description="Of the array that was used, px.")
    png: str = Field(
        description="A data URI, at most 160 px a side. Ink is black on white.",
        examples=["data:image/png;base64,iVBORw0KGgo…"],
    )


class GlyphBody(PictureBody):
    """The one character that was cut out of the ink."""

    box: Box = Field(description="Where it was cut out, in px of `ink`.")


class SampleBody(PictureBody):
    """What a model reads."""

    values: _Grid = Field(description="28 rows of 28 numbers, 0 paper to 1 ink.")


class ClassicBody(Wire):
    """The same picture read the classic way: turned grey, resized to 28×28, read by `mlp`."""

    prediction: Prediction
    sample: SampleBody


class ExplanationBody(Wire):
    """Why a picture was read as it was, stage by stage.

    `ink`, `glyph` and `matched` are null for a model with the classic preprocessing.
    """

    prediction: Prediction
    image: PictureBody = Field(description="The picture as it was decoded, upright.")
    ink: PictureBody | None = Field(description="How much each pixel is drawn on.")
    glyph: GlyphBody | None
    matched: PictureBody | None = Field(description="The glyph with the stroke of MNIST.")
    sample: SampleBody
    occlusion: _Grid = Field(
        description=(
            "Which ink carried the decision: by how much the log-odds of the answer fall (nats) "
            "when the ink around a pixel is wiped. Above 0 it spoke for the answer, below "
            "against it. After Zeiler and Fergus (2014)."
        )
    )
    classic: ClassicBody | None = Field(description="Null where `mlp` is not served.")
